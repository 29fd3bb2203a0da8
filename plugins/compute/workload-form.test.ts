import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: { pluginSettings: { compute: { monitoring: { collectorImage: 'registry.local/collector:1' } } } },
  });
});
afterAll(() => gateway?.stop());

const developer = 'dev-developer';

type Input = Readonly<Record<string, unknown>>;
interface Answer {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

const errorFields = `... on Error { message code }
  ... on ValidationError { issueCount issues { path code } }
  ... on PreconditionError { reason unacknowledged { code path } }`;

async function call(name: string, input: Input, fields: string, token = developer): Promise<Answer> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await gateway.query(
    `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errorFields} } }`,
    { input },
    { token },
  );
  expect(errors).toBeUndefined();
  return (data as { answer: Answer }).answer;
}

function stored(group: string, plural: string, name: string): Input {
  const { store } = gateway.cluster;
  return (store.get(store.resource(group, plural), 'shop', name) ?? {}) as Input;
}

const web = { name: 'web', image: 'nginx:1.29' };
const place = { cluster: 'embedded', namespace: 'shop' };
const deployment = (name: string, more: Input = {}, template: Input = {}) => ({
  ...place,
  name,
  kind: { deployment: { replicas: 1 } },
  template: { containers: [web], ...template },
  ...more,
});

describe('createWorkload', () => {
  it('makes a Deployment whose pods come up (CMP-44, CMP-45, CMP-46, CMP-47)', async () => {
    const container = {
      ...web,
      requests: { cpu: '100m', memory: '64Mi' },
      limits: { cpu: '500m', memory: '128Mi' },
      env: [
        { name: 'MODE', value: 'fast' },
        { name: 'IP', valueFrom: { fieldPath: 'status.podIP' } },
      ],
    };
    const made = await call(
      'createWorkload',
      deployment('first', { kind: { deployment: { replicas: 2 } } }, { containers: [container] }),
      'workload { name desiredReplicas images } operation { status }',
    );
    expect(made).toMatchObject({
      __typename: 'CreateWorkloadSuccess',
      workload: { name: 'first', desiredReplicas: 2, images: ['nginx:1.29'] },
      operation: { status: 'SUCCEEDED' },
    });
    await expect
      .poll(async () => {
        const { data } = await gateway.query(
          '{ workload(cluster: "embedded", kind: DEPLOYMENT, namespace: "shop", name: "first") { readyReplicas status } }',
          {},
          { token: developer },
        );
        return data;
      })
      .toEqual({ workload: { readyReplicas: 2, status: 'RUNNING' } });
    expect(stored('apps', 'deployments', 'first')).toMatchObject({
      metadata: { labels: { 'ecns.es.io/workload': 'deployment-first' } },
      spec: {
        selector: { matchLabels: { 'ecns.es.io/workload': 'deployment-first' } },
        template: { metadata: { labels: { 'ecns.es.io/workload': 'deployment-first' } } },
      },
    });
  });

  it('previews with the manifest, and makes nothing (CORE-31)', async () => {
    const answer = await call('createWorkload', deployment('preview', { dryRun: true }), 'manifest workload { name }');
    expect(answer).toMatchObject({
      manifest: { kind: 'Deployment', metadata: { name: 'preview', namespace: 'shop' } },
      workload: { name: 'preview' },
    });
    expect(stored('apps', 'deployments', 'preview')).toEqual({});
  });

  it.each([
    [
      'a Deployment without an image',
      deployment('bad', {}, { containers: [{ name: 'web' }] }),
      'template.containers.0.image',
    ],
    [
      'a request above its limit (CMP-46)',
      deployment('bad', {}, { containers: [{ ...web, requests: { cpu: '2' }, limits: { cpu: '1' } }] }),
      'template.containers.0.requests.cpu',
    ],
    [
      'a key of a ConfigMap that is not there (CMP-53)',
      deployment(
        'bad',
        {},
        { containers: [{ ...web, env: [{ name: 'A', valueFrom: { configMapKey: { name: 'gone', key: 'a' } } }] }] },
      ),
      'template.containers.0.env.0',
    ],
    ['a name that is none (CMP-45)', deployment('Bad_Name'), 'name'],
  ])('refuses %s, and says where in the input (refused)', async (_title, input, path) => {
    const answer = await call('createWorkload', input, 'workload { name }');
    expect(answer).toMatchObject({ __typename: 'ValidationError', code: 'VALIDATION' });
    expect((answer.issues as { path: string[] }[]).map((issue) => issue.path.join('.'))).toContain(path);
  });

  it('makes no second one of a name (CMP-45) (refused)', async () => {
    expect((await call('createWorkload', deployment('vote-front'), 'workload { name }')).code).toBe('CONFLICT');
  });

  it('lets an administrator have what a developer may not, once its warning is acknowledged (CMP-53, CMP-56)', async () => {
    const template = {
      containers: [
        { ...web, securityContext: { privileged: true }, volumeMounts: [{ name: 'v', mountPath: '/host' }] },
      ],
      volumes: [{ name: 'v', source: { hostPath: { path: '/data' } } }],
    };
    const input = { ...deployment('powerful', {}, template), acknowledge: ['DATA_LOST_WITH_NODE'] };
    expect((await call('createWorkload', input, 'workload { name }')).code).toBe('FORBIDDEN');
    const unaware = { ...input, acknowledge: [] };
    expect(await call('createWorkload', unaware, 'workload { name }', 'dev-admin')).toMatchObject({
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
      unacknowledged: [{ code: 'DATA_LOST_WITH_NODE', path: ['template', 'volumes', '0'] }],
    });
    const made = await call('createWorkload', { ...input, dryRun: true }, 'workload { name }', 'dev-admin');
    expect(made).toMatchObject({ workload: { name: 'powerful' } });
  });

  it('makes nothing in a namespace that is not the caller’s (refused)', async () => {
    const disk = { name: 'disk', source: { persistentVolumeClaim: { claimName: 'a-claim-of-others' } } };
    const input = { ...deployment('first', {}, { volumes: [disk] }), namespace: 'platform' };
    expect((await call('createWorkload', input, 'workload { name }')).code).toBe('NOT_FOUND');
    // Nor does the cluster hear of what it would need there.
    expect(gateway.cluster.requests.count({ name: 'a-claim-of-others' })).toBe(0);
  });
});

