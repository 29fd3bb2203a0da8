import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { realKubeconfig, sayThatEmbeddedStandsIn } from '../support/real-kubeconfig.ts';
import { until } from '../support/until.ts';

/**
 * What the forms of workloads and configuration send, judged by whatever cluster there is: in `test:all` the one of KUBECONFIG.
 * Needs no nodes: pods may stay pending.
 */
const ofUser = realKubeconfig();
const patienceMs = ofUser ? 60_000 : 15_000;
const namespace = `longshore-forms-${randomBytes(4).toString('hex')}`;

let standIn: EmbeddedCluster | undefined;
let gateway: TestGateway;
let cluster = '';

beforeAll(async () => {
  if (!ofUser) {
    sayThatEmbeddedStandsIn();
    standIn = await startEmbeddedCluster({ speed: 20 });
  }
  const kubeconfig = ofUser ?? (standIn && (await kubeconfigFile(standIn)).path) ?? '';
  gateway = await startTestGateway({ flags: ['--kubeconfig', kubeconfig] });
  cluster = gateway.gateway.rooms.clusters.all[0]?.name ?? '';
  await done('createNamespace', { cluster, name: namespace }, 'namespace { name }');
  await done(
    'createConfigMap',
    { ...place(), name: 'settings', data: [{ key: 'mode', text: 'fast' }] },
    'changes { path }',
  );
  const content = { opaque: [{ key: 'password', text: 'open sesame' }] };
  await done('createSecret', { ...place(), name: 'word', content }, 'changes { path }');
});
afterAll(async () => {
  await answerOf('deleteNamespace', { cluster, name: namespace, confirm: namespace }, 'changes { path }');
  await gateway?.stop();
  await standIn?.stop();
});

const place = () => ({ cluster, namespace });

interface Answer {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

interface Named {
  readonly id: string;
}

async function query(text: string, variables: object): Promise<Record<string, unknown>> {
  const token = gateway.gateway.rooms.signIn.adminToken ?? '';
  const { data, errors } = await gateway.query(text, variables as Record<string, unknown>, { token });
  expect(errors).toBeUndefined();
  return data as Record<string, unknown>;
}

async function answerOf(mutation: string, input: object, fields: string): Promise<Answer> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
  const data = await query(
    `mutation ($input: ${type}Input!) { answer: ${mutation}(input: $input) { __typename ... on ${type}Success { ${fields} } ... on Error { message } ... on ValidationError { issues { path message } } } }`,
    { input },
  );
  return data.answer as Answer;
}

