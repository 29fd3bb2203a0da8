import {
  enumRef,
  type InputTypeRef,
  inputRef,
  type LongshoreBuilder,
  named,
  registerEnum,
  typeRef,
} from 'longshore/sdk';
import type { AskedRange, MetricRange } from '../../services/metrics/metric-range.ts';
import type { MetricPoint } from '../../services/metrics/prometheus-client.ts';
import { metricUnits, type UsageMetric, unitOfUsage, usageMetrics } from '../../services/metrics/usage-metrics.ts';

export interface UsageSeries {
  readonly metric: UsageMetric;
  readonly range: MetricRange;
  readonly scope: keyof typeof scopes;
  readonly points: readonly MetricPoint[];
}

const scopes = {
  OBJECT: 'What the object itself uses.',
  CLUSTER: 'All that there is in the cluster.',
  NAMESPACES: 'Only what is in namespaces whose metrics you may read.',
} as const;

export const metricPointRef = typeRef<MetricPoint>('MetricPoint');
export const usageSeriesRef = typeRef<UsageSeries>('UsageSeries');
export const metricRangeRef: InputTypeRef<AskedRange> = inputRef<AskedRange>('MetricRangeInput');
export const usageMetricRef = enumRef<UsageMetric>('UsageMetric');

export function registerMetricTypes(builder: LongshoreBuilder): void {
  registerEnum(builder, 'UsageMetric', 'What is measured over time.', usageMetrics);
  registerEnum(builder, 'MetricUnit', 'In what something is measured.', metricUnits);
  registerEnum(builder, 'MetricScope', 'Of what a measurement is the sum.', scopes);
  builder.inputType('MetricRangeInput', {
    description:
      'A span of time and how fine it is looked at. How long it and how far back it may be, the profile says.',
    fields: (t) => ({
      since: t.field({ type: 'DateTime', required: true, description: 'Its begin.' }),
      until: t.field({ type: 'DateTime', description: 'Its end; now where it is not set.' }),
      stepSeconds: t.int({
        description:
          'Seconds between two points, 15 to 604,800; at most 1,000 points. Without it one that makes at most 240. Points lie on its multiples.',
      }),
    }),
  });
  builder.objectType(metricPointRef, {
    description: 'What was measured at one point of time.',
    fields: (t) => ({
      at: t.field({
        type: 'DateTime',
        description: 'When; of what is told per second, the end of the time over which that was taken.',
        resolve: ({ atSeconds }) => new Date(Math.round(atSeconds * 1_000)),
      }),
      value: t.float({ description: 'How much, in the unit of the series.', resolve: ({ value }) => value }),
    }),
  });
  builder.objectType(usageSeriesRef, {
    description: 'What something used over time.',
    fields: (t) => ({
      metric: t.field({
        type: named('UsageMetric'),
        description: 'Of what.',
        resolve: ({ metric }) => metric as never,
      }),
      unit: t.field({
        type: named('MetricUnit'),
        description: 'In what it is told.',
        resolve: ({ metric }) => unitOfUsage[metric] as never,
      }),
      scope: t.field({
        type: named('MetricScope'),
        description: 'Of what it is the sum.',
        resolve: ({ scope }) => scope as never,
      }),
      stepSeconds: t.int({ description: 'Seconds between two points.', resolve: ({ range }) => range.stepSeconds }),
      points: t.field({
        type: [metricPointRef],
        description: 'Oldest first; where nothing was measured there is none.',
        resolve: ({ points }) => [...points],
      }),
    }),
  });
}
