import fc from 'fast-check';
import {
  type NodeObject,
  noNeeds,
  type PodNeeds,
  type PodObject,
  type WorkloadObject,
} from 'longshore/plugins/compute';
import { type KubeObject, origin } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import type { RolloutObject } from '../traffic/rollouts.ts';
import { checkChange } from './changes.ts';
import { checkImage } from './images.ts';
import { checkAutoscalers, checkNames, checkRollouts, sortWorkloads } from './other-hands.ts';
import { checkRoom, type FreeNode, roomFor } from './room.ts';
import { spreadOver } from './spread.ts';
import { type NeededClaim, placesOf, reachOf, withinReach } from './volumes.ts';
import { type PlacedSpec, takesPods } from './which-nodes.ts';

const gib = 2 ** 30;
const pod: PodNeeds = { ...noNeeds, cpuRequestMillicores: 500, memoryRequestBytes: gib };
const nothing = { ...noNeeds, count: 0 };
const freeNode = (more: Partial<FreeNode> = {}): FreeNode => ({
  name: 'node',
  freeMillicores: 2000,
  freeBytes: 8 * gib,
  freePods: 100,
  own: nothing,
  ...more,
});

describe('room on the nodes of a unit (REL-18)', () => {
  const unit = {
    unit: 'east',
    nodes: [freeNode(), freeNode()],
    pod,
    replicas: 8,
    running: 0,
    surge: 0,
    keepsPods: true,
  };

  it.each([
    ['enough for a first release', {}, []],
    ['one pod too many', { replicas: 9 }, ['NO_ROOM']],
    ['a full unit, and nothing new', { nodes: [freeNode({ freeMillicores: 0 })], running: 8 }, []],
    [
      'a full unit, and a pair that runs two more',
      { nodes: [freeNode({ freeMillicores: 0 })], running: 8, surge: 2 },
      ['NO_ROOM'],
    ],
    [
      'a full unit whose own pods make room for the new ones',
      {
        nodes: [
          freeNode({
            freeMillicores: 0,
            own: { ...noNeeds, cpuRequestMillicores: 4000, memoryRequestBytes: 8 * gib, count: 8 },
          }),
        ],
        running: 8,
        keepsPods: false,
      },
      [],
    ],
    [
      'new pods that are larger than the old ones',
      {
        nodes: [
          freeNode({
            freeMillicores: 0,
            own: { ...noNeeds, cpuRequestMillicores: 2000, memoryRequestBytes: 8 * gib, count: 8 },
          }),
        ],
        running: 8,
        keepsPods: false,
      },
      ['NO_ROOM'],
    ],
    ['no nodes at all', { nodes: [] }, ['UNIT_WITHOUT_NODES']],
    ['no nodes, and no pods for it', { nodes: [], replicas: 0 }, []],
    ['no place for more pods', { nodes: [freeNode({ freePods: 3 })] }, ['NO_ROOM']],
  ])('%s', (_what, more, codes) => {
    const findings = checkRoom({ ...unit, ...more });
    expect(findings.map(({ code }) => code)).toEqual(codes);
    for (const finding of findings) expect(finding.unit).toBe('east');
  });

  it('says for how many of them there is room', () => {
    expect(checkRoom({ ...unit, replicas: 11 })[0]?.message).toContain('room for 8 of 11 pods');
  });

  it('is what is left when pods are really put there one by one', () => {
    const node = fc.record({
      freeMillicores: fc.integer({ min: -500, max: 4000 }),
      gibs: fc.integer({ min: 0, max: 9 }),
      freePods: fc.nat(6),
    });
    fc.assert(
      fc.property(fc.array(node, { maxLength: 6 }), fc.integer({ min: 1, max: 900 }), (given, cpu) => {
        const nodes = given.map(({ gibs, ...rest }) => freeNode({ ...rest, freeBytes: gibs * gib }));
        const each = { ...pod, cpuRequestMillicores: cpu };
        const left = nodes.map((one) => ({ ...one }));
        let placed = 0;
        for (;;) {
          const found = left.find((one) => one.freeMillicores >= cpu && one.freeBytes >= gib && one.freePods >= 1);
          if (!found) break;
          Object.assign(found, {
            freeMillicores: found.freeMillicores - cpu,
            freeBytes: found.freeBytes - gib,
            freePods: found.freePods - 1,
          });
          placed += 1;
        }
        expect(roomFor(each, nodes, false)).toBe(placed);
      }),
    );
  });

  it('has room where nodes have it free, and that of pods that are replaced', () => {
    const asks = { ...pod, others: { 'nvidia.com/gpu': 2 } };
    const node = (free: number, own = 0) =>
      freeNode({
        freeOthers: { 'nvidia.com/gpu': free },
        own: { ...noNeeds, others: { 'nvidia.com/gpu': own }, count: own / 2 },
      });
    expect(roomFor(asks, [node(5), node(1), freeNode()], false)).toBe(2);
    expect(roomFor(asks, [node(0, 4), node(1)], true)).toBe(2);
  });
});