async function idOf(name: string, input: Input): Promise<string> {
  const made = await call('createWorkload', input, 'workload { id }');
  const { id } = (made.workload ?? {}) as { readonly id?: string };
  if (id === undefined) throw new Error(`${name}: ${JSON.stringify(made)}`);
  return id;
}

it('shows the template of a workload as a form needs it (CMP-69)', async () => {
  const container = {
    ...web,
    tty: true,
    preStop: { exec: { command: ['stop'] } },
    securityContext: { runAsUser: 7, dropCapabilities: ['ALL'] },
    readinessProbe: { action: { tcpSocket: { port: 80 } } },
  };
  const template = {
    containers: [container],
    scheduling: { nodeLabels: [{ key: 'disk', value: 'fast' }] },
    hostAliases: [{ ip: '10.0.0.1', hostnames: ['db'] }],
  };
  const fields = `workload { template { nodeLabels { key value } hostAliases { ip hostnames } terminationGracePeriodSeconds
    containers { name tty preStop { command } securityContext { runAsUser dropCapabilities } readinessProbe { action } } } }`;
  expect(await call('createWorkload', deployment('shown', { dryRun: true }, template), fields)).toMatchObject({
    workload: {
      template: {
        nodeLabels: [{ key: 'disk', value: 'fast' }],
        hostAliases: [{ ip: '10.0.0.1', hostnames: ['db'] }],
        terminationGracePeriodSeconds: 30,
        containers: [
          {
            name: 'web',
            tty: true,
            preStop: { command: ['stop'] },
            securityContext: { runAsUser: 7, dropCapabilities: ['ALL'] },
            readinessProbe: { action: 'TCP_SOCKET' },
          },
        ],
      },
    },
  });
});

