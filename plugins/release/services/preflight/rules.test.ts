import fc from 'fast-check';
import type { NodeObject, WorkloadObject } from 'longshore/plugins/compute';
import type { ResourceQuotaObject } from 'longshore/plugins/core';
import { type KubeObject, origin } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { noNeeds, type PodNeeds } from './amounts.ts';
import { checkChange } from './changes.ts';
import { checkImage } from './images.ts';
import { checkAutoscalers, checkNames, sortWorkloads } from './other-hands.ts';
import { checkQuotas, type QuotaDemand } from './quota.ts';
import { checkRoom, type FreeNode, roomFor } from './room.ts';
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

describe('quotas of the namespace (CMP-33, REL-18)', () => {
  const quota = (hard: object, used: object, spec: object = {}) =>
    ({
      metadata: { name: 'limits', namespace: 'shop' },
      spec,
      status: { hard, used },
      [origin]: { cluster: 'main', group: '', version: 'v1', kind: 'ResourceQuota' },
    }) as unknown as ResourceQuotaObject;
  const demand: QuotaDemand = {
    pod: { ...pod, cpuLimitMillicores: 1000, memoryLimitBytes: gib },
    replicas: 4,
    running: { count: 0, needs: noNeeds },
    surge: 0,
    workloads: { 'count/deployments.apps': 2 },
    claims: 0,
    claimedBytes: 0,
  };
  const running = (count: number) => ({
    count,
    needs: { ...noNeeds, cpuRequestMillicores: 500 * count, memoryRequestBytes: gib * count },
  });

  it.each([
    ['enough', { pods: '10' }, { pods: '6' }, {}, undefined],
    ['one pod too few', { pods: '10' }, { pods: '7' }, {}, '1 are missing'],
    ['all of it in use by the service itself', { pods: '4' }, { pods: '4' }, { running: running(4) }, undefined],
    ['the same, and a surge of two', { pods: '4' }, { pods: '4' }, { running: running(4), surge: 2 }, '2 are missing'],
    ['CPU', { 'requests.cpu': '3' }, { 'requests.cpu': '1500m' }, {}, '500m are missing'],
    ['CPU by its short name', { cpu: '3' }, { cpu: '1500m' }, {}, '500m are missing'],
    ['memory', { 'requests.memory': '5Gi' }, { 'requests.memory': '2Gi' }, {}, '1Gi are missing'],
    ['limits', { 'limits.cpu': '3' }, {}, {}, '1 are missing'],
    ['Deployments', { 'count/deployments.apps': '1' }, {}, {}, '1 are missing'],
    ['claims', { persistentvolumeclaims: '3' }, {}, { claims: 4 }, '1 are missing'],
    ['storage', { 'requests.storage': '10Gi' }, {}, { claims: 1, claimedBytes: 12 * gib }, '2Gi are missing'],
    ['more in use than it allows', { pods: '4' }, { pods: '9' }, {}, '4 are missing'],
    ['what no release takes of', { 'count/jobs.batch': '0' }, {}, {}, undefined],
  ])('%s', (_what, hard, used, more, missing) => {
    const findings = checkQuotas([quota(hard, used)], { ...demand, ...more });
    if (missing === undefined) expect(findings).toEqual([]);
    else expect(findings).toMatchObject([{ code: 'QUOTA_EXCEEDED', message: expect.stringContaining(missing) }]);
  });

  it('says nothing of a quota for some pods only', () => {
    expect(checkQuotas([quota({ pods: '0' }, {}, { scopes: ['BestEffort'] })], demand)).toEqual([]);
  });

  it('asks for nothing where the same pods run already, whatever their number', () => {
    fc.assert(
      fc.property(fc.nat(50), (count) => {
        const same = { ...demand, replicas: count, running: running(count), workloads: {}, pod };
        const hard = { pods: '0', cpu: '0', memory: '0' };
        expect(checkQuotas([quota(hard, hard)], same)).toEqual([]);
      }),
    );
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
    const [finding, more] = checkAutoscalers([workload('web--east', ours)], [scaler as never], () => isSeen);
    expect(more).toBeUndefined();
    expect(finding).toMatchObject({ code: 'SCALED_ELSEWHERE', severity: 'WARNING' });
    expect(finding?.message.includes('busy')).toBe(isSeen);
    expect(finding?.subjectId === undefined).toBe(!isSeen);
    expect(checkAutoscalers([workload('another', ours)], [scaler as never], () => isSeen)).toEqual([]);
  });
});