describe('pods that keep apart (REL-07, REL-18)', () => {
  const term = (more: object = {}) => ({
    topologyKey: 'host',
    labelSelector: { matchLabels: { app: 'web' } },
    ...more,
  });
  const template = (...terms: object[]) => ({
    metadata: { labels: { app: 'web' } },
    spec: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } },
  });
  const node = (name: string, labels: object = { host: name }) =>
    ({ metadata: { name, labels } }) as unknown as NodeObject;
  const podOn = (nodeName: string, labels: object, namespace = 'shop') =>
    ({ metadata: { name: 'p', namespace, labels }, spec: { nodeName } }) as unknown as PodObject;
  const nodes = [node('a'), node('b'), node('c', {})];
  const open = { domain: undefined, isTaken: false, isTakenByOwn: false };
  const at = (given: object, living: readonly PodObject[] = [], own: readonly PodObject[] = []) => {
    const spread = spreadOver(given, 'shop', nodes, living, new Set(own));
    return nodes.map((each) => spread(each));
  };

  it('have one place in each domain, and any number where a node is in none', () => {
    const [old, other] = [podOn('a', { app: 'web' }), podOn('b', { app: 'web' })];
    expect(at(template(term()), [old, other], [old])).toEqual([
      { isClosed: false, places: [{ domain: 'a', isTaken: false, isTakenByOwn: true }] },
      { isClosed: false, places: [{ domain: 'b', isTaken: true, isTakenByOwn: false }] },
      { isClosed: false, places: [open] },
    ]);
  });

  it.each<[string, object, PodObject, boolean]>([
    ['pods of others', term({ labelSelector: { matchLabels: { app: 'db' } } }), podOn('a', { app: 'db' }), true],
    ['other pods', term({ labelSelector: { matchLabels: { app: 'db' } } }), podOn('a', { app: 'x' }), false],
    [
      'pods of another namespace',
      term({ labelSelector: { matchLabels: { app: 'db' } } }),
      podOn('a', { app: 'db' }, 'far'),
      false,
    ],
    [
      'pods of a namespace that is named',
      term({ labelSelector: { matchLabels: { app: 'db' } }, namespaces: ['far'] }),
      podOn('a', { app: 'db' }, 'far'),
      true,
    ],
    [
      'pods of any namespace',
      term({ labelSelector: { matchLabels: { app: 'db' } }, namespaceSelector: {} }),
      podOn('a', { app: 'db' }, 'far'),
      true,
    ],
    [
      'pods of namespaces by their labels, of which nothing is said',
      term({ labelSelector: { matchLabels: { app: 'db' } }, namespaceSelector: { matchLabels: { a: 'b' } } }),
      podOn('a', { app: 'db' }),
      false,
    ],
    ['no pods at all, without a selector', term({ labelSelector: undefined }), podOn('a', { app: 'db' }), false],
  ])('keep away from %s', (_what, given, living, isClosed) => {
    expect(at(template(given), [living]).map((each) => each.isClosed)).toEqual([isClosed, false, false]);
  });

  it('have as much room as is left when they are really put there one by one (property)', () => {
    const drawn = fc.record({
      fits: fc.nat(3),
      domain: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined }),
    });
    const taken = fc.subarray(['x', 'y', 'z']);
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 8 }), taken, taken, fc.boolean(), (given, others, own, withoutOwn) => {
        const all = given.map(({ fits, domain }) =>
          freeNode({
            freePods: fits,
            places: [{ domain, isTaken: others.includes(domain ?? ''), isTakenByOwn: own.includes(domain ?? '') }],
          }),
        );
        const closed = new Set([...others, ...(withoutOwn ? [] : own)]);
        let placed = 0;
        for (const { fits, domain } of given) {
          for (let index = 0; index < fits; index += 1) {
            if (domain !== undefined && closed.has(domain)) continue;
            if (domain !== undefined) closed.add(domain);
            placed += 1;
          }
        }
        expect(roomFor({ ...noNeeds, cpuRequestMillicores: 1 }, all, withoutOwn)).toBe(placed);
      }),
    );
  });

  it('have no room where all is closed', () => {
    expect(roomFor(pod, [freeNode({ isClosed: true })], true)).toBe(0);
  });
});

