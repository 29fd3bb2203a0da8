import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  a1,
  a2,
  a3,
  b1,
  clusterReader,
  developer,
  type NodeWorld,
  patient,
  startNodeWorld,
} from './testing/node-world.ts';

const unitLabel = 'longshore.dev/deployment-unit';
let world: NodeWorld;
beforeAll(async () => {
  world = await startNodeWorld();
});
afterAll(() => world?.gateway.stop());

describe('scheduling to a node', () => {
  it('is suspended and resumed, one or several, and stays as it is when it is so already (CMP-20, CMP-27)', async () => {
    const { id } = await world.read(a1);
    const cordoned = await world.call('cordonNode', { id }, 'clusterNode { schedulingState } changes { path }');
    expect(cordoned).toMatchObject({ clusterNode: { schedulingState: 'UNSCHEDULABLE' } });
    expect(world.nodeOf(a1)?.spec.unschedulable).toBe(true);
    expect(await world.call('cordonNode', { id }, 'clusterNode { schedulingState } changes { path }')).toMatchObject({
      clusterNode: { schedulingState: 'UNSCHEDULABLE' },
      changes: [],
    });
    const ids = [id, (await world.read(a2)).id];
    expect(await world.call('uncordonNodes', { ids, dryRun: true }, 'results { ok }')).toMatchObject({
      results: [{ ok: true }, { ok: true }],
    });
    expect(world.nodeOf(a1)?.spec.unschedulable).toBe(true);
    expect(await world.call('uncordonNodes', { ids }, 'results { ok }')).toMatchObject({
      results: [{ ok: true }, { ok: true }],
    });
    expect((await world.read(a1)).schedulingState).toBe('SCHEDULABLE');
  });

  it('is for administrators, and of nodes that are there (CMP-27) (refused)', async () => {
    const { id } = await world.read(a1);
    for (const name of [
      'cordonNode',
      'uncordonNode',
      'drainNode',
      'cancelNodeDrain',
      'updateNodeLabels',
      'updateNodeTaints',
    ]) {
      expect(await world.refused(name, { id })).toBe('FORBIDDEN');
    }
    expect(await world.refused('deleteNode', { id, confirm: a1 })).toBe('FORBIDDEN');
    expect(await world.call('cordonNode', { id: 'nothing' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(world.nodeOf(a1)?.spec.unschedulable).toBeUndefined();
  });
});

it.each([
  ['no ids', { ids: [] }, ['ids']],
  ['more than 100', { ids: Array.from({ length: 101 }, (_, at) => `id-${at}`) }, ['ids']],
])('several nodes are cordoned by %s not at all (CMP-27) (bad input)', async (_what, input) => {
  const source = 'mutation ($input: CordonNodesInput!) { cordonNodes(input: $input) { __typename } }';
  const { data, errors } = await world.gateway.query<{ cordonNodes: { __typename: string } }>(source, { input });
  expect(data?.cordonNodes?.__typename ?? errors?.[0]?.extensions?.code).toMatch(
    /ValidationError|BAD_USER_INPUT|TOO_COMPLEX/,
  );
});

describe('what hosts are for', () => {
  const host = { key: 'host', effect: 'PREFER_NO_SCHEDULE' };
  const purpose = [
    { key: 'example.com/priority', value: 'high' },
    { key: 'example.com/project', value: 'payments' },
    { key: 'example.com/instances', value: 'local-disk' },
  ];

  it("is said by labels and taints of one's own: priority, project, options of instances (CMP-30)", async () => {
    const { id, labels } = await world.read(a2);
    await world.call('updateNodeLabels', { id, labels: purpose });
    await world.call('updateNodeTaints', { id, set: [{ ...host, value: 'payments' }] });
    const said = await world.read(a2);
    expect(said.labels).toEqual(expect.arrayContaining(purpose));
    expect(said.taints).toMatchObject([host]);
    const source =
      '{ clusterNodes(filter: { cluster: "embedded", labelSelector: "example.com/project=payments" }) { nodes { name } } }';
    const { data } = await world.gateway.query(source);
    expect(data).toEqual({ clusterNodes: { nodes: [{ name: a2 }] } });
    await world.call('updateNodeLabels', { id, removeLabels: purpose.map(({ key }) => key) });
    await world.call('updateNodeTaints', { id, remove: [{ key: 'host' }] });
    expect(await world.read(a2)).toMatchObject({ labels, taints: [] });
  });

  it('is said by nobody but administrators, and by values that Kubernetes takes (CMP-30) (refused, bad input)', async () => {
    const { id, labels } = await world.read(a2);
    expect(await world.refused('updateNodeLabels', { id, labels: purpose })).toBe('FORBIDDEN');
    const tooLong = { key: 'example.com/project', value: 'p'.repeat(64) };
    expect(await world.call('updateNodeLabels', { id, labels: [tooLong] })).toMatchObject({
      issues: [{ path: ['labels', '0', 'value'] }],
    });
    expect((await world.read(a2)).labels).toEqual(labels);
  });
});

describe('labels of a node', () => {
  it('are added and removed, those of others left (CMP-28)', async () => {
    const { id, labels } = await world.read(a1);
    const set = [
      { key: 'disk', value: 'ssd' },
      { key: 'example.com/rack', value: '7' },
    ];
    await world.call('updateNodeLabels', { id, labels: set });
    expect((await world.read(a1)).labels).toEqual(expect.arrayContaining([...labels, ...set]));
    await world.call('updateNodeLabels', { id, removeLabels: ['disk', 'example.com/rack', 'not-there'] });
    expect((await world.read(a1)).labels).toEqual(labels);
  });

  it.each([
    ['one of Kubernetes', { removeLabels: ['kubernetes.io/hostname'] }],
    ['a zone', { labels: [{ key: 'topology.kubernetes.io/zone', value: 'mine' }] }],
    ['the deployment unit', { labels: [{ key: 'longshore.dev/deployment-unit', value: 'mine' }] }],
  ])('are not changed where they come with it: %s (CMP-28) (refused)', async (_name, change) => {
    const { id } = await world.read(a1);
    const before = world.nodeOf(a1)?.metadata.labels;
    expect(await world.call('updateNodeLabels', { id, ...change })).toMatchObject({ reason: 'INHERENT_LABEL' });
    expect(world.nodeOf(a1)?.metadata.labels).toEqual(before);
  });

  it('are refused 2,000 or 10,000 at once, and where they have no form (CMP-28) (bad input)', async () => {
    const { id } = await world.read(a1);
    const labels = Array.from({ length: 2_000 }, (_, at) => ({ key: `k${at}`, value: '' }));
    expect(await world.call('updateNodeLabels', { id, labels })).toMatchObject({
      issues: [{ path: ['labels'], code: 'too_many' }],
    });
    const tenThousand = Array.from({ length: 10_000 }, (_, at) => ({ key: `k${at}`, value: '' }));
    expect(await world.refused('updateNodeLabels', { id, labels: tenThousand }, { token: 'dev-admin' })).toBe(
      'TOO_COMPLEX',
    );
    expect(await world.call('updateNodeLabels', { id, labels: [{ key: 'a b', value: '' }] })).toMatchObject({
      issues: [{ path: ['labels', '0', 'key'], code: 'invalid_key' }],
    });
    expect(await world.call('updateNodeLabels', { id })).toMatchObject({ issues: [{ code: 'empty' }] });
  });
});

describe('taints of a node', () => {
  it('are set and taken away, each key and effect once (CMP-29)', async () => {
    const { id } = await world.read(a3);
    await world.call('updateNodeTaints', {
      id,
      set: [
        { key: 'gpu', value: 'yes', effect: 'NO_SCHEDULE' },
        { key: 'gpu', effect: 'PREFER_NO_SCHEDULE' },
      ],
    });
    const changed = await world.call(
      'updateNodeTaints',
      { id, set: [{ key: 'gpu', value: 'no', effect: 'NO_SCHEDULE' }] },
      'clusterNode { taints { key value effect } }',
    );
    expect(changed.clusterNode).toEqual({
      taints: [
        { key: 'gpu', value: 'no', effect: 'NO_SCHEDULE' },
        { key: 'gpu', value: null, effect: 'PREFER_NO_SCHEDULE' },
      ],
    });
    await world.call('updateNodeTaints', { id, remove: [{ key: 'gpu' }] });
    expect((await world.read(a3)).taints).toEqual([]);
  });

  it('that end pods say which, and do nothing until that is acknowledged (CMP-29) (refused)', async () => {
    await world.deploy('tainted', a3, 1);
    const { id } = await world.read(a3);
    const input = { id, set: [{ key: 'broken', effect: 'NO_EXECUTE' }] };
    const [pod] = world.podsOf('tainted');
    expect(await world.call('updateNodeTaints', input)).toMatchObject({
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
      unacknowledged: [{ code: 'PODS_EVICTED', message: expect.stringContaining(`shop/${pod?.metadata.name}`) }],
    });
    expect((await world.read(a3)).taints).toEqual([]);
    expect(await world.call('updateNodeTaints', { ...input, acknowledge: ['PODS_EVICTED'] })).toMatchObject({
      __typename: 'UpdateNodeTaintsSuccess',
    });
    await expect
      .poll(
        () =>
          world
            .podsOf('tainted')
            .filter(world.isReady)
            .map(({ spec }) => spec.nodeName === a3),
        patient,
      )
      .toEqual([false]);
    await world.call('updateNodeTaints', { id, remove: [{ key: 'broken' }] });
    world.remove('apps', 'deployments', 'tainted');
  });

  it('are refused where they have no form, or are the cluster’s own (CMP-29) (bad input)', async () => {
    const { id } = await world.read(a3);
    expect(await world.call('updateNodeTaints', { id, set: [{ key: '-', effect: 'NO_SCHEDULE' }] })).toMatchObject({
      issues: [{ path: ['set', '0', 'key'], code: 'invalid_key' }],
    });
    expect(await world.call('updateNodeTaints', { id, set: [{ key: 'a', effect: 'UNKNOWN' }] })).toMatchObject({
      issues: [{ code: 'invalid_effect' }],
    });
    expect(
      await world.call('updateNodeTaints', { id, remove: [{ key: 'node.kubernetes.io/unschedulable' }] }),
    ).toMatchObject({ reason: 'INHERENT_TAINT' });
  });
});

describe('hosts of a cluster', () => {
  /** A Deployment as anybody may make one; its pods have a node once all of them have. */
  async function place(app: string, replicas: number, spec: object): Promise<readonly (string | undefined)[]> {
    const container = { name: 'web', image: 'registry.local/web:v1' };
    world.put('apps', 'deployments', {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: app, namespace: 'shop' } },
      spec: {
        replicas,
        selector: { matchLabels: { app } },
        template: { metadata: { labels: { app } }, spec: { containers: [container], ...spec } },
      },
    });
    const nodes = () => world.podsOf(app).map(({ spec: { nodeName } }) => nodeName);
    await expect.poll(() => nodes().filter((node) => node !== undefined).length, patient).toBe(replicas);
    world.remove('apps', 'deployments', app);
    return nodes();
  }
  const isOf = (key: string, value: string) => ({ matchExpressions: [{ key, operator: 'In', values: [value] }] });

  it('have a priority, and are kept for a project, by labels and taints that pods choose and put up with (CMP-30)', async () => {
    const [own, fast] = [await world.read(a2), await world.read(b1)];
    await world.call('updateNodeLabels', { id: fast.id, labels: [{ key: 'example.com/priority', value: 'high' }] });
    const preferred = [{ weight: 100, preference: isOf('example.com/priority', 'high') }];
    const prefers = { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } };
    expect(await place('preferring', 1, { affinity: prefers })).toEqual([b1]);

    await world.call('updateNodeLabels', { id: own.id, labels: [{ key: 'example.com/project', value: 'red' }] });
    const taint = { key: 'example.com/project', value: 'red', effect: 'NO_SCHEDULE' };
    await world.call('updateNodeTaints', { id: own.id, set: [taint] });
    const required = { nodeSelectorTerms: [isOf('example.com/project', 'red')] };
    const needs = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
    const tolerations = [{ key: 'example.com/project', operator: 'Equal', value: 'red', effect: 'NoSchedule' }];
    expect(await place('red', 2, { affinity: needs, tolerations })).toEqual([a2, a2]);
    expect(await place('blue', 4, {})).not.toContain(a2);

    await world.call('updateNodeTaints', { id: own.id, remove: [{ key: taint.key }] });
    await world.call('updateNodeLabels', { id: own.id, removeLabels: ['example.com/project'] });
    await world.call('updateNodeLabels', { id: fast.id, removeLabels: ['example.com/priority'] });
  });

  it('are assigned by administrators alone (CMP-30) (refused)', async () => {
    const { id } = await world.read(a2);
    const labels = [{ key: 'example.com/project', value: 'mine' }];
    expect(await world.refused('updateNodeLabels', { id, labels })).toBe('FORBIDDEN');
    const set = [{ key: 'example.com/project', value: 'mine', effect: 'NO_SCHEDULE' }];
    expect(await world.refused('updateNodeTaints', { id, set })).toBe('FORBIDDEN');
    expect(await world.read(a2)).toMatchObject({ taints: [] });
  });
});

