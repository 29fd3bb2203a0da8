import { eventKind } from 'longshore/plugins/core';
import { type ClusterReader, UpstreamError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { type AlarmMetric, type AlarmPolicy, type AlarmRule, type Application, alarmMetrics } from '../../api.ts';
import { createFakeReader } from '../../testing/fake-reader.ts';
import { controlledBy, makeDeployment, makeObject, makePod, makeReplicaSet } from '../../testing/make-objects.ts';
import { profilesOf } from '../../testing/profile-named.ts';
import { podMetricsKind } from '../usage.ts';
import { timesSince } from './count-warnings.ts';
import type { Measured } from './decide-alarm.ts';
import { measure } from './measure.ts';

const nowMs = Date.parse('2026-01-01T12:00:00Z');
const secondsAgo = (seconds: number) => new Date(nowMs - seconds * 1_000).toISOString();
const labels = { 'app.kubernetes.io/name': 'shop' };
const broken = { conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }] };

const web = makeDeployment({
  metadata: { name: 'web', labels },
  spec: { replicas: 2, template: { spec: { containers: [] } } },
  status: { replicas: 2, updatedReplicas: 2, availableReplicas: 0, ...broken },
});
const set = makeReplicaSet({ metadata: { name: 'web-1', ...controlledBy(web) } });
const other = makeDeployment({
  metadata: { name: 'other' },
  spec: { replicas: 0, template: { spec: { containers: [] } } },
});

/** A pod with a container that asks for half a core and 100 Mi, and may have twice that. */
function pod(name: string, more: { ready?: boolean; restarts?: number; owner?: object; limits?: object } = {}) {
  const { ready = true, restarts = 0, owner = {}, limits = { cpu: '1', memory: '200Mi' } } = more;
  return makePod({
    metadata: { name, ...owner },
    spec: { containers: [{ name: 'main', resources: { requests: { cpu: '500m', memory: '100Mi' }, limits } }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: 'main', restartCount: restarts }],
    },
  });
}
const mine = [
  pod('web-a', { owner: controlledBy(set), restarts: 1 }),
  pod('web-b', { owner: controlledBy(set), restarts: 4, ready: false }),
];
const foreign = pod('alien', { restarts: 9, ready: false });
const usage = (name: string, cpu: string, memory: string) =>
  makeObject(podMetricsKind, { metadata: { name }, containers: [{ name: 'main', usage: { cpu, memory } }] });
const warning = (name: string, uid: string | undefined, more: object = {}) =>
  makeObject(eventKind, {
    metadata: { name },
    type: 'Warning',
    reason: 'BackOff',
    involvedObject: { uid },
    lastTimestamp: secondsAgo(10),
    firstTimestamp: secondsAgo(10),
    ...more,
  });
const events = [
  warning('one', mine[0]?.metadata.uid, { count: 3 }),
  warning('two', web.metadata.uid, { reason: 'FailedCreate' }),
  warning('calm', mine[0]?.metadata.uid, { type: 'Normal' }),
  warning('old', mine[0]?.metadata.uid, { lastTimestamp: secondsAgo(61), firstTimestamp: secondsAgo(61) }),
  warning('alien', foreign.metadata.uid),
];
const usages = [usage('web-a', '250m', '50Mi'), usage('web-b', '500m', '150Mi'), usage('alien', '3', '1Gi')];
const world = [web, set, other, ...mine, foreign, ...usages, ...events];

const application = { name: 'shop', cluster: 'c1', namespace: 'shop', workspaceUuid: null } as Application;
const rules = { profiles: profilesOf(), workspaceOf: () => undefined };
const rule: AlarmRule = {
  metric: 'CPU_MILLICORES',
  aggregation: 'SUM',
  comparison: 'AT_LEAST',
  threshold: 0,
  durationSeconds: 60,
  eventReasons: [],
};

function look(
  more: Partial<AlarmRule>,
  objects: readonly object[] = world,
  of: 'APPLICATION' | 'CLUSTER' = 'APPLICATION',
) {
  const policy = { rule: { ...rule, ...more }, applicationUuid: of === 'APPLICATION' ? 'a' : null } as AlarmPolicy;
  const reader = createFakeReader('c1', objects as never);
  return measure({
    policy,
    application: of === 'APPLICATION' ? application : undefined,
    clusters: [{ reader: () => reader }],
    rules,
    nowMs,
    signal: AbortSignal.timeout(60_000),
  });
}

const mebi = 1_048_576;
/** What each metric says of the application, and of the whole cluster. */
const expected: Readonly<Record<AlarmMetric, { readonly application: number; readonly cluster: number }>> = {
  CPU_MILLICORES: { application: 750, cluster: 3_750 },
  CPU_OF_REQUEST_PERCENT: { application: 50 + 100, cluster: 50 + 100 + 600 },
  CPU_OF_LIMIT_PERCENT: { application: 25 + 50, cluster: 25 + 50 + 300 },
  MEMORY_BYTES: { application: 200 * mebi, cluster: 1_224 * mebi },
  MEMORY_OF_REQUEST_PERCENT: { application: 50 + 150, cluster: 50 + 150 + 1_024 },
  MEMORY_OF_LIMIT_PERCENT: { application: 25 + 75, cluster: 25 + 75 + 512 },
  PODS_NOT_READY: { application: 1, cluster: 2 },
  CONTAINER_RESTARTS: { application: 5, cluster: 14 },
  WORKLOADS_NOT_READY: { application: 1, cluster: 1 },
  WARNING_EVENTS: { application: 4, cluster: 5 },
};
const metrics = Object.keys(alarmMetrics) as AlarmMetric[];