describe('from where volumes are reached (REL-18)', () => {
  const node = (zone: string) => ({ metadata: { name: `n-${zone}`, labels: { zone } } }) as unknown as NodeObject;
  const [a, b] = [node('a'), node('b')];
  const inZone = (...values: string[]) => ({
    spec: {
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values }] }] },
      },
    },
  });
  const topologies = (...values: string[]) => [{ matchLabelExpressions: [{ key: 'zone', values }] }];
  const wait = 'WaitForFirstConsumer';

  it.each<[string, (of: NodeObject) => boolean, boolean[]]>([
    ['a volume that does not say', reachOf({}), [true, true]],
    ['a volume of one zone', reachOf(inZone('a')), [true, false]],
    ['a class without topologies', placesOf({ volumeBindingMode: wait }), [true, true]],
    ['a class of one zone', placesOf({ volumeBindingMode: wait, allowedTopologies: topologies('b') }), [false, true]],
    ['a class that makes volumes at once', placesOf({ allowedTopologies: topologies('b') }), [true, true]],
  ])('by %s', (_what, isReachable, expected) => {
    expect([a, b].map(isReachable)).toEqual(expected);
  });

  const claim = (name: string, unit: string | undefined, ...zones: string[]): NeededClaim => ({
    ...{ name, unit, isReachable: reachOf(inZone(...zones)) },
  });
  it.each<[string, NeededClaim[], NodeObject[], string[]]>([
    ['all nodes where nothing is claimed', [], [a, b], []],
    ['those that reach what all pods share', [claim('shared', undefined, 'a')], [a], []],
    ['none, where nothing reaches it', [claim('shared', undefined, 'c')], [], ['shared']],
    [
      'none, where no node reaches two of them',
      [claim('x', undefined, 'a'), claim('y', undefined, 'b')],
      [],
      ['x', 'y'],
    ],
    ['all, where each pod reaches its own', [claim('d-0', 'east', 'a'), claim('d-1', 'east', 'b')], [a, b], []],
    ['all, but for one pod', [claim('d-0', 'east', 'a'), claim('d-1', 'east', 'c')], [a, b], ['d-1']],
    ['all, whatever other units claim', [claim('d-0', 'west', 'c')], [a, b], []],
  ])('leave %s', (_what, claims, nodes, lost) => {
    expect(withinReach('east', [a, b], claims)).toEqual({ nodes, lost });
  });

  it('say nothing where no node takes the pods anyway', () => {
    expect(withinReach('east', [], [claim('shared', undefined, 'a')])).toEqual({ nodes: [], lost: [] });
  });
});

describe('which nodes take a pod (REL-07)', () => {
  const node = (more: object = {}, status = 'True') =>
    ({
      metadata: { name: 'n1', labels: { unit: 'east', cores: '8' } },
      spec: more,
      status: { conditions: [{ type: 'Ready', status }] },
    }) as unknown as NodeObject;
  const affinity = (...matchExpressions: object[]) => ({
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
    },
  });
  const taint = { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] };

  it.each([
    ['its unit', node(), {}, { unit: 'east' }, true],
    ['another unit', node(), {}, { unit: 'west' }, false],
    ['a cordoned one', node({ unschedulable: true }), {}, {}, false],
    ['one that is not ready', node({}, 'Unknown'), {}, {}, false],
    ['its selector', node(), { nodeSelector: { cores: '8' } }, {}, true],
    ['another selector', node(), { nodeSelector: { cores: '4' } }, {}, false],
    ['In', node(), affinity({ key: 'unit', operator: 'In', values: ['east', 'west'] }), {}, true],
    ['NotIn', node(), affinity({ key: 'unit', operator: 'NotIn', values: ['east'] }), {}, false],
    ['Exists', node(), affinity({ key: 'disk', operator: 'Exists' }), {}, false],
    ['DoesNotExist', node(), affinity({ key: 'disk', operator: 'DoesNotExist' }), {}, true],
    ['Gt', node(), affinity({ key: 'cores', operator: 'Gt', values: ['4'] }), {}, true],
    ['Lt', node(), affinity({ key: 'cores', operator: 'Lt', values: ['4'] }), {}, false],
    ['an empty term, which matches nothing', node(), affinity(), {}, false],
    ['a taint', node(taint), {}, {}, false],
    ['a taint that it tolerates', node(taint), { tolerations: [{ key: 'gpu', operator: 'Exists' }] }, {}, true],
    ['a taint of another value', node(taint), { tolerations: [{ key: 'gpu', value: 'no' }] }, {}, false],
    ['a taint, and whatever tolerates all', node(taint), { tolerations: [{ operator: 'Exists' }] }, {}, true],
    ['a wish of the node', node({ taints: [{ key: 'a', effect: 'PreferNoSchedule' }] }), {}, {}, true],
  ])('%s', (_what, given, spec, labels, expected) => {
    expect(takesPods(given, spec as PlacedSpec, labels as Record<string, string>)).toBe(expected);
  });
});

