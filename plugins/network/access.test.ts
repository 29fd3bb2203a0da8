import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { kubeconfigFile } from '../../test/support/kubeconfig-file.ts';
import { staticToken } from '../../test/support/static-token.ts';

const stack = new AsyncDisposableStack();
let gateway: TestGateway;
const admin = { token: 'the-token-of-an-administrator-of-two-clusters' };
const developer = { token: 'the-token-of-a-developer-of-the-namespace-shop' };
const clerk = { token: 'the-token-of-a-clerk-who-looks-after-workloads' };

beforeAll(async () => {
  const cloud = stack.use(await startEmbeddedCluster({ name: 'cloud', sample: 'shop', controllers: false }));
  const edge = stack.use(await startEmbeddedCluster({ name: 'edge', sample: 'shop', controllers: false }));
  const { path } = stack.use(await kubeconfigFile(cloud));
  const { path: ofEdge } = stack.use(await kubeconfigFile(edge));
  gateway = stack.use(
    await startTestGateway({
      clusterSpeed: 40,
      settings: {
        embedded: { enabled: true, engines: ['gateway-api'] },
        clusters: [
          { name: 'cloud', kubeconfig: path, profile: 'aks-public' },
          { name: 'edge', kubeconfig: ofEdge, profile: 'esk' },
        ],
        roles: [
          {
            name: 'clerk',
            description: 'Looks after workloads and their Services, and makes none.',
            rules: [
              { actions: ['READ'], subjects: ['core/Cluster'] },
              { actions: ['READ', 'UPDATE'], subjects: ['apps/Deployment'], where: 'namespaces' },
              { actions: ['READ', 'UPDATE'], subjects: ['core/Service'], where: 'namespaces' },
            ],
          },
        ],
        tokens: [
          staticToken('operator', admin.token, { roles: ['ADMIN'] }),
          staticToken('developer', developer.token, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
          { ...staticToken('clerk', clerk.token, { roles: [], namespaces: ['shop'] }), roles: ['clerk'] },
        ],
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };

const errors = `... on Error { code message } ... on ValidationError { issues { path code } }
  ... on InUseError { references { ... on KubernetesObject { kind name } } }
  ... on PreconditionError { reason unacknowledged { code path } }`;

async function call(name: string, input: object, fields: string, who = developer): Promise<Answer> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errors} } }`;
  const { data, errors: failures } = await gateway.query<Record<string, Answer>>(source, { input }, who);
  expect(failures).toBeUndefined();
  return data?.[name] as Answer;
}

interface Entry {
  readonly name: string;
  readonly way: string;
  readonly isSetting: boolean;
  readonly ports: readonly { readonly port: number; readonly nodePort: number | null; readonly addresses: string[] }[];
}
interface Workload {
  readonly id: string;
  readonly canCreateLoadBalancer: boolean;
  readonly access: readonly Entry[];
  readonly networkWays: readonly {
    readonly way: string;
    readonly addresses: string[];
    readonly object: { kind: string };
  }[];
}

async function read(cluster = 'embedded', who = developer): Promise<Workload> {
  const source = `{ workload(cluster: "${cluster}", kind: DEPLOYMENT, namespace: "shop", name: "vote-worker") { id canCreateLoadBalancer
    access { name way isSetting existingId algorithm service { id } ports { port nodePort protocol targetPort hasHealthCheck addresses } }
    networkWays { way direction addresses pods { name } object { kind name } } } }`;
  const { data, errors: failures } = await gateway.query<{ workload: Workload }>(source, {}, who);
  expect(failures).toBeUndefined();
  return data?.workload as Workload;
}

const results = `results { name action ok error { code message } service { id type ports { port nodePort } } manifest changes { path } } warnings`;
const set = async (entries: readonly object[], more: object = {}, who = developer, cluster = 'embedded') =>
  call('setWorkloadAccess', { id: (await read(cluster)).id, entries, ...more }, results, who);

const inside = { name: 'worker', way: 'IN_CLUSTER', ports: [{ port: 80, targetPort: 8080 }] };
const nodes = { name: 'worker-nodes', way: 'NODE_PORT', ports: [{ port: 80, targetPort: 8080 }] };
const outside = { name: 'worker-public', way: 'PUBLIC', ports: [{ port: 443, targetPort: 8443, protocol: 'HTTPS' }] };

describe('access settings of a workload', () => {
  it('NET-06, NET-09, NET-14: are previewed, written together, and read back with their addresses', async () => {
    const preview = await set([inside, nodes, outside], { dryRun: true });
    expect(preview).toMatchObject({
      results: [
        { name: 'worker', action: 'CREATE', ok: true, manifest: { spec: { type: 'ClusterIP' } } },
        { name: 'worker-nodes', service: { type: 'NODE_PORT' } },
        { name: 'worker-public', service: { type: 'LOAD_BALANCER' } },
      ],
    });
    expect((await read()).access).toEqual([]);
    const key = { idempotencyKey: 'worker' };
    const made = await set([inside, nodes, outside], key);
    expect(made).toMatchObject({ results: [{ ok: true }, { ok: true }, { ok: true }] });
    expect(await set([inside, nodes, outside], key)).toMatchObject({
      results: [{ ok: true }, { ok: true }, { ok: true }],
    });
    expect(await set([inside, nodes, outside])).toMatchObject({
      results: [{ action: 'KEEP' }, { action: 'KEEP' }, { action: 'KEEP' }],
    });
    await expect
      .poll(async () => read(), { timeout: 15_000 })
      .toMatchObject({
        access: [
          { name: 'worker', way: 'IN_CLUSTER', ports: [{ addresses: ['worker.shop.svc.cluster.local:80'] }] },
          { name: 'worker-nodes', way: 'NODE_PORT', isSetting: true, ports: [{ nodePort: expect.any(Number) }] },
          {
            name: 'worker-public',
            way: 'PUBLIC',
            ports: [{ protocol: 'HTTPS', addresses: [expect.stringMatching(/:443$/)] }],
          },
        ],
        networkWays: [
          { way: 'SERVICE', direction: 'IN', pods: null, object: { name: 'worker' } },
          { way: 'SERVICE', object: { name: 'worker-nodes' } },
          { way: 'LOAD_BALANCER', addresses: [expect.stringMatching(/:443$/)], object: { name: 'worker-public' } },
        ],
      });
  });

  it('NET-06: are not written at all where one of them is refused, by the rules or by the cluster (refused)', async () => {
    const { access } = await read();
    const taken = access.flatMap(({ ports }) => ports.flatMap(({ nodePort }) => nodePort ?? []))[0];
    const all = [inside, nodes, outside];
    const clash = { name: 'worker-clash', way: 'NODE_PORT', ports: [{ port: 81, nodePort: taken }] };
    expect(await set([...all, { ...inside, name: 'worker-more' }, clash])).toMatchObject({
      issues: [{ path: ['entries', '4', 'ports', '0', 'nodePort'] }],
    });
    expect(await set([...all, { ...inside, name: 'Not A Name' }])).toMatchObject({
      issues: [{ path: ['entries', '3', 'name'] }],
    });
    const many = Array.from({ length: 21 }, (_, index) => ({ ...inside, name: `worker-${index}` }));
    expect(await set(many)).toMatchObject({ issues: [{ path: ['entries'], code: 'too_big' }] });
    expect((await read()).access).toEqual(access);
  });

  it('NET-08: say that a load balancer is lost, until that is acknowledged', async () => {
    expect(await set([inside, nodes])).toMatchObject({
      unacknowledged: [{ code: 'LOAD_BALANCER_CHANGES', path: ['entries'] }],
    });
    const internal = { ...outside, way: 'IN_CLUSTER', ports: [{ port: 443 }] };
    expect(await set([inside, nodes, internal])).toMatchObject({
      unacknowledged: [{ code: 'LOAD_BALANCER_CHANGES', path: ['entries', '2', 'loadBalancer'] }],
    });
    const { access } = await read();
    const { service } = access[2] as unknown as { service: { id: string } };
    expect(await call('updateService', { id: service.id, type: 'CLUSTER_IP' }, 'service { id }')).toMatchObject({
      unacknowledged: [{ code: 'LOAD_BALANCER_CHANGES' }],
    });
    expect(await set([inside, nodes], { acknowledge: ['LOAD_BALANCER_CHANGES'] })).toMatchObject({
      results: [
        { action: 'KEEP' },
        { action: 'KEEP' },
        { name: 'worker-public', action: 'DELETE', ok: true, service: null },
      ],
    });
    expect((await read()).access.map(({ name }) => name)).toEqual(['worker', 'worker-nodes']);
  });

  it('NET-13: stay while a backend group or an Ingress leads to them, and so do their ports (refused)', async () => {
    const place = { cluster: 'embedded', namespace: 'shop' };
    const group = { ...place, name: 'led', protocol: 'TCP', services: [{ service: 'worker', port: 80 }] };
    expect(await call('createBackendGroup', group, 'backendGroup { id }')).toMatchObject({ backendGroup: {} });
    const refusal = { __typename: 'InUseError', references: [{ kind: 'TCPRoute', name: 'led' }] };
    await expect.poll(async () => set([nodes])).toMatchObject(refusal);
    expect(await set([{ ...inside, ports: [{ port: 81 }] }, nodes])).toMatchObject(refusal);
    expect(await set([{ ...inside, ports: [{ port: 80, targetPort: 9090 }] }])).toMatchObject({
      results: [
        { action: 'UPDATE', ok: true },
        { name: 'worker-nodes', action: 'DELETE', ok: true },
      ],
    });
  });

  it('NET-14: have the load balancers of backend groups among the ways in', async () => {
    const place = { clusters: ['embedded'], namespace: 'shop', name: 'front' };
    const listener = { name: 'tcp', protocol: 'TCP', port: 7000 };
    const fields = 'results { loadBalancer { id listeners { id } } }';
    const made = await call('createLoadBalancer', { ...place, listeners: [listener] }, fields, admin);
    expect(made).toMatchObject({ results: [{ loadBalancer: { id: expect.any(String) } }] });
    const [row] = made.results as { loadBalancer: { listeners: { id: string }[] } }[];
    const { data } = await gateway.query<{ backendGroups: { nodes: { id: string }[] } }>(
      '{ backendGroups(filter: { name: { equals: "led" } }) { nodes { id } } }',
      {},
      admin,
    );
    const bound = { id: data?.backendGroups.nodes[0]?.id, listenerId: row?.loadBalancer.listeners[0]?.id };
    expect(await call('bindBackendGroup', bound, 'backendGroup { id }', admin)).toMatchObject({ backendGroup: {} });
    await expect
      .poll(async () => (await read()).networkWays, { timeout: 15_000 })
      .toMatchObject([
        { way: 'SERVICE' },
        {
          way: 'LOAD_BALANCER',
          addresses: [expect.stringMatching(/:7000$/)],
          object: { kind: 'Gateway', name: 'front' },
        },
      ]);
  });

  it('NET-06: need the right to each Service that is written (refused)', async () => {
    expect(await set([inside, { ...nodes, name: 'clerks' }], {}, clerk)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await call('setWorkloadAccess', { id: 'bm90aGluZw', entries: [] }, results)).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('access settings in the public cloud', () => {
  const ofLb = (existingId: string | null) => ({ ...outside, loadBalancer: { existingId } });

  it('NET-06, NET-20: take a load balancer that is there; a new one is for who may create it (0.4, refused)', async () => {
    const mayCreate = [await read(), await read('cloud'), await read('cloud', admin)].map(
      ({ canCreateLoadBalancer }) => canCreateLoadBalancer,
    );
    expect(mayCreate).toEqual([true, false, true]);
    expect(await set([outside], {}, developer, 'cloud')).toMatchObject({ code: 'FORBIDDEN' });
    expect(await set([ofLb('lb-7')], {}, developer, 'cloud')).toMatchObject({ results: [{ ok: true }] });
    const { access } = await read('cloud');
    expect(access).toMatchObject([
      { way: 'PUBLIC', existingId: 'lb-7', algorithm: 'WEIGHTED', ports: [{ hasHealthCheck: false, addresses: [] }] },
    ]);
    expect(await set([ofLb('lb-8')], {}, developer, 'cloud')).toMatchObject({
      unacknowledged: [{ code: 'LOAD_BALANCER_CHANGES', path: ['entries', '0', 'loadBalancer'] }],
    });
    const acknowledge = ['LOAD_BALANCER_CHANGES'];
    expect(await set([ofLb(null)], { acknowledge }, developer, 'cloud')).toMatchObject({ code: 'FORBIDDEN' });
    expect(await set([ofLb(null)], { acknowledge }, admin, 'cloud')).toMatchObject({ results: [{ ok: true }] });
  });

  it('NET-06, CON-21: keep the health check of TCP ports on (bad input)', async () => {
    const ports = [{ port: 6379, hasHealthCheck: false }];
    expect(await set([{ ...outside, ports }], {}, admin, 'cloud')).toMatchObject({
      issues: [{ path: ['entries', '0', 'ports', '0', 'hasHealthCheck'], code: 'always_on' }],
    });
  });
});

describe('access settings at the edge', () => {
  it('CORE-24, NET-13: go by the phrase of the profile alone, as Services do; nothing else asks for it (refused)', async () => {
    const write = (entries: readonly object[], more = {}) => set(entries, more, admin, 'edge');
    expect(await write([inside])).toMatchObject({ results: [{ action: 'CREATE', ok: true }] });
    await expect.poll(async () => (await read('edge', admin)).access).toHaveLength(1);
    const { id } = await read('edge', admin);
    const source = `{ confirmation(mutation: "setWorkloadAccess", ids: ["${id}"]) { expected consequence } }`;
    const { data } = await gateway.query(source, {}, admin);
    expect(data).toMatchObject({
      confirmation: { expected: '确认删除', consequence: expect.stringContaining('deleted') },
    });
    expect(await write([])).toMatchObject({ issues: [{ path: ['confirm'], code: 'confirmation_required' }] });
    expect(await write([], { confirm: '确认删除' })).toMatchObject({ results: [{ action: 'DELETE', ok: true }] });
  });
});
