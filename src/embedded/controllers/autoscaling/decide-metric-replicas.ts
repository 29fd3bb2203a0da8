/** What one pod uses of a resource, in thousandths, and when and over how long that was measured. */
export interface PodMetric {
  readonly milli: number;
  readonly atMs: number;
  readonly windowMs: number;
}

/** A pod of the target as far as it counts for scaling. */
export interface ScaledPod {
  readonly name: string;
  readonly phase: string;
  readonly isDeleted: boolean;
  /** When the kubelet began with it; undefined before that. */
  readonly startedAtMs: number | undefined;
  /** The Ready condition; undefined while there is none. */
  readonly ready: { readonly isTrue: boolean; readonly isFalse: boolean; readonly sinceMs: number } | undefined;
  /** What it requests of the resource in thousandths; only read for utilization. */
  readonly requestMilli: number;
}

export interface Tolerances {
  readonly up: number;
  readonly down: number;
}

export interface MetricQuestion {
  readonly pods: readonly ScaledPod[];
  readonly metrics: ReadonlyMap<string, PodMetric>;
  readonly resource: string;
  readonly currentReplicas: number;
  readonly target: { readonly utilization: number } | { readonly averageMilli: number };
  readonly tolerances: Tolerances;
  readonly nowMs: number;
}

export interface MetricProposal {
  readonly replicas: number;
  /** Average use in thousandths. */
  readonly averageMilli: number;
  /** Percent of what is requested; undefined for targets that are no utilization. */
  readonly utilization: number | undefined;
}

/** No count can be computed; the message is the controller's. */
export class MetricError extends Error {
  override readonly name = 'MetricError';
}

const cpuInitializationMs = 300_000;
const initialReadinessMs = 30_000;

/**
 * How many replicas bring the average to its target (`autoscaling/v2`, the horizontal pod autoscaler's algorithm).
 * Pods that are not ready or have no metrics are counted so that they only dampen. Throws `MetricError`.
 */
export function decideMetricReplicas(question: MetricQuestion): MetricProposal {
  const { pods, target, tolerances, currentReplicas } = question;
  if (pods.length === 0) throw new MetricError('no pods returned by selector while calculating replica count');
  const groups = groupPods(question);
  const values = new Map([...question.metrics].map(([name, { milli }]) => [name, milli]));
  for (const name of [...groups.ignored, ...groups.unready]) values.delete(name);
  if (values.size === 0) throw new MetricError('did not receive metrics for targeted pods (pods might be unready)');

  const requests = new Map(pods.map(({ name, requestMilli }) => [name, requestMilli]));
  const first = measure(values, requests, target);
  const answer = (replicas: number): MetricProposal => ({
    replicas,
    averageMilli: first.averageMilli,
    utilization: first.utilization,
  });
  const isRisingUnready = groups.unready.length > 0 && first.ratio > 1;
  if (!isRisingUnready && groups.missing.length === 0) {
    return answer(isWithin(tolerances, first.ratio) ? currentReplicas : Math.ceil(first.ratio * groups.readyCount));
  }

  for (const name of groups.missing) {
    if (first.ratio < 1) {
      const fallback =
        'utilization' in target
          ? Math.floor(((requests.get(name) ?? 0) * Math.max(100, target.utilization)) / 100)
          : target.averageMilli;
      values.set(name, fallback);
    } else if (first.ratio > 1) values.set(name, 0);
  }
  if (isRisingUnready) for (const name of groups.unready) values.set(name, 0);

  const { ratio } = measure(values, requests, target);
  const turnsAround = (first.ratio < 1 && ratio > 1) || (first.ratio > 1 && ratio < 1);
  if (isWithin(tolerances, ratio) || turnsAround) return answer(currentReplicas);
  const replicas = Math.ceil(ratio * values.size);
  const contradicts = (ratio < 1 && replicas > currentReplicas) || (ratio > 1 && replicas < currentReplicas);
  return answer(contradicts ? currentReplicas : replicas);
}

function isWithin({ up, down }: Tolerances, ratio: number): boolean {
  return 1 - down <= ratio && ratio <= 1 + up;
}

function measure(
  values: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, number>,
  target: MetricQuestion['target'],
): { ratio: number; averageMilli: number; utilization: number | undefined } {
  let total = 0;
  let requested = 0;
  let count = 0;
  for (const [name, milli] of values) {
    const request = requests.get(name);
    if (request === undefined && 'utilization' in target) continue;
    total += milli;
    requested += request ?? 0;
    count += 1;
  }
  if (!('utilization' in target)) {
    const averageMilli = Math.trunc(total / count);
    return { ratio: averageMilli / target.averageMilli, averageMilli, utilization: undefined };
  }
  if (requested === 0) throw new MetricError('no metrics returned matched known pods');
  const utilization = Math.trunc((total * 100) / requested);
  return { ratio: utilization / target.utilization, averageMilli: Math.trunc(total / count), utilization };
}

interface PodGroups {
  readonly readyCount: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
  readonly ignored: readonly string[];
}

function groupPods(question: MetricQuestion): PodGroups {
  const groups = { readyCount: 0, unready: [] as string[], missing: [] as string[], ignored: [] as string[] };
  for (const pod of question.pods) {
    const metric = question.metrics.get(pod.name);
    if (pod.isDeleted || pod.phase === 'Failed') groups.ignored.push(pod.name);
    else if (pod.phase === 'Pending') groups.unready.push(pod.name);
    else if (metric === undefined) groups.missing.push(pod.name);
    else if (question.resource === 'cpu' && isUnready(pod, metric, question.nowMs)) groups.unready.push(pod.name);
    else groups.readyCount += 1;
  }
  return groups;
}

/** A pod that starts burns more than it will later: its cpu counts once it was ready for a whole measurement. */
function isUnready({ ready, startedAtMs }: ScaledPod, metric: PodMetric, nowMs: number): boolean {
  if (ready === undefined || startedAtMs === undefined) return true;
  if (startedAtMs + cpuInitializationMs > nowMs) return ready.isFalse || metric.atMs < ready.sinceMs + metric.windowMs;
  return ready.isFalse && startedAtMs + initialReadinessMs > ready.sinceMs;
}