describe('images', () => {
  it.each([
    ['nginx:1.27', []],
    ['registry.example:5000/shop/web:v2.1_a', []],
    [`acme/web@sha256:${'a'.repeat(64)}`, []],
    ['acme/web', ['IMAGE_UNPINNED']],
    ['acme/web:latest', ['IMAGE_UNPINNED']],
    ['localhost:5000/web', ['IMAGE_UNPINNED']],
    ['', ['IMAGE_INVALID']],
    ['Acme/Web:1', ['IMAGE_INVALID']],
    ['acme web', ['IMAGE_INVALID']],
    ['https://acme/web', ['IMAGE_INVALID']],
    ['a/'.repeat(600), ['IMAGE_INVALID']],
  ])('%s', (image, codes) => {
    expect(checkImage('web', image).map(({ code }) => code)).toEqual(codes);
  });

  it('any text has an answer, soon', () => {
    fc.assert(fc.property(fc.string({ maxLength: 2000 }), (image) => void checkImage('web', image)));
    const hostile = `${'a-'.repeat(500)}!`;
    const before = performance.now();
    checkImage('web', hostile);
    expect(performance.now() - before).toBeLessThan(200);
  });
});

describe('what becomes of what runs', () => {
  const target = (mode: 'IN_PLACE' | 'REPLACE', ...pods: number[]) => ({
    upgradeMode: mode,
    units: pods.map((replicas, index) => ({ unit: `u${index}`, workload: `w${index}`, replicas, nodeSelector: {} })),
  });
  const change = {
    target: target('IN_PLACE', 4, 4),
    previous: { upgradeMode: 'IN_PLACE' as const },
    deployment: { grouping: 'FAST' as const, minGroups: 3, betaGroup: true },
    replacedBecause: [],
  };

  it.each([
    ['nothing special', {}, []],
    ['another mode (REL-07)', { previous: { upgradeMode: 'REPLACE' as const } }, ['MODE_SWITCHED']],
    ['in place, but CPU changes (REL-08)', { replacedBecause: ['CPU changes'] }, ['PODS_REPLACED']],
    [
      'replaced as was asked for',
      {
        target: target('REPLACE', 4, 4),
        previous: { upgradeMode: 'REPLACE' as const },
        replacedBecause: ['CPU changes'],
      },
      [],
    ],
    ['one pod in each unit (REL-30)', { target: target('IN_PLACE', 1, 1) }, ['BETA_IS_ALL']],
    ['fewer pods than groups (REL-29)', { target: target('IN_PLACE', 2, 2) }, ['FEWER_GROUPS']],
    [
      'a first release, where all that is moot',
      { target: target('IN_PLACE', 1, 1), previous: null, replacedBecause: ['x'] },
      [],
    ],
  ])('%s', (_what, more, codes) => {
    expect(checkChange({ ...change, ...more }).map(({ code }) => code)).toEqual(codes);
  });
});