describe('updateWorkload', () => {
  it('changes what is given, and keeps the rest, also what no form knows (CMP-75)', async () => {
    const container = { ...web, env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] };
    const id = await idOf(
      'changed',
      deployment('changed', {}, { containers: [container, { name: 'side', image: 's' }] }),
    );
    const { store } = gateway.cluster;
    const before = stored('apps', 'deployments', 'changed') as {
      spec: { template: { spec: { containers: object[] } } };
    };
    const spec = structuredClone(before.spec);
    Object.assign(spec.template.spec, { enableServiceLinks: false });
    Object.assign(spec.template.spec.containers[0] ?? {}, { terminationMessagePath: '/tmp/end' });
    store.update(store.resource('apps', 'deployments'), { ...before, spec } as never);
    const change = {
      id,
      template: {
        terminationGracePeriodSeconds: 45,
        containers: [
          {
            name: 'web',
            image: 'nginx:1.30',
            env: [{ name: 'B', value: '2' }],
            readinessProbe: { action: { tcpSocket: { port: 80 } } },
          },
        ],
      },
    };
    expect(await call('updateWorkload', change, 'workload { images }')).toMatchObject({
      workload: { images: ['nginx:1.30', 's'] },
    });
    expect(stored('apps', 'deployments', 'changed')).toMatchObject({
      spec: {
        template: {
          spec: {
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 45,
            containers: [
              {
                name: 'web',
                image: 'nginx:1.30',
                terminationMessagePath: '/tmp/end',
                env: [
                  { name: 'A', value: '1' },
                  { name: 'B', value: '2' },
                ],
                readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 10 },
              },
              { name: 'side' },
            ],
          },
        },
      },
    });
  });

  it('asks for what it warns of to be acknowledged (CMP-57)', async () => {
    const id = await idOf('outage', deployment('outage', { kind: { deployment: { replicas: 2 } } }));
    const change = { id, kind: { deployment: { strategy: { type: 'CUSTOM', maxUnavailable: 2, maxSurge: 0 } } } };
    const path = ['kind', 'deployment', 'strategy', 'maxUnavailable'];
    expect(await call('updateWorkload', change, 'workload { id }')).toMatchObject({
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
      unacknowledged: [{ code: 'ALL_PODS_UNAVAILABLE', path }],
    });
    const known = { ...change, acknowledge: ['ALL_PODS_UNAVAILABLE'] };
    expect(await call('updateWorkload', known, 'workload { id }')).toMatchObject({ workload: { id } });
  });

  it.each([
    ['another kind', { kind: { job: {} } }, 'kind.job'],
    ['a number of pods (CMP-78)', { kind: { deployment: { replicas: 3 } } }, 'kind.deployment.replicas'],
    ['a container without an image', { template: { containers: [{ name: 'new' }] } }, 'template.containers.0.image'],
    [
      'removing what is not there',
      { template: { containers: [{ name: 'gone', remove: true }] } },
      'template.containers.0.remove',
    ],
  ])('refuses %s (refused)', async (_title, change, path) => {
    const found = await gateway.query(
      '{ workload(cluster: "embedded", kind: DEPLOYMENT, namespace: "shop", name: "vote-front") { id } }',
      {},
      { token: developer },
    );
    const { workload } = found.data as { workload: { id: string } };
    const answer = await call('updateWorkload', { id: workload.id, ...change }, 'workload { id }');
    expect(answer).toMatchObject({ __typename: 'ValidationError' });
    expect((answer.issues as { path: string[] }[]).map((issue) => issue.path.join('.'))).toContain(path);
  });
});

describe('a form with thousands of mistakes', () => {
  it('is answered with the first hundred, and how many there are', async () => {
    const env = Array.from({ length: 3_000 }, (_, index) => ({ name: `0${index}`, value: '1' }));
    const template = { containers: [{ name: 'web', image: 'nginx', env }] };
    const input = { ...deployment('wrong'), template };
    const answer = await call('createWorkload', input, 'workload { id }');
    expect(answer.issues).toHaveLength(100);
    expect(answer.issueCount).toBe(3_000);
    expect(answer.message).toMatch(/; and 2990 more$/);
  });
});

describe('copyWorkload', () => {
  it('makes a workload like another one, with a selector of its own (CMP-73)', async () => {
    const id = await idOf('original', deployment('original', { labels: [{ key: 'team', value: 'a' }] }));
    const answer = await call('copyWorkload', { id, name: 'twin' }, 'workload { name desiredReplicas images }');
    expect(answer).toMatchObject({ workload: { name: 'twin', desiredReplicas: 1, images: ['nginx:1.29'] } });
    const label = { 'ecns.es.io/workload': 'deployment-twin' };
    expect(stored('apps', 'deployments', 'twin')).toMatchObject({
      metadata: { labels: { team: 'a', ...label } },
      spec: { selector: { matchLabels: label }, template: { metadata: { labels: label } } },
    });
  });

  it('makes nothing where the caller may make nothing, or like what it may not read (refused)', async () => {
    const id = await idOf('kept', deployment('kept'));
    const elsewhere = await call('copyWorkload', { id, name: 'twin', namespace: 'platform' }, 'workload { name }');
    expect(elsewhere.code).toBe('NOT_FOUND');
    const hidden = Buffer.from('k8s|embedded|apps|StatefulSet|platform|metrics-store').toString('base64url');
    expect((await call('copyWorkload', { id: hidden, name: 'twin' }, 'workload { name }')).code).toBe('NOT_FOUND');
  });
});

