import { AnswerError, type Cluster, type ClusterReader, type KindRef, systemPrincipal } from 'longshore/sdk';
import {
  type AlarmPolicy,
  type Application,
  anyWorkloadKinds,
  type PodObject,
  podKind,
  type WorkloadObject,
} from '../../api.ts';
import { type MembershipRules, workloadsOfApplication } from '../applications/application-members.ts';
import { standingOf } from '../applications/application-state.ts';
import { podsOfWorkload } from '../find-pods.ts';
import { isOwnedByWorkload } from '../workload-kinds.ts';
import { countWarnings } from './count-warnings.ts';
import { aggregate, type Measured } from './decide-alarm.ts';
import { measureUsage } from './measure-usage.ts';
import { requireWhole } from './require-whole.ts';

/** What a policy looks at in one cluster. */
interface AlarmScope {
  readonly pods: readonly PodObject[];
  readonly workloads: readonly WorkloadObject[];
}

export interface MeasureOptions {
  readonly policy: AlarmPolicy;
  /** Of a policy of an application. */
  readonly application: Application | undefined;
  readonly clusters: readonly Pick<Cluster, 'reader'>[];
  readonly rules: MembershipRules;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** Counts are added up over clusters, whatever the aggregation; without anything to count they are 0. */
const counts: ReadonlySet<string> = new Set(['PODS_NOT_READY', 'WORKLOADS_NOT_READY', 'WARNING_EVENTS']);

/** The value of a policy's metric now, over all its clusters. */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const { metric, aggregation } = options.policy.rule;
  const values: number[] = [];
  let hint: string | null = null;
  try {
    for (const cluster of options.clusters) {
      const reader = cluster.reader(systemPrincipal, options.signal);
      const found = await measureIn(reader, options);
      values.push(...found.values);
      hint ??= found.hint ?? null;
    }
  } catch (error) {
    if (error instanceof AnswerError) return { is: 'UNKNOWN', problem: error.message };
    throw error;
  }
  const value = counts.has(metric) ? values.reduce((sum, each) => sum + each, 0) : aggregate(aggregation, values);
  return value === undefined ? { is: 'NOTHING', problem: hint } : { is: 'VALUE', value };
}

/** Values of one cluster; `hint` says why there are none. Throws answer errors where it cannot tell. */
async function measureIn(
  reader: ClusterReader,
  options: MeasureOptions,
): Promise<{ readonly values: readonly number[]; readonly hint?: string }> {
  const { policy, nowMs } = options;
  const { metric } = policy.rule;
  const scope = await scopeIn(reader, options);
  switch (metric) {
    case 'PODS_NOT_READY':
      return { values: [scope.pods.filter(isNotReady).length] };
    case 'WORKLOADS_NOT_READY':
      return { values: [scope.workloads.filter((workload) => standingOf(workload) === 'NOT_READY').length] };
    case 'CONTAINER_RESTARTS':
      return { values: scope.pods.map(restartsOf) };
    case 'WARNING_EVENTS':
      return { values: [await countWarnings(reader, [...scope.pods, ...scope.workloads], policy, nowMs)] };
    default:
      return measureUsage(reader, scope.pods, metric);
  }
}

async function scopeIn(reader: ClusterReader, { application, rules }: MeasureOptions): Promise<AlarmScope> {
  if (!application) {
    const [pods, ...lists] = await Promise.all([
      reader.list(podKind),
      ...anyWorkloadKinds.map((kind: KindRef) => reader.list(kind)),
    ]);
    requireWhole([pods, ...lists]);
    const workloads = lists.flatMap(({ items }) => items).filter((object) => !isOwnedByWorkload(object));
    return { pods: pods.items, workloads: workloads as unknown as readonly WorkloadObject[] };
  }
  const found = await workloadsOfApplication(application, reader, rules);
  requireWhole([found]);
  const workloads = [...found.items];
  const pods = await Promise.all(workloads.map((workload) => podsOfWorkload(reader, workload)));
  return { pods: pods.flat(), workloads };
}

function isNotReady({ status }: PodObject): boolean {
  if (status?.phase === 'Succeeded') return false;
  return !status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

const restartsOf = ({ status }: PodObject): number =>
  (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
