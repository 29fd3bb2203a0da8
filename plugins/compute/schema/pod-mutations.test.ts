import { type DeletionCheck, encodeGlobalId } from 'longshore/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { podMetricsKind } from '../services/usage.ts';
import { built, createWorld, member, reader, stranger } from '../testing/create-world.ts';
import {
  controlledBy,
  makeNode,
  makeObject,
  makePod,
  makeReplicaSet,
  makeService,
  makeStatefulSet,
} from '../testing/make-objects.ts';

const set = makeReplicaSet({ metadata: { name: 'vote' } });
const stateful = makeStatefulSet({ metadata: { name: 'db' } });
const node = makeNode({
  metadata: {
    name: 'node-1',
    labels: {
      'topology.kubernetes.io/zone': 'sh-a',
      'topology.kubernetes.io/region': 'shanghai',
      'longshore.dev/isp': 'Unicom',
    },
  },
});
const web = makePod({
  metadata: {
    name: 'web',
    labels: { app: 'web' },
    annotations: { 'kubernetes.io/egress-bandwidth': '5M' },
    ...controlledBy(set),
  },
  spec: { nodeName: 'node-1', containers: [{ name: 'web', ports: [{ name: 'http', containerPort: 8080 }] }] },
  status: { phase: 'Running', podIP: '10.0.0.7', hostIP: '192.168.1.2' },
});
const stuck = makePod({
  metadata: { name: 'db-0', ...controlledBy(stateful) },
  status: { phase: 'Pending', reason: 'Evicted' },
});
const bare = makePod({ metadata: { name: 'bare' } });
const measured = makeObject(podMetricsKind, {
  metadata: { name: 'web' },
  timestamp: '2026-01-31T11:59:50Z',
  containers: [
    { name: 'web', usage: { cpu: '12345678n', memory: '20Mi' } },
    { name: 'proxy', usage: { cpu: '1500u', memory: '1024' } },
  ],
});
const service = makeService({
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
});
const objects = [set, stateful, node, web, stuck, bare, measured, service];

const idOf = (name: string) =>
  encodeGlobalId({ of: 'kubernetes', cluster: 'c1', group: '', kind: 'Pod', namespace: 'shop', name });
const errors = `... on Error { code message } ... on ValidationError { issues { path code } }
  ... on PreconditionError { reason unacknowledged { code message } }`;
const call = (name: string, pod: string, more = '') =>
  `mutation { ${name}(input: { id: "${idOf(pod)}" ${more} }) { __typename ... on ${name.charAt(0).toUpperCase()}${name.slice(1)}Success { id warnings pod { name } } ${errors} } }`;

async function answerOf(world: ReturnType<typeof createWorld>, source: string, as = member): Promise<unknown> {
  const { data, errors: failures } = await world.run(source, as);
  expect(failures).toBeUndefined();
  return JSON.parse(JSON.stringify(Object.values(data ?? {})[0]));
}

