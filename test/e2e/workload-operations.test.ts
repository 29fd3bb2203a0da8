import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { createSeededRandom, startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const token = 'the-token-of-a-developer-of-two-clusters';
const tokenOfScaler = 'the-token-of-one-who-only-scales-deployments';
const stack = new AsyncDisposableStack();
/** `plain` has the profile default and OpenKruise, `strict` the profile ecs. */
let plain: EmbeddedCluster;
let strict: EmbeddedCluster;
let gateway: TestGateway;

beforeAll(async () => {
  plain = stack.use(
    await startEmbeddedCluster({ name: 'plain', speed: 40, nodes: 2, engines: await loadEngines(['kruise']) }),
  );
  strict = stack.use(await startEmbeddedCluster({ name: 'strict', speed: 40, nodes: 2 }));
  for (const { store } of [plain, strict]) {
    store.create(store.resource('', 'namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  }
  const files = [stack.use(await kubeconfigFile(plain)), stack.use(await kubeconfigFile(strict))];
  const namespaces = ['shop'];
  gateway = stack.use(
    await startTestGateway({
      settings: {
        embedded: { enabled: false },
        roles: [
          {
            name: 'scaler',
            description: 'Sees Deployments and scales them, and sees nothing else.',
            extends: ['GUEST'],
            rules: [{ actions: ['READ', 'SCALE'], subjects: ['apps/Deployment'], where: 'namespaces' }],
          },
        ],
        tokens: [
          staticToken('developer', token, { roles: ['DEVELOPER'], namespaces }),
          staticToken('scaler', tokenOfScaler, { roles: ['scaler'], namespaces }),
        ],
        clusters: [
          { name: 'plain', kubeconfig: files[0]?.path },
          { name: 'strict', kubeconfig: files[1]?.path, profile: 'ecs' },
        ],
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

const plurals = {
  Deployment: ['apps', 'deployments'],
  StatefulSet: ['apps', 'statefulsets'],
  DaemonSet: ['apps', 'daemonsets'],
  Job: ['batch', 'jobs'],
  CronJob: ['batch', 'cronjobs'],
} as const;
type Kind = keyof typeof plurals;

/** Puts a workload into a cluster and waits until the gateway has it; answers its id. */
async function make(cluster: EmbeddedCluster, kind: Kind, name: string, more: object = {}): Promise<string> {
  const [group, plural] = plurals[kind];
  const labels = { app: name };
  const podSpec = { containers: [{ name: 'web', image: 'registry.local/web:v1' }], ...more };
  const template = { metadata: { labels }, spec: podSpec };
  const job = { template: { spec: { ...podSpec, restartPolicy: 'Never' } } };
  const specs = {
    Deployment: { replicas: 2, selector: { matchLabels: labels }, template },
    StatefulSet: { replicas: 2, serviceName: name, selector: { matchLabels: labels }, template },
    DaemonSet: { selector: { matchLabels: labels }, template },
    Job: {
      ...job,
      template: {
        spec: { ...job.template.spec, containers: [{ name: 'web', image: 'busybox', command: ['sleep', '100000'] }] },
      },
    },
    CronJob: { schedule: '0 0 1 1 *', jobTemplate: { spec: job } },
  };
  put(cluster, group, plural, { apiVersion: `${group}/v1`, kind, metadata: { name }, spec: specs[kind] });
  return until(async () => {
    const { workloads } = await read<{ workloads: { nodes: { id: string }[] } }>(
      `{ workloads(filter: { cluster: "${cluster.name}", name: { equals: "${name}" } }) { nodes { id } } }`,
    );
    const id = workloads.nodes[0]?.id;
    if (id === undefined) throw new Error(`The gateway has no ${kind} '${name}' yet`);
    return id;
  });
}

function put(
  cluster: EmbeddedCluster,
  group: string,
  plural: string,
  draft: { readonly metadata: object; readonly [field: string]: unknown },
): void {
  const { store } = cluster;
  store.create(store.resource(group, plural), {
    apiVersion: 'v1',
    ...draft,
    metadata: { namespace: 'shop', ...draft.metadata },
  } as never);
}

/** A claim in `strict` that one node alone can write, as soon as the gateway has it. */
async function putDisk(name: string): Promise<void> {
  put(strict, '', 'persistentvolumeclaims', {
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  const claim = `object(cluster: "strict", apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: "shop", name: "${name}") { name }`;
  await until(async () => expect(await read(`{ ${claim} }`)).toEqual({ object: { name } }));
}

const read = <T>(source: string) => ask<T, object>(gateway, source, {}, { token });

interface Seen {
  readonly status: string;
  readonly desiredReplicas: number | null;
  readonly pods: { readonly totalCount: number };
  readonly operationStates: readonly { operation: string; isAllowed: boolean; reason: string | null }[];
}

async function see(id: string): Promise<Seen> {
  const fields =
    '... on Workload { status desiredReplicas pods { totalCount } operationStates { operation isAllowed reason } }';
  const { node } = await read<{ node: Seen }>(`{ node(id: "${id}") { ${fields} } }`);
  return node;
}

interface Answer {
  readonly __typename: string;
  readonly code?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly issues?: readonly { readonly path: readonly unknown[]; readonly code: string }[];
  readonly changes?: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
}

async function write<T = object>(mutation: string, input: object, fields = '', as = token): Promise<Answer & T> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
  const isBatch = 'ids' in input;
  const own = isBatch ? fields : `changes { path before after } ${fields}`;
  const source = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename
    ... on ${type}Success { ${own} } ... on Error { code message }
    ... on PreconditionError { reason } ... on ValidationError { issues { path code } } } }`;
  const answer = await ask<Record<string, Answer & T>, object>(gateway, source, { input }, { token: as });
  return answer[mutation] as Answer & T;
}

const ok = (mutation: string) => ({
  __typename: `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Success`,
});

describe('stopping and starting', () => {
  it.each([
    ['Deployment', 2],
    ['StatefulSet', 2],
    ['DaemonSet', 2],
    ['Job', 1],
    ['CronJob', 0],
  ] as const)('ends the pods of a %s, and brings them back (CMP-72)', async (kind, pods) => {
    const id = await make(plain, kind, `stop-${kind.toLowerCase()}`);
    await until(async () => expect(await see(id)).toMatchObject({ status: 'RUNNING', pods: { totalCount: pods } }));
    expect(await write('startWorkload', { id })).toMatchObject({ reason: 'WORKLOAD_NOT_STOPPED' });
    const preview = await write('stopWorkload', { id, dryRun: true });
    expect(preview).toMatchObject(ok('stopWorkload'));
    expect(preview.changes?.length).toBeGreaterThan(0);
    expect((await see(id)).status).toBe('RUNNING');
    expect(await write('stopWorkload', { id })).toMatchObject(ok('stopWorkload'));
    await until(async () => expect(await see(id)).toMatchObject({ status: 'STOPPED', pods: { totalCount: 0 } }));
    expect(await write('stopWorkload', { id })).toMatchObject({ reason: 'WORKLOAD_STOPPED' });
    expect(await write('startWorkload', { id })).toMatchObject(ok('startWorkload'));
    await until(async () => expect(await see(id)).toMatchObject({ status: 'RUNNING', pods: { totalCount: pods } }));
  });

  it('is done to several at once, each with its own answer (CMP-72)', async () => {
    const ids = [await make(plain, 'Deployment', 'several-a'), await make(plain, 'Deployment', 'several-b')];
    await write('stopWorkload', { id: ids[0] });
    const fields = 'okCount failedCount results { ok error { code message } }';
    expect(await write('stopWorkloads', { ids }, fields)).toMatchObject({
      okCount: 1,
      failedCount: 1,
      results: [
        { ok: false, error: { code: 'PRECONDITION_FAILED' } },
        { ok: true, error: null },
      ],
    });
    expect(await write('startWorkloads', { ids }, fields)).toMatchObject({ okCount: 2, failedCount: 0 });
  });
});

describe('what a profile does not offer', () => {
  it('is told beforehand and refused by the mutation (CMP-71, refused)', async () => {
    const id = await make(strict, 'Job', 'ecs-job');
    const { operationStates } = await see(id);
    expect(operationStates.filter(({ isAllowed }) => isAllowed).map(({ operation }) => operation)).toEqual(['DELETE']);
    expect(await write('stopWorkload', { id })).toMatchObject({ reason: 'KIND_NOT_OFFERED' });
    expect(await write('updateWorkloadMetadata', { id, labels: [{ key: 'team', value: 'a' }] })).toMatchObject({
      reason: 'KIND_NOT_OFFERED',
    });
  });

  it('is to scale by hand what is stopped, or what a policy scales (CMP-71, CMP-78, CON-18, refused)', async () => {
    const id = await make(strict, 'Deployment', 'scaled');
    put(strict, 'autoscaling', 'horizontalpodautoscalers', {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'scaled' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'scaled' },
        minReplicas: 1,
        maxReplicas: 5,
      },
    });
    const autoscaled = { operation: 'SCALE', isAllowed: false, reason: 'AUTOSCALED' };
    await until(async () => expect((await see(id)).operationStates).toContainEqual(autoscaled));
    expect(await write('scaleWorkload', { id, replicas: 3 })).toMatchObject({ reason: 'AUTOSCALED' });
    // Also for one who may not see the policy, and is not told its name.
    expect(await write('scaleWorkload', { id, replicas: 3 }, '', tokenOfScaler)).toMatchObject({
      reason: 'AUTOSCALED',
      message: expect.stringContaining('is scaled by a HorizontalPodAutoscaler:'),
    });
    const stopped = await make(strict, 'Deployment', 'stopped');
    await write('stopWorkload', { id: stopped });
    expect(await write('scaleWorkload', { id: stopped, replicas: 3 })).toMatchObject({ reason: 'WORKLOAD_STOPPED' });
  });

  it('is no other thing when it is done by YAML (CMP-71, CMP-54, refused)', async () => {
    const apply = (name: string, spec: object, kind = 'Deployment', apiVersion = 'apps/v1') => {
      const manifest = JSON.stringify({ apiVersion, kind, metadata: { name, namespace: 'shop' }, spec });
      return write('applyManifest', { cluster: 'strict', manifest, force: true });
    };
    const code = (word: string) => ({ issues: [{ code: word }] });
    // `scaled` has a policy, `stopped` is stopped, by the test before.
    expect(await apply('scaled', { replicas: 3 })).toMatchObject(code('autoscaled'));
    expect(await apply('stopped', { replicas: 5 })).toMatchObject(code('workload_stopped'));
    expect(await apply('stopped', { paused: true })).toMatchObject(code('kind_not_offered'));
    expect(await apply('ecs-job', { backoffLimit: 1 }, 'Job', 'batch/v1')).toMatchObject(code('kind_not_offered'));
    // What the mutation does, the text does too.
    expect(await apply('stopped', { replicas: 2 })).toMatchObject(ok('applyManifest'));
    const { workload } = await read<{ workload: { id: string; yaml: string; resourceVersion: string } }>(
      '{ workload(cluster: "strict", kind: DEPLOYMENT, namespace: "shop", name: "scaled") { id yaml resourceVersion } }',
    );
    const edited = {
      id: workload.id,
      original: workload.yaml,
      resourceVersion: workload.resourceVersion,
      manifest: workload.yaml.replace('replicas: 2', 'replicas: 4'),
    };
    expect(await write('updateManifest', edited)).toMatchObject(code('autoscaled'));
    await putDisk('disk-by-yaml');
    const labels = { app: 'disk-by-yaml' };
    const volumes = [{ name: 'disk', persistentVolumeClaim: { claimName: 'disk-by-yaml' } }];
    const template = { metadata: { labels }, spec: { volumes, containers: [{ name: 'web', image: 'web:v1' }] } };
    const spec = { replicas: 2, selector: { matchLabels: labels }, template };
    expect(await apply('disk-by-yaml', spec)).toMatchObject(code('disk_of_one_node'));
    expect(await apply('disk-by-yaml', { ...spec, replicas: 1 })).toMatchObject(ok('applyManifest'));
  });

  it('is more than one pod on a disk of one node, also when scaled or started (CMP-54, refused)', async () => {
    await putDisk('disk');
    const volumes = [{ name: 'disk', persistentVolumeClaim: { claimName: 'disk' } }];
    // It came with two pods, past the form.
    const id = await make(strict, 'Deployment', 'with-disk', { volumes });
    expect(await write('scaleWorkload', { id, replicas: 3 })).toMatchObject({
      issues: [{ path: ['replicas'], code: 'disk_of_one_node' }],
    });
    expect(await write('stopWorkload', { id })).toMatchObject(ok('stopWorkload'));
    expect(await write('startWorkload', { id })).toMatchObject({
      issues: [{ path: ['id'], code: 'disk_of_one_node' }],
    });
    const other = await make(plain, 'Deployment', 'no-such-rule');
    expect(await write('scaleWorkload', { id: other, replicas: 3 })).toMatchObject(ok('scaleWorkload'));
  });
});

const inputOfOperation = {
  EDIT: ['updateWorkloadMetadata', { labels: [{ key: 'walked', value: 'yes' }] }],
  START: ['startWorkload', {}],
  STOP: ['stopWorkload', {}],
  RESTART: ['restartWorkload', {}],
  SCALE: ['scaleWorkload', { replicas: 1 }],
  PAUSE: ['pauseWorkload', {}],
  RESUME: ['resumeWorkload', {}],
  KILL_INSTANCES: ['killWorkloadInstances', { instances: ['none-0'] }],
  START_INSTANCES: ['startWorkloadInstances', { instances: ['none-0'] }],
} as const;
type Walked = keyof typeof inputOfOperation;

describe('Jobs and CronJobs', () => {
  const page = (kind: string, name: string) =>
    read<{ workload: { id: string; yaml: string; operationStates: Seen['operationStates'] } | null }>(
      `{ workload(cluster: "strict", kind: ${kind}, namespace: "shop", name: "${name}") { id yaml operationStates { operation isAllowed reason } } }`,
    );
  const allowedOf = (states: Seen['operationStates'] | undefined) =>
    states?.filter(({ isAllowed }) => isAllowed).map(({ operation }) => operation);

  it('are seen in detail and as YAML, a Job is only deleted, a CronJob is run, stopped, edited and deleted (CMP-67)', async () => {
    const job = await make(strict, 'Job', 'of-cmp-67');
    const cron = await make(strict, 'CronJob', 'cron-of-cmp-67');
    const { workload: seen } = await page('JOB', 'of-cmp-67');
    expect(seen?.yaml).toContain('kind: Job');
    expect(allowedOf(seen?.operationStates)).toEqual(['DELETE']);
    const { workload: seenCron } = await page('CRON_JOB', 'cron-of-cmp-67');
    expect(seenCron?.yaml).toContain('schedule:');
    expect(allowedOf(seenCron?.operationStates)).toEqual(['EDIT', 'STOP', 'DELETE']);
    expect(await write('stopWorkload', { id: cron })).toMatchObject(ok('stopWorkload'));
    await until(async () => expect((await see(cron)).status).toBe('STOPPED'));
    expect(await write('startWorkload', { id: cron })).toMatchObject(ok('startWorkload'));
    const { object } = await read<{ object: { yaml: string; resourceVersion: string } }>(
      '{ object(cluster: "strict", apiVersion: "batch/v1", kind: "CronJob", namespace: "shop", name: "cron-of-cmp-67") { yaml resourceVersion } }',
    );
    const manifest = object.yaml.replace('0 0 1 1 *', '0 5 * * *');
    const edit = { id: cron, manifest, resourceVersion: object.resourceVersion };
    expect(await write('updateManifest', edit)).toMatchObject(ok('updateManifest'));
    expect(await write('deleteWorkload', { id: job })).toMatchObject(ok('deleteWorkload'));
    expect(await write('deleteWorkload', { id: cron })).toMatchObject(ok('deleteWorkload'));
    await until(async () => expect(await page('CRON_JOB', 'cron-of-cmp-67')).toEqual({ workload: null }));
  });

  it('are not stopped, scaled, restarted or edited where the table has no tick (CMP-67, refused)', async () => {
    const id = await make(strict, 'Job', 'refused-of-cmp-67');
    expect(await write('startWorkload', { id })).toMatchObject({ reason: 'KIND_NOT_OFFERED' });
    expect(await write('scaleWorkload', { id, replicas: 2 })).toMatchObject({ reason: 'NOT_SCALABLE' });
    expect(await write('restartWorkload', { id })).toMatchObject({ reason: 'NOT_RESTARTABLE' });
    const { object } = await read<{ object: { yaml: string; resourceVersion: string } }>(
      '{ object(cluster: "strict", apiVersion: "batch/v1", kind: "Job", namespace: "shop", name: "refused-of-cmp-67") { yaml resourceVersion } }',
    );
    const edit = { id, manifest: object.yaml, resourceVersion: object.resourceVersion };
    expect(await write('updateManifest', edit)).toMatchObject({ code: 'PRECONDITION_FAILED' });
    // Bad input: no id of a workload at all.
    expect(await write('stopWorkload', { id: 'no-id' })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the list of workloads', () => {
  const list = (args: string, more = '') =>
    read<{
      workloads: { nodes: { name: string; namespace: string; cluster: { name: string } }[]; totalCount: number };
    }>(
      `{ workloads(${args}) { totalCount nodes { name namespace cluster { name } status desiredReplicas readyReplicas images ${more} } } }`,
    );

  it('is filtered by cluster and namespace and searched by name, and opens into its instances (CMP-68)', async () => {
    await make(plain, 'Deployment', 'of-cmp-68-vote');
    await make(strict, 'Deployment', 'of-cmp-68-vote');
    const { workloads: both } = await list('filter: { name: { contains: "OF-CMP-68" } }');
    expect(both.nodes.map(({ cluster }) => cluster.name).sort()).toEqual(['plain', 'strict']);
    const one = 'filter: { cluster: "plain", namespaces: ["shop"], name: { contains: "cmp-68" } }';
    await until(async () => {
      const { workloads } = await list(one, 'id pods { nodes { name status: reason } }');
      expect(workloads).toMatchObject({
        totalCount: 1,
        nodes: [{ name: 'of-cmp-68-vote', namespace: 'shop', status: 'RUNNING', desiredReplicas: 2, readyReplicas: 2 }],
      });
      expect(workloads.nodes[0]).toMatchObject({ pods: { nodes: [{ status: 'Running' }, { status: 'Running' }] } });
    });
  });

  it('has nothing of other namespaces, and tells of a cluster that is not there (CMP-68, refused)', async () => {
    put(plain, '', 'namespaces', { kind: 'Namespace', metadata: { name: 'bank', namespace: undefined } });
    const labels = { app: 'vault' };
    put(plain, 'apps', 'deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'vault', namespace: 'bank' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:v1' }] } },
      },
    });
    expect((await list('filter: { namespaces: ["bank"] }')).workloads.nodes).toEqual([]);
    const { workloads } = await read<{ workloads: { nodes: unknown[]; problems: unknown[] } }>(
      '{ workloads(filter: { cluster: "none" }) { nodes { name } problems { code } } }',
    );
    expect(workloads).toEqual({ nodes: [], problems: [{ code: 'CLUSTER_NOT_FOUND' }] });
    // Bad input.
    const bad = await gateway.query('{ workloads(filter: { labelSelector: "a in" }) { totalCount } }', {}, { token });
    expect(bad.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });
});

describe('a walk through the table of operations', () => {
  const kinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'] as const;
  it.each(kinds)('is answered at each step as a %s says beforehand (CMP-71)', async (kind) => {
    const random = createSeededRandom(71 + kinds.indexOf(kind));
    const names = Object.keys(inputOfOperation) as Walked[];
    for (const cluster of [plain, strict]) {
      const id = await make(cluster, kind, `walk-${kind.toLowerCase()}`);
      for (let step = 0; step < 12; step += 1) {
        const operation = random.pick(names);
        const expected = (await see(id)).operationStates.find((state) => state.operation === operation);
        const [mutation, input] = inputOfOperation[operation];
        const answer = await write(mutation, { id, ...input });
        const told = { isAllowed: expected?.isAllowed, reason: expected?.reason ?? null };
        const isDone = answer.__typename === ok(mutation).__typename;
        expect({ operation, isAllowed: isDone, reason: answer.reason ?? null }).toEqual({ operation, ...told });
      }
    }
  });
});

interface Instance {
  readonly name: string;
  readonly ordinal: number | null;
  readonly state: string;
  readonly images: readonly string[];
}

function makeOfKruise(kind: 'CloneSet' | 'StatefulSet', name: string): string {
  const labels = { app: name };
  const isClone = kind === 'CloneSet';
  const podSpec = {
    containers: [{ name: 'web', image: 'registry.local/web:v1' }],
    readinessGates: [{ conditionType: 'InPlaceUpdateReady' }],
  };
  const strategy = isClone
    ? { type: 'InPlaceIfPossible', maxUnavailable: 3 }
    : { rollingUpdate: { podUpdatePolicy: 'InPlaceIfPossible', maxUnavailable: 3 } };
  put(plain, 'apps.kruise.io', isClone ? 'clonesets' : 'statefulsets', {
    apiVersion: `apps.kruise.io/${isClone ? 'v1alpha1' : 'v1beta1'}`,
    kind,
    metadata: { name },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec },
      updateStrategy: strategy,
      ...(isClone ? {} : { serviceName: name, podManagementPolicy: 'Parallel' }),
    },
  });
  const place = ['plain', 'apps.kruise.io', kind, 'shop', name].join('|');
  return Buffer.from(`k8s|${place}`).toString('base64url');
}

async function instancesOf(id: string): Promise<readonly Instance[]> {
  const list = 'instances { nodes { name ordinal state images } }';
  const { node } = await read<{ node: { instances: { nodes: Instance[] } } | null }>(
    `{ node(id: "${id}") { ... on AdvancedStatefulSet { ${list} } ... on CloneSet { ${list} } } }`,
  );
  return node?.instances.nodes ?? [];
}

/** `tapp-0 RUNNING v1`, one for each instance. */
const inShort = (instances: readonly Instance[]): readonly string[] =>
  instances.map(({ name, state, images }) => [name, state, ...images.map((image) => image.split(':')[1])].join(' '));

const untilInstances = (id: string, expected: readonly string[]) =>
  until(async () => expect(inShort(await instancesOf(id))).toEqual(expected));

describe('a TApp', () => {
  it('has instances that are killed and started one by one (CMP-79, CMP-88)', async () => {
    const id = makeOfKruise('StatefulSet', 'tapp');
    await untilInstances(id, ['tapp-0 RUNNING v1', 'tapp-1 RUNNING v1', 'tapp-2 RUNNING v1']);
    expect(await write('killWorkloadInstances', { id, instances: ['tapp-1'] })).toMatchObject(
      ok('killWorkloadInstances'),
    );
    await untilInstances(id, ['tapp-0 RUNNING v1', 'tapp-1 KILLED', 'tapp-2 RUNNING v1']);
    expect(await write('killWorkloadInstances', { id, instances: ['tapp-1', 'tapp-9', 'other'] })).toMatchObject({
      issues: [{ code: 'is_killed' }, { code: 'no_such_instance' }, { code: 'no_such_instance' }],
    });
    expect(await write('startWorkloadInstances', { id, instances: ['tapp-0'] })).toMatchObject({
      issues: [{ code: 'not_killed' }],
    });
    expect(await write('startWorkloadInstances', { id, instances: ['tapp-1'] })).toMatchObject(
      ok('startWorkloadInstances'),
    );
    await untilInstances(id, ['tapp-0 RUNNING v1', 'tapp-1 RUNNING v1', 'tapp-2 RUNNING v1']);
  });

  it('runs several versions at once, is scaled out with one and scaled in by name (CMP-79, CMP-80)', async () => {
    const id = makeOfKruise('StatefulSet', 'gray');
    const v = (tag: string) => [{ image: `registry.local/web:${tag}` }];
    await untilInstances(id, ['gray-0 RUNNING v1', 'gray-1 RUNNING v1', 'gray-2 RUNNING v1']);
    expect(await write('updateWorkloadInstances', { id, instances: ['gray-0'], images: v('v2') })).toMatchObject(
      ok('updateWorkloadInstances'),
    );
    await untilInstances(id, ['gray-0 RUNNING v2', 'gray-1 RUNNING v1', 'gray-2 RUNNING v1']);
    await until(async () =>
      expect(await write('updateWorkloadInstances', { id, instances: ['gray-2'], images: v('v3') })).toMatchObject(
        ok('updateWorkloadInstances'),
      ),
    );
    await untilInstances(id, ['gray-0 RUNNING v2', 'gray-1 RUNNING v1', 'gray-2 RUNNING v3']);
    // Back to an image that others still have.
    await until(async () =>
      expect(await write('updateWorkloadInstances', { id, instances: ['gray-0'], images: v('v1') })).toMatchObject(
        ok('updateWorkloadInstances'),
      ),
    );
    await untilInstances(id, ['gray-0 RUNNING v1', 'gray-1 RUNNING v1', 'gray-2 RUNNING v3']);
    await until(async () =>
      expect(await write('scaleWorkload', { id, replicas: 4, newInstanceImages: v('v4') })).toMatchObject(
        ok('scaleWorkload'),
      ),
    );
    await untilInstances(id, ['gray-0 RUNNING v1', 'gray-1 RUNNING v1', 'gray-2 RUNNING v3', 'gray-3 RUNNING v4']);
    expect(await write('scaleWorkload', { id, replicas: 1, removeInstances: ['gray-3'] })).toMatchObject({
      issues: [{ path: ['replicas'], code: 'does_not_fit' }],
    });
    expect(await write('scaleWorkload', { id, replicas: 2, removeInstances: ['gray-0', 'gray-3'] })).toMatchObject(
      ok('scaleWorkload'),
    );
    await untilInstances(id, ['gray-0 KILLED', 'gray-1 RUNNING v1', 'gray-2 RUNNING v3']);
    // All of them.
    await until(async () =>
      expect(await write('updateWorkloadInstances', { id, images: v('v5') })).toMatchObject(
        ok('updateWorkloadInstances'),
      ),
    );
    await untilInstances(id, ['gray-0 KILLED', 'gray-1 RUNNING v5', 'gray-2 RUNNING v5']);
  });

  it('is stopped, started, paused and rolled back as others are (CMP-72, CMP-77)', async () => {
    const id = makeOfKruise('StatefulSet', 'whole');
    await untilInstances(id, ['whole-0 RUNNING v1', 'whole-1 RUNNING v1', 'whole-2 RUNNING v1']);
    expect(await write('pauseWorkload', { id })).toMatchObject(ok('pauseWorkload'));
    expect((await see(id)).status).toBe('PAUSED');
    expect(await write('updateWorkloadInstances', { id, images: [{ image: 'b:v2' }] })).toMatchObject({
      reason: 'WORKLOAD_PAUSED',
    });
    expect(await write('resumeWorkload', { id })).toMatchObject(ok('resumeWorkload'));
    await write('updateWorkloadInstances', { id, images: [{ image: 'registry.local/web:v2' }] });
    await untilInstances(id, ['whole-0 RUNNING v2', 'whole-1 RUNNING v2', 'whole-2 RUNNING v2']);
    expect(await write('rollBackWorkload', { id })).toMatchObject(ok('rollBackWorkload'));
    await untilInstances(id, ['whole-0 RUNNING v1', 'whole-1 RUNNING v1', 'whole-2 RUNNING v1']);
    expect(await write('stopWorkload', { id })).toMatchObject(ok('stopWorkload'));
    await until(async () => expect(await see(id)).toMatchObject({ status: 'STOPPED', pods: { totalCount: 0 } }));
    expect(await write('startWorkload', { id })).toMatchObject(ok('startWorkload'));
    await until(async () => expect(await see(id)).toMatchObject({ status: 'RUNNING', pods: { totalCount: 3 } }));
  });

  it('is what other workloads are not: their pods are all alike (CMP-79, refused)', async () => {
    const id = await make(plain, 'Deployment', 'alike');
    const reason = 'INSTANCES_ALIKE';
    expect(await write('killWorkloadInstances', { id, instances: ['alike-0'] })).toMatchObject({ reason });
    expect(await write('startWorkloadInstances', { id, instances: ['alike-0'] })).toMatchObject({ reason });
    expect(await write('updateWorkloadInstances', { id, images: [{ image: 'b' }] })).toMatchObject({ reason });
    expect(await write('scaleWorkload', { id, replicas: 1, removeInstances: ['alike-0'] })).toMatchObject({ reason });
  });
});

describe('a CloneSet', () => {
  it('lets instances be chosen for an update and for a scaling in (CMP-79, CMP-80)', async () => {
    const id = makeOfKruise('CloneSet', 'clones');
    const running = await until(async () => {
      const found = await instancesOf(id);
      expect(found.map(({ state }) => state)).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
      return found;
    });
    const [first, second, third] = running.map(({ name }) => name);
    const images = [{ container: 'web', image: 'registry.local/web:v2' }];
    await until(async () =>
      expect(await write('updateWorkloadInstances', { id, instances: [second], images })).toMatchObject(
        ok('updateWorkloadInstances'),
      ),
    );
    await untilInstances(id, [`${first} RUNNING v1`, `${second} RUNNING v2`, `${third} RUNNING v1`]);
    expect(await write('scaleWorkload', { id, replicas: 2, removeInstances: ['stranger'] })).toMatchObject({
      issues: [{ path: ['removeInstances', '0'], code: 'no_such_instance' }],
    });
    expect(await write('scaleWorkload', { id, replicas: 2, removeInstances: [first] })).toMatchObject(
      ok('scaleWorkload'),
    );
    await untilInstances(id, [`${second} RUNNING v2`, `${third} RUNNING v1`]);
  });
});

describe('a cluster without OpenKruise', () => {
  it('has no problem of its own in lists and streams (CMP-79)', async () => {
    const source =
      '{ workloads(filter: { cluster: "strict", kinds: [CLONE_SET, DEPLOYMENT] }) { problems { message } } }';
    expect(await read(source)).toEqual({ workloads: { problems: [] } });
    const stream = gateway.subscribe<{ workloadChanges: { type: string } }>(
      'subscription { workloadChanges(filter: { cluster: "strict", kinds: [CLONE_SET] }) { type } }',
      {},
      { token },
    );
    const first = await stream.next();
    await stream.stop();
    expect(first.data?.workloadChanges.type).toBe('SNAPSHOT');
  });
});

describe('deleting', () => {
  it('tells what goes with it and what stays, and then does it (CMP-74)', async () => {
    const id = await make(plain, 'Deployment', 'leaving');
    put(plain, '', 'services', {
      kind: 'Service',
      metadata: { name: 'leaving' },
      spec: { selector: { app: 'leaving' }, ports: [{ port: 80 }] },
    });
    await until(async () => expect((await see(id)).pods.totalCount).toBe(2));
    const fields = 'workload { name } goesWith { kind } staysBehind { kind name }';
    const kinds = { goesWith: [{ kind: 'ReplicaSet' }, { kind: 'Pod' }, { kind: 'Pod' }] };
    await until(async () =>
      expect(await write('deleteWorkload', { id, dryRun: true }, fields)).toMatchObject({
        workload: { name: 'leaving' },
        ...kinds,
        staysBehind: [{ kind: 'Service', name: 'leaving' }],
      }),
    );
    expect(await write('deleteWorkload', { id }, fields)).toMatchObject({ ...ok('deleteWorkload'), workload: null });
    await until(() => {
      const { store } = plain;
      const left = store.list(store.resource('', 'pods'), 'shop');
      expect(left.filter(({ metadata }) => metadata.labels?.app === 'leaving')).toEqual([]);
    });
    expect(await write('deleteWorkload', { id })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('leaves the pods where it is told to (CMP-74)', async () => {
    const id = await make(plain, 'StatefulSet', 'orphaned');
    await until(async () => expect((await see(id)).pods.totalCount).toBe(2));
    const fields = 'goesWith { kind } staysBehind { kind }';
    expect(await write('deleteWorkload', { id, propagation: 'ORPHAN', dryRun: true }, fields)).toMatchObject({
      goesWith: [],
      staysBehind: [{ kind: 'Pod' }, { kind: 'Pod' }],
    });
    expect(await write('deleteWorkload', { id, propagation: 'ORPHAN' })).toMatchObject(ok('deleteWorkload'));
    const { pods } = await read<{ pods: { totalCount: number } }>(
      '{ pods(filter: { cluster: "plain", labelSelector: "app=orphaned" }) { totalCount } }',
    );
    expect(pods.totalCount).toBe(2);
  });
});

describe('labels and annotations', () => {
  it('are set and taken away without a rollout (CMP-62)', async () => {
    const id = await make(plain, 'Deployment', 'labelled');
    const fields = 'workload { labels { key value } annotations { key value } revisions { number } }';
    const set = {
      labels: [{ key: 'team', value: 'a' }],
      annotations: [{ key: 'acme.example/note', value: 'Mind it' }],
    };
    await until(async () => {
      const answer = await write<{ workload: unknown }>('updateWorkloadMetadata', { id, ...set, dryRun: true }, fields);
      expect(answer.workload).toMatchObject({ revisions: [{ number: 1 }] });
    });
    const first = await write<{ workload: { annotations: unknown[] } }>(
      'updateWorkloadMetadata',
      { id, ...set },
      fields,
    );
    expect(first.workload).toMatchObject({ labels: [{ key: 'team', value: 'a' }], revisions: [{ number: 1 }] });
    expect(first.workload.annotations).toContainEqual({ key: 'acme.example/note', value: 'Mind it' });
    const removed = await write('updateWorkloadMetadata', { id, removeLabels: ['team'] }, fields);
    expect(removed).toMatchObject({ workload: { labels: [] } });
  });

  it.each([
    ['nothing to do', {}, 'empty'],
    ['a key of the platform', { annotations: [{ key: 'longshore.dev/replicas-before-stop', value: '9' }] }, 'reserved'],
    ['a key that is none', { labels: [{ key: 'not a key', value: 'a' }] }, 'invalid_key'],
    ['a value that is none', { labels: [{ key: 'team', value: 'a b' }] }, 'invalid_value'],
    ['a key that is set and removed', { labels: [{ key: 'team', value: 'a' }], removeLabels: ['team'] }, 'duplicate'],
  ])('are refused with %s (CMP-62, refused)', async (_name, input, code) => {
    const { workloads } = await read<{ workloads: { nodes: { id: string }[] } }>(
      '{ workloads(first: 1) { nodes { id } } }',
    );
    const answer = await write('updateWorkloadMetadata', { id: workloads.nodes[0]?.id, ...input });
    expect(answer.issues).toMatchObject([{ code }]);
  });
});
