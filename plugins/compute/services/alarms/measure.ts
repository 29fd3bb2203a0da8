import { eventKind, type KubernetesEventObject } from 'longshore/plugins/core';
import { AnswerError, type Cluster, type KindRef, parseQuantity, systemPrincipal } from 'longshore/sdk';
import { type AlarmPolicy, type Application, type PodObject, podKind, type WorkloadObject } from '../../api.ts';
import { type MembershipRules, workloadsOfApplication } from '../applications/application-members.ts';
import { standingOf } from '../applications/application-state.ts';
import { podsOfWorkload } from '../find-pods.ts';
import { podMetricsKind } from '../usage.ts';
import { anyWorkloadKinds, isOwnedByWorkload } from '../workload-kinds.ts';
import { aggregate } from './decide-alarm.ts';

/** What a policy looks at in one cluster. */
interface Scope {
  readonly pods: readonly PodObject[];
  readonly workloads: readonly WorkloadObject[];
}

export interface MeasureOptions {
  readonly policy: AlarmPolicy;
  /** Of a policy of an application. */
  readonly application: Application | undefined;
  readonly clusters: readonly Cluster[];
  readonly rules: MembershipRules;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** The value of a policy's metric now, over all its clusters; undefined where one of them cannot tell. */
export async function measure(options: MeasureOptions): Promise<number | undefined> {
  const { policy, nowMs } = options;
  const { metric, aggregation, durationSeconds, eventReasons } = policy.rule;
  const isCount = metric === 'PODS_NOT_READY' || metric === 'WORKLOADS_NOT_READY' || metric === 'WARNING_EVENTS';
  const values: number[] = [];
  try {
    for (const cluster of options.clusters) {
      const scope = await scopeIn(cluster, options);
      if (scope === undefined) return undefined;
      switch (metric) {
        case 'PODS_NOT_READY':
          values.push(scope.pods.filter(isNotReady).length);
          break;
        case 'WORKLOADS_NOT_READY':
          values.push(scope.workloads.filter((workload) => standingOf(workload) === 'NOT_READY').length);
          break;
        case 'CONTAINER_RESTARTS':
          values.push(...scope.pods.map(restartsOf));
          break;
        case 'WARNING_EVENTS': {
          const count = await countEvents(
            cluster,
            scope,
            policy,
            nowMs - durationSeconds * 1_000,
            eventReasons,
            options.signal,
          );
          if (count === undefined) return undefined;
          values.push(count);
          break;
        }
        default: {
          const used = await usageOf(cluster, scope, policy, options.signal);
          if (used === undefined) return undefined;
          values.push(...used);
        }
      }
    }
  } catch (error) {
    // A cluster that is away, or does not measure, says nothing either way.
    if (error instanceof AnswerError) return undefined;
    throw error;
  }
  return aggregate(isCount ? 'SUM' : aggregation, values);
}

async function scopeIn(cluster: Cluster, { application, rules, signal }: MeasureOptions): Promise<Scope | undefined> {
  const reader = cluster.reader(systemPrincipal, signal);
  if (!application) {
    const [pods, ...lists] = await Promise.all([
      reader.list(podKind),
      ...anyWorkloadKinds.map((kind: KindRef) => reader.list(kind)),
    ]);
    if ([pods, ...lists].some(({ problems }) => problems.length > 0)) return undefined;
    const workloads = lists.flatMap(({ items }) => items).filter((object) => !isOwnedByWorkload(object));
    return { pods: pods.items, workloads: workloads as unknown as readonly WorkloadObject[] };
  }
  const { items, problems = [] } = await workloadsOfApplication(application, reader, rules);
  if (problems.length > 0) return undefined;
  const workloads = [...items];
  const pods = await Promise.all(workloads.map((workload) => podsOfWorkload(reader, workload)));
  return { pods: pods.flat(), workloads };
}

function isNotReady({ status }: PodObject): boolean {
  if (status?.phase === 'Succeeded') return false;
  return !status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

const restartsOf = ({ status }: PodObject): number =>
  (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);

/** What each pod uses, as the metric wants it; pods that are not measured yet do not count. */
async function usageOf(
  cluster: Cluster,
  { pods }: Scope,
  { rule: { metric }, namespace }: AlarmPolicy,
  signal: AbortSignal,
): Promise<readonly number[] | undefined> {
  const reader = cluster.reader(systemPrincipal, signal);
  const measured = await reader.list(podMetricsKind, namespace === null ? {} : { namespaces: [namespace] });
  if (measured.problems.length > 0) return undefined;
  const resource = metric.startsWith('CPU') ? 'cpu' : 'memory';
  const used = new Map(
    measured.items.map((item) => [
      `${item.metadata.namespace}/${item.metadata.name}`,
      (item.containers ?? []).reduce((sum, { usage }) => sum + amountOf(usage?.[resource]), 0),
    ]),
  );
  return pods.flatMap((pod) => {
    const amount = used.get(`${pod.metadata.namespace}/${pod.metadata.name}`);
    if (amount === undefined) return [];
    if (!metric.endsWith('PERCENT')) return [resource === 'cpu' ? amount * 1_000 : amount];
    const of = metric.includes('LIMIT') ? 'limits' : 'requests';
    const all = (pod.spec?.containers ?? []).map(({ resources }) => amountOf(resources?.[of]?.[resource]));
    const whole = all.some((each) => each === 0) ? 0 : all.reduce((sum, each) => sum + each, 0);
    return whole === 0 ? [] : [(amount / whole) * 100];
  });
}

function amountOf(quantity: string | undefined): number {
  return quantity === undefined ? 0 : (parseQuantity(quantity)?.value ?? 0);
}

/** Warnings about the application's pods and workloads since a moment, each as often as it was repeated. */
async function countEvents(
  cluster: Cluster,
  scope: Scope,
  { namespace, applicationUuid }: AlarmPolicy,
  sinceMs: number,
  reasons: readonly string[],
  signal: AbortSignal,
): Promise<number | undefined> {
  const reader = cluster.reader(systemPrincipal, signal);
  const { items, problems } = await reader.list(eventKind, namespace === null ? {} : { namespaces: [namespace] });
  if (problems.length > 0) return undefined;
  const uids = new Set([...scope.pods, ...scope.workloads].map(({ metadata }) => metadata.uid));
  return (items as readonly KubernetesEventObject[])
    .filter(({ type, reason = '', involvedObject, ...event }) => {
      if (type !== 'Warning' || (reasons.length > 0 && !reasons.includes(reason))) return false;
      if (applicationUuid !== null && !uids.has(involvedObject.uid ?? '')) return false;
      return seenAt(event as KubernetesEventObject) >= sinceMs;
    })
    .reduce((sum, { count, series }) => sum + (series?.count ?? count ?? 1), 0);
}

function seenAt({ series, lastTimestamp, eventTime, metadata }: KubernetesEventObject): number {
  const at = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
  return at === undefined || at === null ? 0 : new Date(at as string | Date).getTime();
}