/** The success of a mutation; fails the test with what it answers otherwise. */
async function done(mutation: string, input: object, fields: string): Promise<Answer> {
  const answer = await answerOf(mutation, input, fields);
  if (!answer.__typename.endsWith('Success')) throw new Error(`${mutation}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Parts of a form, each right by itself and beside every other. */
const containerParts: readonly object[] = [
  { command: ['/pause'], args: ['--quiet', '$(MODE)'], workingDir: '/srv' },
  { imagePullPolicy: 'IF_NOT_PRESENT', stdin: true, tty: true },
  {
    ports: [
      { containerPort: 8080, name: 'http' },
      { containerPort: 8080, protocol: 'UDP' },
    ],
  },
  { requests: { cpu: '1m', memory: '1Mi' }, limits: { cpu: '0.5', memory: '64Mi', ephemeralStorage: '1Gi' } },
  {
    env: [
      { name: 'MODE', value: 'fast' },
      { name: 'EMPTY', value: '' },
      { name: 'SETTING', valueFrom: { configMapKey: { name: 'settings', key: 'mode' } } },
      { name: 'WORD', valueFrom: { secretKey: { name: 'word', key: 'password' } } },
      { name: 'ADDRESS', valueFrom: { fieldPath: 'status.podIP' } },
      { name: 'CPUS', valueFrom: { resource: { resource: 'limits.cpu', divisor: '1m' } } },
    ],
  },
  {
    envFrom: [
      { configMap: 'settings', prefix: 'C_' },
      { secret: 'word', prefix: 'S_', isOptional: true },
    ],
  },
  { livenessProbe: { action: { tcpSocket: { port: 8080 } }, periodSeconds: 20, failureThreshold: 5 } },
  { readinessProbe: { action: { httpGet: { path: '/ready', port: 8080 } }, initialDelaySeconds: 3 } },
  { startupProbe: { action: { exec: { command: ['/pause', '-v'] } }, timeoutSeconds: 2 } },
  { postStart: { exec: { command: ['/pause', '-v'] } }, preStop: { httpGet: { path: '/bye', port: 8080 } } },
  { logDirectories: ['/var/log/app'], dataDirectories: ['/var/lib/app'] },
  { logCollection: { standardOutput: true, files: [{ directory: '/logs', pattern: '*.log' }], retentionDays: 7 } },
  {
    securityContext: {
      runAsUser: 65_535,
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      dropCapabilities: ['ALL'],
    },
  },
];
const podParts: readonly object[] = [
  { terminationGracePeriodSeconds: 5, serviceAccountName: 'default' },
  { hostAliases: [{ ip: '10.1.2.3', hostnames: ['db', 'db.local'] }], imagePullSecrets: ['word'] },
  { labels: [{ key: 'tier', value: 'front' }], annotations: [{ key: 'example.com/note', value: 'any text' }] },
  {
    scheduling: {
      nodeLabels: [{ key: 'example.com/disk', value: 'none' }],
      nodeAffinity: {
        required: [{ key: 'example.com/zone', operator: 'IN', values: ['a', 'b'] }],
        preferred: [{ weight: 10, key: 'example.com/fast', operator: 'EXISTS' }],
      },
      podAntiAffinity: {
        required: [{ key: 'tier', operator: 'IN', values: ['back'], topologyKey: 'kubernetes.io/hostname' }],
        preferred: [{ weight: 5, key: 'tier', operator: 'EXISTS', topologyKey: 'kubernetes.io/hostname' }],
      },
      tolerations: [{ key: 'example.com/taint', operator: 'EXISTS', effect: 'NO_EXECUTE', tolerationSeconds: 60 }],
    },
  },
];
const kinds: readonly Readonly<Record<string, object>>[] = [
  {
    deployment: {
      replicas: 2,
      strategy: { type: 'CUSTOM', maxSurge: 1, maxUnavailable: '25%' },
      progressDeadlineSeconds: 120,
    },
  },
  { deployment: { replicas: 1, strategy: { type: 'RECREATE' }, revisionHistoryLimit: 3 } },
  { deployment: { replicas: 4, strategy: { type: 'START_THEN_STOP', batchSize: 2, intervalSeconds: 10 } } },
  {
    statefulSet: {
      replicas: 1,
      podManagementPolicy: 'PARALLEL',
      volumeClaimTemplates: [{ name: 'data', size: '1Gi' }],
    },
  },
  { daemonSet: { strategy: { type: 'ROLLING', maxUnavailable: 1 }, minReadySeconds: 5 } },
  { job: { completions: 2, parallelism: 2, backoffLimit: 1, activeDeadlineSeconds: 600, ttlSecondsAfterFinished: 60 } },
  {
    cronJob: {
      schedule: '*/5 * * * *',
      timeZone: 'Asia/Shanghai',
      concurrencyPolicy: 'FORBID',
      job: { backoffLimit: 2 },
    },
  },
  { pod: { activeDeadlineSeconds: 600 } },
];

const image = 'registry.k8s.io/pause:3.10';
const volumes = [
  { name: 'scratch', source: { emptyDir: { medium: 'MEMORY', sizeLimit: '16Mi' } } },
  { name: 'files', source: { configMap: { name: 'settings', items: [{ key: 'mode', path: 'etc/mode' }] } } },
  { name: 'words', source: { secret: { name: 'word', isOptional: true } } },
];
const volumeMounts = [
  { name: 'scratch', mountPath: '/scratch' },
  { name: 'files', mountPath: '/etc/app/mode', subPath: 'etc/mode', isReadOnly: true },
  { name: 'words', mountPath: '/run/words', isReadOnly: true },
];

function formOf(kind: Readonly<Record<string, object>>, container: readonly object[], pod: readonly object[]) {
  const main = Object.assign({ name: 'main', image, volumeMounts }, ...container);
  const first = { name: 'first', image, command: ['/pause', '-v'] };
  // What ends by itself is not started again and again.
  const restartPolicy = 'job' in kind || 'cronJob' in kind ? { restartPolicy: 'NEVER' } : {};
  const template = Object.assign({ containers: [main], initContainers: [first], volumes, ...restartPolicy }, ...pod);
  const acknowledge = ['DATA_LOST_WITH_NODE', 'FILES_HIDDEN', 'ALL_PODS_UNAVAILABLE'];
  return { ...place(), kind, template, acknowledge };
}

describe('the form of a workload, on whatever cluster', () => {
  it('makes what the cluster takes, in every combination of its parts (CMP-44 to CMP-66)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kinds),
        fc.subarray([...containerParts]),
        fc.subarray([...podParts]),
        async (kind, container, pod) => {
          const form = formOf(kind, container, pod);
          await done('createWorkload', { ...form, name: 'tried', dryRun: true }, 'manifest');
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each(
    kinds.map((kind) => ({ of: Object.keys(kind)[0] ?? '', kind })),
  )('makes a $of whose form, given again, changes nothing (CMP-75)', async ({ of, kind }) => {
    const name = `whole-${of.toLowerCase()}-${kinds.indexOf(kind)}`;
    const form = formOf(kind, containerParts, podParts);
    const made = await done('createWorkload', { ...form, name }, 'workload { id } pod { id }');
    const { id } = (made.workload ?? made.pod) as { id: string };
    if (of === 'pod') return;
    const { replicas: _scaled, ...rest } = kind[of] as { replicas?: number };
    // What only its making takes (`spec.volumeClaimTemplates` and the like) is not given again.
    const {
      volumeClaimTemplates: _fixed,
      podManagementPolicy: _order,
      completions: _sum,
      ...again
    } = rest as Record<string, unknown>;
    const template = of === 'job' ? {} : { template: form.template };
    const { acknowledge } = form;
    const update = { id, kind: { [of]: again }, ...template, acknowledge, dryRun: true };
    const { changes } = await done('updateWorkload', update, 'changes { path before after }');
    expect(changes).toEqual([]);
  });

  it.each([
    ['a name that is taken', { name: 'whole-deployment-0' }, 'name'],
    [
      'a port twice',
      { container: { ports: [{ containerPort: 80 }, { containerPort: 80 }] } },
      'template.containers.0.ports.1',
    ],
    [
      'a ConfigMap that is not there',
      { container: { envFrom: [{ configMap: 'nowhere' }] } },
      'template.containers.0.envFrom.0',
    ],
    ['less than it asks for', { container: { requests: { cpu: '2' }, limits: { cpu: '1' } } }, 'template.containers.0'],
    [
      'a mount of no volume',
      { container: { volumeMounts: [{ name: 'none', mountPath: '/x' }] } },
      'template.containers.0.volumeMounts.0',
    ],
    [
      'two mounts of one path',
      { container: { volumeMounts: [...volumeMounts, { name: 'words', mountPath: '/scratch' }] } },
      'template.containers.0.volumeMounts',
    ],
    ['a label that is none', { pod: { labels: [{ key: 'a b', value: 'c' }] } }, 'template.labels.0'],
  ])('refuses %s, and says where in the form', async (_what, wrong, path) => {
    const { name = 'refused', container = {}, pod = {} } = wrong as { name?: string; container?: object; pod?: object };
    const form = formOf({ deployment: { replicas: 1 } }, [container], [pod]);
    const answer = await answerOf('createWorkload', { ...form, name }, 'changes { path }');
    if (name !== 'refused') return expect(answer.__typename).toMatch(/ConflictError|ValidationError/);
    expect(answer).toMatchObject({ __typename: 'ValidationError' });
    const paths = (answer.issues as { path: string[] }[]).map((issue) => issue.path.join('.'));
    expect(paths.filter((one) => one.startsWith(path))).not.toEqual([]);
  });
});

describe('operations of a workload, on whatever cluster', () => {
  it('scale, stop, start, change, go back, copy and delete it (CMP-68 to CMP-78)', async () => {
    const form = formOf({ deployment: { replicas: 3, strategy: { type: 'RECREATE' } } }, [], []);
    const made = await done('createWorkload', { ...form, name: 'moved' }, 'workload { id }');
    const { id } = made.workload as { id: string };
    const is = (fields: string, expected: object) =>
      until(async () => {
        const { node } = await query(`query ($id: ID!) { node(id: $id) { ... on Workload { ${fields} } } }`, { id });
        expect(node).toMatchObject(expected);
      }, patienceMs);
    await done('scaleWorkload', { id, replicas: 2 }, 'changes { path }');
    await is('desiredReplicas', { desiredReplicas: 2 });
    await done('stopWorkload', { id }, 'changes { path }');
    await is('desiredReplicas', { desiredReplicas: 0 });
    expect((await answerOf('stopWorkload', { id }, 'changes { path }')).__typename).toBe('PreconditionError');
    await done('startWorkload', { id }, 'changes { path }');
    await is('desiredReplicas images', { desiredReplicas: 2, images: [image] });
    const other = `${image}.1`;
    const template = { containers: [{ name: 'main', image: other }] };
    await done(
      'updateWorkload',
      { id, kind: { deployment: {} }, template, acknowledge: form.acknowledge },
      'changes { path }',
    );
    await is('images', { images: [other] });
    await done('copyWorkload', { id, name: 'twin' }, 'workload { name images }');
    await is('revisions { number }', { revisions: [{ number: 2 }, { number: 1 }] });
    await done('rollBackWorkload', { id, revision: 1 }, 'changes { path }');
    await is('images', { images: [image] });
    await done('deleteWorkload', { id, confirm: 'moved' }, 'changes { path }');
    await until(async () => {
      const { node } = await query('query ($id: ID!) { node(id: $id) { id } }', { id });
      expect(node).toBeNull();
    }, patienceMs);
  });
});

describe('configuration, on whatever cluster', () => {
  it('is made, used, changed by key, kept while it is used, and deleted (CMP-89 to CMP-101)', async () => {
    const data = [
      { key: 'mode', text: 'slow' },
      { key: 'blob', base64: 'AAEC/w==' },
    ];
    const map = (await done('createConfigMap', { ...place(), name: 'used', data }, 'configMap { id }'))
      .configMap as Named;
    const pair = { address: 'registry.example.com', username: 'robot', password: 'a word' };
    const secret = (
      await done(
        'createSecret',
        { ...place(), name: 'pull', content: { registryCredentials: pair } },
        'secret { id type }',
      )
    ).secret as Named;
    expect(secret).toMatchObject({ type: 'REGISTRY_CREDENTIALS' });
    const form = formOf(
      { deployment: { replicas: 1 } },
      [{ env: [{ name: 'MODE', valueFrom: { configMapKey: { name: 'used', key: 'mode' } } }] }],
      [{ imagePullSecrets: ['pull'] }],
    );
    const user = (await done('createWorkload', { ...form, name: 'user' }, 'workload { id }')).workload as Named;

    const set = [{ key: 'mode', text: 'fast' }];
    await done('updateConfigMap', { id: map.id, set, remove: ['blob'], acknowledge: ['IN_USE'] }, 'changes { path }');
    await until(async () => {
      const { node } = await query(
        'query ($id: ID!) { node(id: $id) { ... on ConfigMap { updatedAt data { key value } binaryKeys } } }',
        { id: map.id },
      );
      expect(node).toMatchObject({
        data: [{ key: 'mode', value: 'fast' }],
        binaryKeys: [],
        updatedAt: expect.any(String),
      });
    }, patienceMs);
    await until(async () => {
      expect((await answerOf('deleteConfigMap', { id: map.id }, 'changes { path }')).__typename).toMatch(
        /InUseError|PreconditionError/,
      );
      expect((await answerOf('deleteSecret', { id: secret.id }, 'changes { path }')).__typename).toMatch(
        /InUseError|PreconditionError/,
      );
    }, patienceMs);
    await done('deleteWorkload', { id: user.id, confirm: 'user' }, 'changes { path }');
    await until(async () => {
      expect((await answerOf('deleteConfigMap', { id: map.id }, 'changes { path }')).__typename).toBe(
        'DeleteConfigMapSuccess',
      );
    }, patienceMs);
    await done('deleteSecret', { id: secret.id }, 'changes { path }');
  });

  it.each([
    ['a key that no cluster takes', 'createConfigMap', { name: 'bad', data: [{ key: 'a b', text: 'c' }] }],
    ['a name that no cluster takes', 'createConfigMap', { name: 'No_Name' }],
    [
      'a pair of which nothing can be read',
      'createSecret',
      { name: 'bad', content: { tls: { certificate: 'none', privateKey: 'none' } } },
    ],
  ])('refuses %s', async (_what, mutation, input) => {
    expect(await answerOf(mutation, { ...place(), ...input }, 'changes { path }')).toMatchObject({
      __typename: 'ValidationError',
    });
  });
});

describe('an application, on whatever cluster', () => {
  it('is made with its workloads, stopped, started and deleted with them (CMP-37 to CMP-43)', async () => {
    const made = await done('createApplication', { ...place(), name: 'shop' }, 'application { id }');
    const { id } = made.application as Named;
    const {
      acknowledge: _warnings,
      cluster: _cluster,
      namespace: _namespace,
      ...form
    } = formOf({ deployment: { replicas: 2 } }, [], []);
    const workloads = ['front', 'back'].map((name) => ({ ...form, name }));
    const { results } = await done(
      'addApplicationWorkloads',
      { id, workloads, acknowledge: ['ALL_PODS_UNAVAILABLE'] },
      'results { outcome workload { id } }',
    );
    expect(results).toMatchObject([{ outcome: 'DONE' }, { outcome: 'DONE' }]);
    const are = (replicas: number) =>
      until(async () => {
        const { node } = await query(
          'query ($id: ID!) { node(id: $id) { ... on Application { workloads { nodes { name desiredReplicas } } } } }',
          { id },
        );
        const { nodes } = (node as { workloads: { nodes: { desiredReplicas: number }[] } }).workloads;
        expect(nodes.map(({ desiredReplicas }) => desiredReplicas)).toEqual([replicas, replicas]);
      }, patienceMs);
    await are(2);
    await done('stopApplication', { id, confirm: 'shop' }, 'results { outcome }');
    await are(0);
    await until(async () => {
      const { node } = await query('query ($id: ID!) { node(id: $id) { ... on Application { state } } }', { id });
      expect(node).toEqual({ state: 'STOPPED' });
    }, patienceMs);
    await done('startApplication', { id, confirm: 'shop' }, 'results { outcome }');
    await are(2);
    await done('deleteApplication', { id, deleteWorkloads: true, confirm: 'shop' }, 'changes { path }');
    await until(async () => {
      const { workloads: left } = await query(
        'query ($f: WorkloadFilter) { workloads(filter: $f) { nodes { name } } }',
        { f: { cluster, namespaces: [namespace] } },
      );
      const names = (left as { nodes: { name: string }[] }).nodes.map(({ name }) => name);
      expect(names.filter((name) => name === 'front' || name === 'back')).toEqual([]);
    }, patienceMs);
  });
});