describe('the form on a cluster', () => {
  it.each([
    ['StatefulSet', { statefulSet: { replicas: 1, volumeClaimTemplates: [{ name: 'data', size: '1Gi' }] } }, {}],
    ['DaemonSet', { daemonSet: { strategy: { type: 'ON_DELETE' } } }, {}],
    [
      'Job (CMP-65)',
      { job: { completions: 2, parallelism: 1, backoffLimit: 3, activeDeadlineSeconds: 60 } },
      { restartPolicy: 'ON_FAILURE' },
    ],
    [
      'CronJob (CMP-66, CON-14)',
      { cronJob: { schedule: '0 3 * * *', concurrencyPolicy: 'FORBID', job: { completions: 1 } } },
      {},
    ],
    ['bare pod (CMP-85)', { pod: { activeDeadlineSeconds: 600 } }, {}],
    ['CloneSet (CMP-79)', { cloneSet: { replicas: 1, strategy: { podUpdatePolicy: 'IN_PLACE_ONLY' } } }, {}],
    [
      'TApp (CMP-79)',
      {
        advancedStatefulSet: {
          replicas: 1,
          strategy: { podUpdatePolicy: 'IN_PLACE_IF_POSSIBLE', gracePeriodSeconds: 1, maxUnavailable: '50%' },
        },
      },
      {},
    ],
  ])('makes a %s (CMP-44)', async (_title, kind, template) => {
    const name = `of-${Object.keys(kind).join().toLowerCase()}`;
    const answer = await call('createWorkload', deployment(name, { kind }, template), 'workload { name } pod { name }');
    expect(answer).toMatchObject('pod' in kind ? { pod: { name }, workload: null } : { workload: { name }, pod: null });
  });

  it('has every part of a template taken by the cluster (CMP-48 to CMP-62)', async () => {
    await gateway.query(
      'mutation ($input: ApplyManifestInput!) { applyManifest(input: $input) { __typename } }',
      {
        input: {
          cluster: 'embedded',
          namespace: 'shop',
          manifest:
            '{apiVersion: v1, kind: ConfigMap, metadata: {name: form-config}, data: {mode: fast}}\n---\n{apiVersion: v1, kind: Secret, metadata: {name: form-secret}, stringData: {word: hush}}',
        },
      },
      { token: developer },
    );
    const probe = { action: { exec: { command: ['true'] } }, periodSeconds: 5 };
    const container = {
      ...web,
      imagePullPolicy: 'IF_NOT_PRESENT',
      command: ['nginx'],
      args: ['-g', 'daemon off;'],
      workingDir: '/srv/www',
      stdin: true,
      tty: true,
      ports: [{ containerPort: 80, name: 'http' }],
      env: [
        { name: 'MODE', valueFrom: { configMapKey: { name: 'form-config', key: 'mode' } } },
        { name: 'WORD', valueFrom: { secretKey: { name: 'form-secret', key: 'word' } } },
        { name: 'MEMORY', valueFrom: { resource: { resource: 'limits.memory', divisor: '1Mi' } } },
      ],
      envFrom: [{ configMap: 'form-config', prefix: 'C_' }],
      limits: { memory: '64Mi', others: [{ name: 'nvidia.com/gpu', quantity: '1' }] },
      livenessProbe: probe,
      readinessProbe: { action: { httpsGet: { path: '/ready', port: 'http', headers: [{ name: 'a', value: 'b' }] } } },
      startupProbe: probe,
      postStart: { exec: { command: ['true'] } },
      preStop: { httpGet: { path: '/bye', port: 80 } },
      volumeMounts: [
        { name: 'tmp', mountPath: '/tmp' },
        { name: 'config', mountPath: '/etc/form', isReadOnly: true },
        { name: 'secret', mountPath: '/etc/word', subPath: 'word' },
      ],
      securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, dropCapabilities: ['ALL'] },
    };
    const rule = { key: 'app', operator: 'IN', values: ['a'] };
    const template = {
      containers: [container],
      initContainers: [{ name: 'first', image: 'busybox', command: ['true'] }],
      volumes: [
        { name: 'tmp', source: { emptyDir: { medium: 'MEMORY', sizeLimit: '16Mi' } } },
        { name: 'config', source: { configMap: { name: 'form-config', items: [{ key: 'mode', path: 'm' }] } } },
        { name: 'secret', source: { secret: { name: 'form-secret' } } },
      ],
      terminationGracePeriodSeconds: 20,
      scheduling: {
        node: 'embedded-node-1',
        nodeLabels: [{ key: 'kubernetes.io/os', value: 'linux' }],
        nodeAffinity: { required: [{ ...rule, operator: 'EXISTS', values: [] }], preferred: [{ ...rule, weight: 5 }] },
        podAffinity: { required: [rule] },
        podAntiAffinity: { preferred: [{ ...rule, weight: 10, topologyKey: 'topology.kubernetes.io/zone' }] },
        tolerations: [{ key: 'spot', operator: 'EXISTS', effect: 'NO_SCHEDULE' }],
      },
      hostAliases: [{ ip: '10.0.0.1', hostnames: ['db'] }],
      imagePullSecrets: ['form-secret'],
    };
    const nodes = await gateway.query('{ clusterNodes(first: 1) { nodes { name } } }');
    template.scheduling.node =
      (nodes.data as { clusterNodes: { nodes: { name: string }[] } }).clusterNodes.nodes[0]?.name ?? '';
    const kind = {
      deployment: { replicas: 1, strategy: { type: 'START_THEN_STOP', batchSize: 2, intervalSeconds: 10 } },
    };
    const answer = await call(
      'createWorkload',
      deployment('whole', { kind, dryRun: true }, template),
      'workload { name }',
    );
    expect(answer).toEqual({ __typename: 'CreateWorkloadSuccess', workload: { name: 'whole' } });
  });
});