describe('the layout of a cluster', () => {
  const source = `{ cluster(name: "embedded") { layout { kind isCellBased unplacedNodeCount nodesWithoutUnitCount problems { code }
    regions { name zones nodeCount ifLost { cpuPercent } } units { name zones nodeCount }
    zones { name region units nodeCount readyNodeCount controlPlaneNodeCount cpuAllocatableMillicores
      ifLost { units controlPlane cpuPercent memoryPercent } } } } }`;
  const layout = async (as: { token: string }) => {
    const { data } = await world.gateway.query<{ cluster: { layout: object } }>(source, {}, as);
    return data?.cluster.layout;
  };

  it('is told by where its nodes are, with what would go with each zone, as they are now (CMP-18)', async () => {
    const unit = { controlPlane: 'UNKNOWN', units: [] };
    expect(await layout(developer)).toMatchObject({
      ...{ kind: 'TWO_DATA_CENTRES_ONE_CITY', isCellBased: false, unplacedNodeCount: 0, nodesWithoutUnitCount: 4 },
      ...{ units: [], problems: [] },
      regions: [{ name: 'embedded', zones: ['embedded-a', 'embedded-b'], nodeCount: 4, ifLost: { cpuPercent: 100 } }],
      zones: [
        { name: 'embedded-a', nodeCount: 3, readyNodeCount: 3, ifLost: { ...unit, cpuPercent: 75, memoryPercent: 75 } },
        { name: 'embedded-b', nodeCount: 1, cpuAllocatableMillicores: 7_800, ifLost: { ...unit, cpuPercent: 25 } },
      ],
    });
    world.label(a1, unitLabel, 'cell-1');
    world.label(b1, unitLabel, 'cell-2');
    await expect
      .poll(() => {
        // Its kubelet says soon that it is well.
        world.loseReadiness(a2);
        return layout(developer);
      }, patient)
      .toMatchObject({
        ...{ kind: 'TWO_DATA_CENTRES_ONE_CITY', isCellBased: true, nodesWithoutUnitCount: 2 },
        units: [
          { name: 'cell-1', zones: ['embedded-a'], nodeCount: 1 },
          { name: 'cell-2', zones: ['embedded-b'], nodeCount: 1 },
        ],
        zones: [
          { units: ['cell-1'], readyNodeCount: 2, ifLost: { units: ['cell-1'], cpuPercent: 66.67 } },
          { units: ['cell-2'], readyNodeCount: 1, ifLost: { units: ['cell-2'], cpuPercent: 33.33 } },
        ],
      });
  });

  it('has no node for who may see none (CMP-18) (refused)', async () => {
    expect(await layout(clusterReader)).toMatchObject({
      kind: 'UNKNOWN',
      zones: [],
      regions: [],
      unplacedNodeCount: 0,
    });
  });
});