describe('measure', () => {
  it.each(metrics)('says %s of an application alone, and of a cluster (CMP-64)', async (metric) => {
    const { application: ofApplication, cluster } = expected[metric];
    expect(await look({ metric })).toEqual({ is: 'VALUE', value: ofApplication });
    expect(await look({ metric }, world, 'CLUSTER')).toEqual({ is: 'VALUE', value: cluster });
  });

  it.each<{ aggregation: AlarmRule['aggregation']; restarts: number; notReady: number }>([
    { aggregation: 'AVERAGE', restarts: 2.5, notReady: 1 },
    { aggregation: 'MAXIMUM', restarts: 4, notReady: 1 },
    { aggregation: 'SUM', restarts: 5, notReady: 1 },
  ])('makes one number by $aggregation, of counts always their sum (CMP-64)', async ({
    aggregation,
    restarts,
    notReady,
  }) => {
    expect(await look({ metric: 'CONTAINER_RESTARTS', aggregation })).toEqual({ is: 'VALUE', value: restarts });
    expect(await look({ metric: 'PODS_NOT_READY', aggregation })).toEqual({ is: 'VALUE', value: notReady });
  });

  it('counts events with the reasons that were asked for (CMP-64)', async () => {
    const asked = { metric: 'WARNING_EVENTS', eventReasons: ['FailedCreate'] } as const;
    expect(await look(asked)).toEqual({ is: 'VALUE', value: 1 });
  });

  const nothing = (problem: string | null): Measured => ({ is: 'NOTHING', problem });
  it.each<{ name: string; metric: AlarmMetric; objects: readonly object[]; seen: Measured }>([
    { name: 'usage without pods', metric: 'CPU_MILLICORES', objects: [web], seen: nothing(null) },
    { name: 'restarts without pods', metric: 'CONTAINER_RESTARTS', objects: [web], seen: nothing(null) },
    {
      name: 'a percentage of limits that nobody set',
      metric: 'CPU_OF_LIMIT_PERCENT',
      objects: [web, set, pod('web-a', { owner: controlledBy(set), limits: {} }), ...usages],
      seen: nothing('None of its pods has limits of cpu'),
    },
    { name: 'a count of nothing, which is 0', metric: 'PODS_NOT_READY', objects: [], seen: { is: 'VALUE', value: 0 } },
    {
      name: 'pods that are not measured yet',
      metric: 'MEMORY_BYTES',
      objects: [web, set, ...mine],
      seen: { is: 'UNKNOWN', problem: 'None of its pods is measured yet' },
    },
  ])('tells $name from a value (CMP-64)', async ({ metric, objects, seen }) => {
    expect(await look({ metric }, objects)).toEqual(seen);
  });

  it('says nothing either way where a cluster is away or shows only a part (refused, CMP-64)', async () => {
    const away = async (list: ClusterReader['list']) => {
      const reader: ClusterReader = { ...createFakeReader('c1', world), list };
      const policy = { rule: { ...rule, metric: 'PODS_NOT_READY' }, applicationUuid: 'a' } as AlarmPolicy;
      const clusters = [{ reader: () => createFakeReader('c1', world) }, { reader: () => reader }];
      return measure({ policy, application, clusters, rules, nowMs, signal: AbortSignal.timeout(60_000) });
    };
    const problem = { cluster: 'c1', code: 'UPSTREAM_UNAVAILABLE', message: 'It is away', staleSince: null };
    expect(await away(() => ({ items: [], problems: [problem] }) as never)).toEqual({
      is: 'UNKNOWN',
      problem: 'It is away',
    });
    const thrown = await away(() => Promise.reject(new UpstreamError('c1', 'No answer')) as never);
    expect(thrown).toEqual({ is: 'UNKNOWN', problem: 'No answer' });
  });
});

describe('timesSince', () => {
  it.each([
    { name: 'all of one that came since', first: 50, last: 10, count: 7, times: 7 },
    { name: 'none of one that came before', first: 500, last: 61, count: 7, times: 0 },
    { name: 'the part of one that has gone on for longer', first: 600, last: 0, count: 101, times: 11 },
    { name: 'one at least of one that was seen just now', first: 36_000, last: 59, count: 10, times: 1 },
    { name: 'one that says no number', first: 10, last: 10, count: undefined, times: 1 },
  ])('counts $name (CMP-64)', ({ first, last, count, times }) => {
    const event = { firstTimestamp: secondsAgo(first), lastTimestamp: secondsAgo(last), count, metadata: {} };
    expect(timesSince(event as never, nowMs - 60_000)).toBe(times);
  });
});