describe('who else has a hand in it', () => {
  const workload = (name: string, annotations: object, more: object = {}) =>
    ({
      kind: 'Deployment',
      metadata: { name, namespace: 'shop', annotations, ...more },
      [origin]: { cluster: 'main', group: 'apps', version: 'v1', kind: 'Deployment' },
    }) as unknown as WorkloadObject;
  const ours = { 'longshore.dev/app-service-id': 'an-id' };
  const target = {
    service: 'web',
    serviceId: 'an-id',
    units: [{ workload: 'web--east' }, { workload: 'web--west' }],
  } as never;

  it('what has one of its names and is not its own is in the way, and nothing else is', () => {
    const made = { ownerReferences: [{ controller: true }] };
    const all = [
      workload('web--east', ours),
      workload('web--west', {}),
      workload('other', {}),
      workload('web--east-5d', ours, made),
    ];
    const { own, strangers } = sortWorkloads(all, target);
    expect(own.map(({ metadata }) => metadata.name)).toEqual(['web--east']);
    expect(checkNames(strangers)).toMatchObject([
      { severity: 'ERROR', code: 'NAME_TAKEN', message: expect.stringContaining("'web--west'") },
    ]);
  });

  it.each([true, false])('who scales it is named to those who may see that: %s', (isSeen) => {
    const scaler = {
      metadata: { name: 'busy', namespace: 'shop' },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web--east' } },
      [origin]: { cluster: 'main', group: 'autoscaling', version: 'v2', kind: 'HorizontalPodAutoscaler' },
    } as unknown as KubeObject;
    const [finding, more] = checkAutoscalers(
      [workload('web--east', ours)],
      [scaler as never],
      'CLONE_SET',
      () => isSeen,
    );
    expect(more).toBeUndefined();
    expect(finding).toMatchObject({ code: 'SCALED_ELSEWHERE', severity: 'WARNING' });
    expect(finding?.message.includes('busy')).toBe(isSeen);
    expect(finding?.subjectId === undefined).toBe(!isSeen);
    expect(checkAutoscalers([workload('another', ours)], [scaler as never], 'CLONE_SET', () => isSeen)).toEqual([]);
    const pair = checkAutoscalers([workload('web--east', ours)], [scaler as never], 'DEPLOYMENT_PAIR', () => isSeen);
    expect(pair).toMatchObject([{ code: 'SCALER_CANNOT_FOLLOW', severity: 'ERROR' }]);
  });

  const rollout = (spec: object) =>
    ({
      metadata: { name: 'canary', namespace: 'shop' },
      spec,
      [origin]: { cluster: 'main', group: 'rollouts.kruise.io', version: 'v1beta1', kind: 'Rollout' },
    }) as unknown as RolloutObject;
  const overDeployment = { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web--east-5d' } };
  const overCloneSet = { workloadRef: { apiVersion: 'apps.kruise.io/v1alpha1', kind: 'CloneSet', name: 'web--west' } };
  const overRoute = { strategy: { canary: { trafficRoutings: [{ gateway: { httpRouteName: 'road' } }] } } };
  it.each<[string, object, 'CLONE_SET' | 'DEPLOYMENT_PAIR', string[]]>([
    ['a workload that runs', overDeployment, 'DEPLOYMENT_PAIR', ["stops Deployment 'web--east-5d'"]],
    ['a workload that is yet to be made', overCloneSet, 'CLONE_SET', ["stops CloneSet 'web--west'"]],
    ['a workload of another kind', overCloneSet, 'DEPLOYMENT_PAIR', []],
    ['its route', overRoute, 'CLONE_SET', ["weights of HTTPRoute 'road'"]],
    ['both', { ...overDeployment, ...overRoute }, 'DEPLOYMENT_PAIR', ['stops Deployment', 'weights of HTTPRoute']],
    ['both, switched off', { ...overDeployment, ...overRoute, disabled: true }, 'DEPLOYMENT_PAIR', []],
    ['nothing of it', { workloadRef: { kind: 'Deployment', name: 'other' } }, 'DEPLOYMENT_PAIR', []],
    ['nothing at all', {}, 'CLONE_SET', []],
  ])('a Kruise Rollout over %s is one too many', (_what, spec, engine, said) => {
    const released = { ...(target as object), traffic: { route: 'road', percent: 10 } } as never;
    for (const isSeen of [true, false]) {
      const found = checkRollouts([rollout(spec)], [workload('web--east-5d', ours)], released, engine, () => isSeen);
      expect(found.map(({ code }) => code)).toEqual(said.map(() => 'ROLLED_OUT_ELSEWHERE'));
      for (const [index, { message, subjectId }] of found.entries()) {
        expect(message).toContain(said[index]);
        expect([message.includes('canary'), subjectId !== undefined]).toEqual([isSeen, isSeen]);
      }
    }
  });
});
