import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { kubeconfigFile } from '../../test/support/kubeconfig-file.ts';
import { staticToken } from '../../test/support/static-token.ts';

const stack = new AsyncDisposableStack();
let gateway: TestGateway;
const as = { token: 'the-token-of-an-administrator-of-two-clusters' };
const developer = { token: 'the-token-of-a-developer-of-the-namespace-shop' };

beforeAll(async () => {
  const [far, closed] = await Promise.all(
    ['far', 'private'].map((name) => startEmbeddedCluster({ name, sample: 'shop', controllers: false })),
  );
  stack.defer(async () => void (await Promise.all([far?.stop(), closed?.stop()])));
  const files = [far, closed].flatMap((cluster) => (cluster ? [kubeconfigFile(cluster)] : []));
  const [ofFar, ofPrivate] = (await Promise.all(files)).map((file) => stack.use(file));
  gateway = stack.use(
    await startTestGateway({
      clusterSpeed: 40,
      settings: {
        embedded: { enabled: true, engines: [] },
        tokens: [
          staticToken('operator', as.token, { roles: ['ADMIN'] }),
          staticToken('developer', developer.token, {
            roles: ['DEVELOPER'],
            namespaces: ['embedded/shop', 'private/shop'],
          }),
        ],
        clusters: [
          { name: 'far', kubeconfig: ofFar?.path },
          { name: 'private', kubeconfig: ofPrivate?.path, profile: 'aks-private' },
        ],
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };

const errors = `... on Error { code message } ... on ValidationError { issues { path code message } }
  ... on InUseError { references { ... on KubernetesObject { kind name } } }
  ... on PreconditionError { reason unacknowledged { code } }`;

async function call(name: string, input: object, fields: string, who = as): Promise<Answer> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errors} } }`;
  const { data, errors: failures } = await gateway.query<Record<string, Answer>>(source, { input }, who);
  expect(failures).toBeUndefined();
  return data?.[name] as Answer;
}

async function read(source: string, who = as): Promise<Record<string, unknown>> {
  const { data, errors: failures } = await gateway.query(source, {}, who);
  expect(failures).toBeUndefined();
  return data as Record<string, unknown>;
}

const place = { clusters: ['embedded'], namespace: 'shop' };
const selector = { labels: [{ key: 'app', value: 'vote' }] };

async function make(name: string, more: object = {}): Promise<string> {
  const input = { ...place, name, type: 'CLUSTER_IP', ports: [{ port: 80 }], selector, ...more };
  const { service } = (await call('createService', input, 'service { id }')) as { service?: { id: string } } & Answer;
  return service?.id ?? '';
}

describe('Services by form', () => {
  it('NET-01, NET-02, NET-04: are previewed with their YAML, made, changed and deleted', async () => {
    const input = {
      ...place,
      name: 'formed',
      type: 'NODE_PORT',
      ports: [{ port: 80, targetPort: 8080 }],
      selector,
      description: 'Front',
      annotations: [{ key: 'team', value: 'shop' }],
    };
    const fields = 'results { cluster ok manifest service { id type yaml ports { name port targetPort nodePort } } }';
    const preview = await call('createService', { ...input, dryRun: true }, fields, developer);
    expect(preview).toMatchObject({
      results: [
        {
          cluster: 'embedded',
          ok: true,
          manifest: { spec: { type: 'NodePort' } },
          service: { type: 'NODE_PORT', yaml: expect.stringContaining('nodePort: ') },
        },
      ],
    });
    const made = await call('createService', input, `service { id type ports { nodePort } }`, developer);
    const { id, ports } = made.service as { id: string; ports: { nodePort: number }[] };
    expect(ports[0]?.nodePort).toBeGreaterThanOrEqual(30_000);
    const again = await call('createService', input, fields);
    expect(again).toMatchObject({ code: 'CONFLICT' });
    const changed = await call(
      'updateService',
      { id, ports: [{ port: 80 }, { port: 81 }], description: '' },
      'service { ports { port targetPort nodePort } yaml } changes { path }',
    );
    expect(changed).toMatchObject({
      service: {
        ports: [
          { port: 80, targetPort: 8080, nodePort: ports[0]?.nodePort },
          { port: 81, targetPort: 81 },
        ],
      },
    });
    expect(String((changed.service as { yaml: string }).yaml)).not.toContain('Front');
    expect(
      await call('updateService', { id, type: 'CLUSTER_IP' }, 'service { type ports { nodePort } }'),
    ).toMatchObject({
      service: { type: 'CLUSTER_IP', ports: [{ nodePort: null }, { nodePort: null }] },
    });
    expect(await call('deleteService', { id }, 'id service { id }')).toMatchObject({ id, service: null });
  });

  it('NET-02: tells what a form or the cluster has against it by the fields of the input (bad input)', async () => {
    const input = { ...place, name: 'Wrong', type: 'EXTERNAL_NAME', ports: [{ port: 70_000 }] };
    expect(await call('createService', input, 'operation { id }')).toMatchObject({
      issues: [{ path: ['externalName'] }, { path: ['ports', '0', 'port'] }, { path: ['name'] }],
    });
    const twice = { ...place, name: 'twice', type: 'CLUSTER_IP', ports: [{ port: 80 }, { port: 80 }], selector };
    expect(await call('createService', twice, 'operation { id }')).toMatchObject({
      issues: [{ path: ['ports', '1'] }],
    });
    expect(await call('createService', { ...twice, clusters: [] }, 'operation { id }')).toMatchObject({
      issues: [{ path: ['clusters'] }],
    });
    expect(await call('createService', { ...twice, clusters: ['nowhere'] }, 'operation { id }')).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('NET-02, NET-11: find their pods by a workload or an application, where these are (refused)', async () => {
    const { workloads } = await read(
      '{ workloads(filter: { cluster: "embedded", namespaces: ["shop"], name: { equals: "vote-front" } }) { nodes { id } } }',
    );
    const workloadId = (workloads as { nodes: { id: string }[] }).nodes[0]?.id;
    const input = { ...place, name: 'by-workload', type: 'CLUSTER_IP', ports: [{ port: 80 }], dryRun: true };
    const fields = 'service { selector { key value } }';
    expect(await call('createService', { ...input, selector: { workloadId } }, fields)).toMatchObject({
      service: { selector: expect.arrayContaining([{ key: 'app.kubernetes.io/component', value: 'front' }]) },
    });
    expect(await call('createService', { ...input, selector: { application: 'shop' } }, fields)).toMatchObject({
      service: { selector: [{ key: 'app.kubernetes.io/name', value: 'shop' }] },
    });
    const elsewhere = { ...input, namespace: 'default', selector: { workloadId } };
    expect(await call('createService', elsewhere, fields)).toMatchObject({
      issues: [{ path: ['selector', 'workloadId'], code: 'other_place' }],
    });
    const unknown = { ...input, selector: { workloadId: 'bm90aGluZw' } };
    expect(await call('createService', unknown, fields)).toMatchObject({
      issues: [{ path: ['selector', 'workloadId'], code: 'not_found' }],
    });
  });

  it('NET-11: are made in several clusters by one request, all or none, and tell of each', async () => {
    const input = { clusters: ['embedded', 'far'], namespace: 'shop', name: 'wide', ports: [{ port: 80 }], selector };
    const results = 'results { cluster ok error { code } service { cluster { name } } } operation { id }';
    const type = 'CLUSTER_IP';
    expect(await call('createService', { ...input, type, idempotencyKey: 'wide' }, results)).toMatchObject({
      results: [
        { cluster: 'embedded', ok: true, service: { cluster: { name: 'embedded' } } },
        { cluster: 'far', ok: true, service: { cluster: { name: 'far' } } },
      ],
    });
    expect(await call('createService', { ...input, type, idempotencyKey: 'wide' }, results)).toMatchObject({
      results: [{ ok: true }, { ok: true, service: { cluster: { name: 'far' } } }],
    });
    // In the third cluster another profile holds (NET-03), and the developer has no rights in the second.
    const some = { ...input, type, name: 'none', clusters: ['embedded', 'private'] };
    expect(await call('createService', some, results)).toMatchObject({
      issues: [{ path: ['type'], code: 'yaml_only' }],
    });
    const others = { ...some, clusters: ['embedded', 'far'] };
    expect(await call('createService', others, results, developer)).toMatchObject({ code: 'NOT_FOUND' });
    // What one cluster has against it keeps it from all of them.
    const address = { ...others, clusterIP: '10.1.2.3' };
    expect(await call('createService', address, results)).toMatchObject({ issues: [{ path: ['clusterIP'] }] });
    expect(await read('{ service(cluster: "embedded", namespace: "shop", name: "none") { id } }')).toEqual({
      service: null,
    });
  });

  it('NET-03: go by YAML alone in the private edition, and never as ClusterIP (refused)', async () => {
    const manifest = (spec: object) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'private', namespace: 'shop' }, spec });
    const apply = (spec: object) =>
      call('applyManifest', { cluster: 'private', manifest: manifest(spec) }, 'documents { action object { id } }');
    const ports = [{ port: 80 }];
    expect(await apply({ ports })).toMatchObject({ issues: [{ code: 'type_not_offered' }] });
    const made = await apply({ type: 'NodePort', ports });
    expect(made).toMatchObject({ documents: [{ action: 'CREATED' }] });
    const { id } = (made.documents as { object: { id: string } }[])[0]?.object ?? { id: '' };
    expect(await call('updateService', { id, description: 'x' }, 'operation { id }')).toMatchObject({
      issues: [{ path: ['id'], code: 'yaml_only' }],
    });
    expect(await call('deleteService', { id }, 'id')).toMatchObject({ id });
  });
});

describe('a Service that an Ingress leads to', () => {
  it('NET-13: stays, and so does its port, whichever way they would go (refused)', async () => {
    const id = await make('exposed', { ports: [{ port: 80 }, { port: 81 }] });
    const backend = { service: { name: 'exposed', port: { number: 80 } } };
    const ingress = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'front', namespace: 'shop' },
      spec: { rules: [{ host: 'shop.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
    };
    const applied = { cluster: 'embedded', manifest: JSON.stringify(ingress) };
    expect(await call('applyManifest', applied, 'operation { id }')).toMatchObject({ operation: expect.anything() });
    const refusal = { __typename: 'InUseError', references: [{ kind: 'Ingress', name: 'front' }] };
    expect(await call('deleteService', { id }, 'id')).toMatchObject(refusal);
    expect(await call('deleteObject', { id }, 'id')).toMatchObject(refusal);
    expect(
      await call('deleteServices', { ids: [id], confirm: '1' }, 'results { ok error { code } }', developer),
    ).toMatchObject({ results: [{ ok: false, error: { code: 'IN_USE' } }] });
    expect(await call('updateService', { id, ports: [{ port: 81 }] }, 'service { id }')).toMatchObject(refusal);
    expect(await call('updateService', { id, ports: [{ port: 80 }] }, 'service { id }')).toMatchObject({
      service: { id },
    });
  });
});

describe('what a console shows of a Service', () => {
  const front = 'service(cluster: "embedded", namespace: "shop", name: "vote-front")';

  it('NET-05, NET-09, NET-12: has its columns, endpoints with readiness, and what is on both sides of it', async () => {
    const source = `{ ${front} { name formType accessAddress portMappings dnsName applicationName
      endpoints { isReady isServing isTerminating addresses node { name } pod { name } ports { name port } } readyEndpointCount
      workloads { nodes { kind name } } exposedBy { kind name } events(first: 5) { nodes { reason } } yaml } }`;
    type Seen = Readonly<Record<string, unknown>> & { readonly endpoints: readonly object[] };
    await expect
      .poll(async () => (await read(source, developer)).service, { timeout: 15_000 })
      .toMatchObject({
        formType: 'LOAD_BALANCER',
        accessAddress: expect.stringMatching(/^203\.0\.113\./),
        portMappings: [expect.stringMatching(/^80->http \/ TCP \(node \d+\)$/)],
        dnsName: 'vote-front.shop.svc.cluster.local',
        applicationName: 'vote',
        readyEndpointCount: 3,
        workloads: { nodes: [{ kind: 'Deployment', name: 'vote-front' }] },
        exposedBy: [],
      });
    const { service } = (await read(source, developer)) as { service: Seen };
    expect(service.endpoints).toHaveLength(3);
    expect(service.endpoints[0]).toMatchObject({
      isReady: true,
      isServing: true,
      isTerminating: false,
      addresses: [expect.any(String)],
      node: { name: expect.any(String) },
      pod: { name: expect.stringMatching(/^vote-front-/) },
      ports: [{ name: 'http', port: 8080 }],
    });
  });

  it('NET-12: is found from its workload, and lists by cluster', async () => {
    const named = 'filter: { cluster: "embedded", namespaces: ["shop"], name: { equals: "vote-front" } }';
    expect(
      await read(`{ workloads(${named}) { nodes { services { nodes { name } } } } services(${named}) { totalCount } }`),
    ).toMatchObject({
      workloads: { nodes: [{ services: { nodes: [{ name: 'vote-front' }] } }] },
      services: { totalCount: 1 },
    });
  });

  it('NET-43, NET-44: tells addresses and port mappings of the instances of its workload', async () => {
    const named = 'filter: { cluster: "embedded", namespaces: ["shop"], name: { equals: "vote-front" } }';
    const source = `{ workloads(${named}) { nodes {
      instanceAddresses(port: 8080, protocol: "tcp") { instance port protocol privateAddress publicAddress }
      pods { nodes { portMappings(first: 1) { nodes { containerPort hostPort protocol } } } } } } }`;
    const { workloads } = (await read(source, developer)) as {
      workloads: { nodes: { instanceAddresses: object[]; pods: { nodes: { portMappings: { nodes: object[] } }[] } }[] };
    };
    const [front] = workloads.nodes;
    expect(front?.instanceAddresses).toHaveLength(3);
    expect(front?.instanceAddresses[0]).toMatchObject({ port: 8080, protocol: 'TCP', publicAddress: null });
    expect(front?.pods.nodes[0]?.portMappings.nodes).toEqual([
      { containerPort: 8080, hostPort: null, protocol: 'TCP' },
    ]);
  });

  it('NET-13: names what leads to it to who may see it', async () => {
    const exposed = 'service(cluster: "embedded", namespace: "shop", name: "exposed") { exposedBy { kind name } }';
    expect(await read(`{ ${exposed} }`, developer)).toEqual({
      service: { exposedBy: [{ kind: 'Ingress', name: 'front' }] },
    });
  });
});

describe('Ingresses by form', () => {
  it('NET-10: are made, changed and deleted, with backends that are there (refused)', async () => {
    await make('shown');
    const paths = [{ serviceName: 'shown', servicePort: 80 }];
    const input = { ...place, name: 'shown', rules: [{ host: 'shown.example', paths }] };
    const nowhere = { ...input, rules: [{ paths: [{ serviceName: 'nowhere', servicePort: 80 }] }] };
    expect(await call('createIngress', nowhere, 'ingress { id }', developer)).toMatchObject({
      issues: [{ path: ['rules', '0', 'paths', '0', 'serviceName'], code: 'not_found' }],
    });
    const made = await call('createIngress', input, 'ingress { id hosts paths { path serviceName } }', developer);
    expect(made).toMatchObject({ ingress: { hosts: ['shown.example'], paths: [{ path: '/', serviceName: 'shown' }] } });
    const { id } = made.ingress as { id: string };
    const second = { ...input, name: 'second' };
    expect(await call('createIngress', second, 'ingress { id }', developer)).toMatchObject({
      unacknowledged: [{ code: 'INGRESS_CONFLICT' }],
    });
    const other = { id, rules: [{ host: 'other.example', paths }] };
    expect(await call('updateIngress', other, 'ingress { hosts }', developer)).toMatchObject({
      ingress: { hosts: ['other.example'] },
    });
    expect(await call('deleteIngress', { id }, 'id ingress { id }', developer)).toMatchObject({ id, ingress: null });
  });

  it('NET-10: tell of YAML what the form would refuse', async () => {
    const backend = { service: { name: 'nowhere', port: { number: 80 } } };
    const manifest = JSON.stringify({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'told', namespace: 'shop' },
      spec: { defaultBackend: backend, tls: [{ secretName: 'vote-redis' }] },
    });
    const applied = await call('applyManifest', { cluster: 'embedded', manifest, dryRun: true }, 'warnings');
    expect(applied).toMatchObject({
      warnings: [
        expect.stringContaining("There is no Service 'nowhere'"),
        expect.stringContaining('not of type kubernetes.io/tls'),
      ],
    });
  });
});
