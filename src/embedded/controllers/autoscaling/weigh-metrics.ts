import type { AutoscalerRound } from './create-autoscaler-round.ts';
import { evaluateMetric, type MetricSite } from './evaluate-metric.ts';

export interface Wanted {
  /** Undefined when the metrics do not say. */
  readonly replicas: number | undefined;
  readonly metricName: string;
  readonly failure: string;
  readonly statuses: readonly object[] | null;
}

/** Asks all metrics of an autoscaler and says what came of it; the one that wants most decides. */
export function weighMetrics(round: AutoscalerRound, site: MetricSite): Wanted {
  const specs = round.autoscaler.spec.metrics ?? [];
  const outcomes = specs.map((spec) => evaluateMetric(spec, site));
  const statuses = outcomes.map((outcome) => ('status' in outcome ? outcome.status : { type: '' }));
  const failures = outcomes.filter((outcome) => 'reason' in outcome);
  for (const { reason, detail } of failures) round.warn(reason, detail);
  let best: { replicas: number; metricName: string } | undefined;
  for (const outcome of outcomes) {
    if ('replicas' in outcome && (best === undefined || outcome.replicas > best.replicas)) best = outcome;
  }
  const [first] = failures;
  const failure =
    first === undefined
      ? ''
      : `invalid metrics (${failures.length} invalid out of ${specs.length}), first error is: ${first.failure}`;
  if (first !== undefined && (best === undefined || best.replicas < site.currentReplicas)) {
    round.set(
      'ScalingActive',
      'False',
      first.reason,
      `the HPA was unable to compute the replica count: ${first.detail}`,
    );
    return { replicas: undefined, metricName: '', failure, statuses };
  }
  const metricName = best?.metricName ?? '';
  round.set(
    'ScalingActive',
    'True',
    'ValidMetricFound',
    `the HPA was able to successfully calculate a replica count from ${metricName}`,
  );
  return { replicas: best?.replicas ?? site.currentReplicas, metricName, failure, statuses };
}