describe('deletePod', () => {
  it('deletes exactly the pod that was seen, in its own time (CMP-87)', async () => {
    const world = createWorld({ objects });
    expect(await answerOf(world, call('deletePod', 'web'))).toMatchObject({
      __typename: 'DeletePodSuccess',
      warnings: [],
    });
    expect(world.writes).toEqual([{ verb: 'delete', kind: 'Pod', name: 'web', isDryRun: false, uid: 'uid-Pod-web' }]);
  });

  it('says where nothing takes its place (CMP-87)', async () => {
    const world = createWorld({ objects });
    expect(await answerOf(world, call('deletePod', 'bare', 'dryRun: true'))).toMatchObject({
      warnings: [expect.stringMatching(/^Nothing controls this pod/)],
    });
  });

  it('forgets a pod that cannot end, once that is acknowledged (CMP-87, CORE-17)', async () => {
    const world = createWorld({ objects });
    expect(await answerOf(world, call('deletePod', 'db-0', 'force: true'))).toMatchObject({
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
      unacknowledged: [{ code: 'FORCED', message: expect.stringContaining('two pods of the same name') }],
    });
    expect(world.writes).toEqual([]);
    expect(await answerOf(world, call('deletePod', 'db-0', 'force: true acknowledge: [FORCED]'))).toMatchObject({
      __typename: 'DeletePodSuccess',
    });
    expect(world.writes).toMatchObject([{ name: 'db-0', gracePeriodSeconds: 0 }]);
  });

  it.each([
    ['a time with force', 'force: true gracePeriodSeconds: 5', 'gracePeriodSeconds with_force'],
    ['no time without force', 'gracePeriodSeconds: 0', 'gracePeriodSeconds too_small'],
  ])('refuses %s (CMP-87)', async (_name, more, issue) => {
    const world = createWorld({ objects });
    const { issues } = (await answerOf(world, call('deletePod', 'web', more))) as {
      issues: { path: string[]; code: string }[];
    };
    expect(issues.map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual([issue]);
    expect(world.writes).toEqual([]);
  });

  it.each(['deletePod', 'evictPod'])('by %s finds nothing for who may not see it (refused)', async (name) => {
    const world = createWorld({ objects });
    expect(await answerOf(world, call(name, 'web'), stranger)).toMatchObject({ __typename: 'NotFoundError' });
    expect(world.writes).toEqual([]);
  });
});

describe('evictPod', () => {
  it('asks the cluster to let exactly this pod go (CMP-87)', async () => {
    const world = createWorld({ objects });
    expect(await answerOf(world, call('evictPod', 'web', 'gracePeriodSeconds: 5'))).toMatchObject({
      __typename: 'EvictPodSuccess',
    });
    expect(world.writes).toEqual([
      {
        verb: 'create',
        kind: 'Pod',
        subresource: 'eviction',
        isDryRun: false,
        object: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { namespace: 'shop', name: 'web' },
          deleteOptions: { preconditions: { uid: 'uid-Pod-web' }, gracePeriodSeconds: 5 },
        },
      },
    ]);
  });

  it('is never forced (refused)', async () => {
    const world = createWorld({ objects });
    expect(await answerOf(world, call('evictPod', 'web', 'gracePeriodSeconds: 0'))).toMatchObject({
      __typename: 'ValidationError',
    });
    expect(world.writes).toEqual([]);
  });
});

describe('pods that a plugin wants to stay', () => {
  const stays: DeletionCheck = {
    subjects: ['core/Pod'],
    check: () => ({ isRefused: true, message: 'It keeps the lock', references: [] }),
  };
  beforeAll(() => void built.registry.deletionChecks.push(stays));
  afterAll(() => void built.registry.deletionChecks.splice(built.registry.deletionChecks.indexOf(stays), 1));

  it.each([
    ['deletePod', 'force: true acknowledge: [FORCED]'],
    ['deletePod', ''],
    ['evictPod', ''],
  ])('stay where %s(%s) asks them to go (CMP-87, refused)', async (name, more) => {
    const world = createWorld({ objects });
    expect(await answerOf(world, call(name, 'web', more))).toMatchObject({
      code: 'IN_USE',
      message: 'It keeps the lock',
    });
    expect(world.writes).toEqual([]);
  });
});