describe('the form of a bare pod', () => {
  it('changes what a cluster lets be changed of a pod that is there, and names the field of anything else (CMP-85, CMP-86)', async () => {
    const made = await call('createWorkload', deployment('lone', { kind: { pod: {} } }), 'pod { id }');
    const { id } = made.pod as { readonly id: string };
    const change = {
      id,
      kind: { pod: { activeDeadlineSeconds: 900 } },
      labels: [{ key: 'tier', value: 'front' }],
      template: { containers: [{ name: 'web', image: 'nginx:1.30' }] },
    };
    expect(await call('updateWorkload', change, 'pod { name } workload { name }')).toMatchObject({
      pod: { name: 'lone' },
      workload: null,
    });
    expect(stored('', 'pods', 'lone')).toMatchObject({
      metadata: { labels: { tier: 'front' } },
      spec: { activeDeadlineSeconds: 900, containers: [{ name: 'web', image: 'nginx:1.30' }] },
    });
    const env = [{ name: 'A', value: '1' }];
    const fixed = { id, template: { containers: [{ name: 'web', env }], terminationGracePeriodSeconds: 5 } };
    expect((await call('updateWorkload', fixed, 'pod { name }')).issues).toEqual([
      { path: ['template', 'containers', '0', 'env'], code: 'not_changeable' },
      { path: ['template', 'terminationGracePeriodSeconds'], code: 'not_changeable' },
    ]);
  });

  it('leaves a pod to the workload that makes it (CMP-85) (refused)', async () => {
    const { store } = gateway.cluster;
    const owned = store.list(store.resource('', 'pods'), 'shop').find(({ metadata }) => metadata.ownerReferences);
    const id = Buffer.from(`k8s|embedded||Pod|shop|${owned?.metadata.name}`).toString('base64url');
    expect(
      await call('updateWorkload', { id, template: { labels: [{ key: 'a', value: 'b' }] } }, 'pod { name }'),
    ).toMatchObject({
      reason: 'MANAGED_BY_OWNER',
    });
  });
});