describe('a pod', () => {
  const read = (fields: string, name = 'web') =>
    `{ pod(cluster: "c1", namespace: "shop", name: "${name}") { ${fields} } }`;

  it('tells what it uses, in whole thousandths of a core and bytes (CMP-83)', async () => {
    const world = createWorld({ objects });
    const usage = 'usage { cpuMillicores memoryBytes measuredAt containers { name cpuMillicores memoryBytes } }';
    expect(await answerOf(world, read(usage))).toEqual({
      usage: {
        cpuMillicores: 15,
        memoryBytes: 20_972_544,
        measuredAt: '2026-01-31T11:59:50.000Z',
        containers: [
          { name: 'web', cpuMillicores: 13, memoryBytes: 20_971_520 },
          { name: 'proxy', cpuMillicores: 2, memoryBytes: 1_024 },
        ],
      },
    });
    expect(await answerOf(world, read(usage, 'bare'))).toEqual({ usage: null });
  });

  it('tells what it uses to nobody without the right READ_METRICS, and shows the rest (refused, CMP-83, CORE-17)', async () => {
    const { data, errors: failures } = await createWorld({ objects }).run(read('name usage { memoryBytes }'), reader);
    expect(JSON.parse(JSON.stringify(data))).toEqual({ pod: { name: 'web', usage: null } });
    expect(failures?.map(({ message }) => message)).toEqual(["You may not read what Pod 'web' uses"]);
  });

  it('tells why it does not run to nobody who may not see it (CMP-108, refused)', async () => {
    const { data, errors: failures } = await createWorld({ objects }).run(read('findings { code message }'), stranger);
    expect(failures).toBeUndefined();
    expect(JSON.parse(JSON.stringify(data))).toEqual({ pod: null });
  });

  it.each([
    'a in (',
    '==',
    'a=b c',
    '!',
  ])('is searched by the selector %j in vain (CMP-83, bad input)', async (selector) => {
    const source = `{ pods(filter: { labelSelector: ${JSON.stringify(selector)} }) { nodes { name } } }`;
    const { errors: failures } = await createWorld({ objects }).run(source);
    expect(failures).toMatchObject([{ message: expect.stringMatching(/selector/i) }]);
  });

  it('tells where it runs and how it is reached (CMP-84, CMP-88)', async () => {
    const world = createWorld({ objects });
    const fields =
      'zone region ispName publicIP ingressBandwidthMbps egressBandwidthMbps dnsNames portMappings { totalCount nodes { container containerPort service { name } servicePort addresses { scope url } } }';
    expect(await answerOf(world, read(fields))).toEqual({
      zone: 'sh-a',
      region: 'shanghai',
      ispName: 'Unicom',
      publicIP: null,
      ingressBandwidthMbps: null,
      egressBandwidthMbps: 5,
      dnsNames: ['10-0-0-7.shop.pod'],
      portMappings: {
        totalCount: 2,
        nodes: [
          {
            container: 'web',
            containerPort: 8080,
            service: null,
            servicePort: null,
            addresses: [{ scope: 'CLUSTER', url: 'http://10.0.0.7:8080/' }],
          },
          {
            container: 'web',
            containerPort: 8080,
            service: { name: 'web' },
            servicePort: 80,
            addresses: [{ scope: 'CLUSTER', url: 'http://web.shop.svc/' }],
          },
        ],
      },
    });
  });

  it.each([
    ['first: 1', [[8080, null]]],
    ['last: 1', [[8080, 'web']]],
    ['filter: { protocol: "udp" }', []],
    [
      'filter: { port: 8080, hasHostPort: false }',
      [
        [8080, null],
        [8080, 'web'],
      ],
    ],
    ['filter: { hasHostPort: true }', []],
  ])('NET-44: has its port mappings page by page, by port: %s', async (args, expected) => {
    const fields = `portMappings(${args}) { totalCount pageInfo { hasNextPage } nodes { containerPort service { name } } }`;
    const { portMappings } = (await answerOf(createWorld({ objects }), read(fields))) as {
      portMappings: { nodes: { containerPort: number; service: { name: string } | null }[] };
    };
    const found = portMappings.nodes.map(({ containerPort, service }) => [containerPort, service?.name ?? null]);
    expect(found).toEqual(expected);
  });

  it.each([
    ['reasons: ["Evicted"]', ['db-0']],
    ['podIP: "10.0.0.7"', ['web']],
    ['podIP: "10.0.0.8"', []],
    ['states: [NOT_READY]', ['web']],
    ['states: [PENDING, RUNNING], node: "node-1"', []],
    ['phases: [RUNNING], namespaces: ["shop"], name: { contains: "we" }', ['web']],
  ])('is found by %s (CMP-83)', async (filter, names) => {
    const world = createWorld({ objects });
    const { nodes } = (await answerOf(world, `{ pods(filter: { ${filter} }) { nodes { name } } }`)) as {
      nodes: { name: string }[];
    };
    expect(nodes.map(({ name }) => name)).toEqual(names);
  });
});