describe('the form of a TApp', () => {
  const inPlace = { strategy: { podUpdatePolicy: 'IN_PLACE_IF_POSSIBLE' } };
  const tapp = (name: string, more: Input = {}) =>
    deployment(name, { kind: { advancedStatefulSet: inPlace }, ...more });

  it('is made, changed where its pod is, and copied, with instances of its own (CMP-73, CMP-75, CMP-79)', async () => {
    const id = await idOf('tapp', tapp('tapp'));
    const pod = () => stored('', 'pods', 'tapp-0') as { metadata?: { uid: string }; spec?: { containers: object[] } };
    await expect.poll(() => pod().metadata?.uid).toBeDefined();
    const { uid } = pod().metadata ?? {};
    const template = { containers: [{ name: 'web', image: 'nginx:1.30' }] };
    expect(await call('updateWorkload', { id, template }, 'workload { images }')).toMatchObject({
      workload: { images: ['nginx:1.30'] },
    });
    await expect.poll(() => pod().spec?.containers, { timeout: 10_000 }).toMatchObject([{ image: 'nginx:1.30' }]);
    expect(pod().metadata?.uid).toBe(uid);
    expect(await call('copyWorkload', { id, name: 'tapp-twin' }, 'workload { __typename name }')).toMatchObject({
      workload: { __typename: 'AdvancedStatefulSet', name: 'tapp-twin' },
    });
    await expect.poll(() => stored('', 'pods', 'tapp-twin-0').metadata, { timeout: 10_000 }).toBeDefined();
  });

  it('says what the cluster lacks where the engine is not installed (CMP-44, CMP-79) (refused)', async () => {
    const { store } = gateway.cluster;
    store.delete(store.resource('apiextensions.k8s.io', 'customresourcedefinitions'), '', 'clonesets.apps.kruise.io');
    await expect
      .poll(
        async () =>
          (await call('createWorkload', deployment('none', { kind: { cloneSet: {} } }), 'workload { name }')).code,
      )
      .toBe('CAPABILITY_MISSING');
  });
});

describe('a monitoring directory', () => {
  const monitored = { ...web, monitoringDirectory: '/home/admin/monitor' };

  it('is shared with a collector beside the container, which reads it, and is shown back (CMP-113)', async () => {
    const made = await call(
      'createWorkload',
      deployment('watched', {}, { containers: [monitored] }),
      'workload { id }',
    );
    expect(made).toMatchObject({ __typename: 'CreateWorkloadSuccess' });
    await expect
      .poll(async () => {
        const { data } = await gateway.query(
          '{ workload(cluster: "embedded", kind: DEPLOYMENT, namespace: "shop", name: "watched") { pods { nodes { isReady containers { name monitoringDirectory volumeMounts { mountPath isReadOnly } } } } } }',
          {},
          { token: developer },
        );
        return (data as { workload: { pods: { nodes: unknown } } } | null)?.workload.pods.nodes;
      })
      .toMatchObject([
        {
          isReady: true,
          containers: [
            { name: 'web', monitoringDirectory: '/home/admin/monitor' },
            {
              name: 'monitoring-collector',
              monitoringDirectory: null,
              volumeMounts: expect.arrayContaining([{ mountPath: '/var/monitoring/web', isReadOnly: true }]),
            },
          ],
        },
      ]);
    const { id } = (made as unknown as { workload: { id: string } }).workload;
    const off = { id, template: { containers: [{ name: 'web', monitoringDirectory: null }] } };
    const dry = await call('updateWorkload', { ...off, dryRun: true }, 'warnings');
    expect(dry).toMatchObject({ warnings: [expect.stringContaining('Pods are made anew')] });
    expect(await call('updateWorkload', off, 'warnings')).toMatchObject({ __typename: 'UpdateWorkloadSuccess' });
    const { template } = stored('apps', 'deployments', 'watched').spec as { template: { spec: Input } };
    expect(template.spec).toMatchObject({ containers: [{ name: 'web' }] });
    expect(template.spec.volumes).toBeUndefined();
  });

  it('has an absolute path of its own (CMP-113) (bad input)', async () => {
    const containers = [{ ...web, monitoringDirectory: 'home/admin' }];
    expect(await call('createWorkload', deployment('unwatched', {}, { containers }), 'workload { id }')).toMatchObject({
      issues: [{ path: ['template', 'containers', '0', 'monitoringDirectory'], code: 'invalid_path' }],
    });
  });
});
