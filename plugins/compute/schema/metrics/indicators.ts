import {
  type LongshoreBuilder,
  named,
  origin,
  type RequestContext,
  RequestError,
  registerEnum,
  typeRef,
} from 'longshore/sdk';
import { type Application, applicationTypeRef, type WorkloadObject, workloadTypeRef } from '../../api.ts';
import { monitoringCollectorRef } from '../../services/form/monitoring.ts';
import { podPatternOf } from '../../services/log-search/log-query.ts';
import { chooseIndicators, indicatorKinds, unitOfIndicator } from '../../services/metrics/indicators.ts';
import { loadUsage } from '../../services/metrics/load-usage.ts';
import type { AskedRange, MetricRange } from '../../services/metrics/metric-range.ts';
import type { MetricPoint } from '../../services/metrics/prometheus-client.ts';
import { sumOfSeries } from '../../services/metrics/sum-series.ts';
import type { IndicatorSettings } from '../../settings.ts';
import { loadWorkloadsOfApplication } from '../applications/load-applications.ts';
import { metricPointRef, metricRangeRef } from './metric-types.ts';
import { rangeAt } from './usage-over-time.ts';

interface IndicatorSeries {
  readonly indicator: IndicatorSettings;
  readonly range: MetricRange;
  readonly points: readonly MetricPoint[];
}
interface Asked {
  readonly range: AskedRange;
  readonly names?: readonly string[] | null;
}

const seriesRef = typeRef<IndicatorSeries>('IndicatorSeries');

/** What apps tell of their business (CMP-113): page views, calls. Nullable, and failing alone. */
export function registerIndicators(builder: LongshoreBuilder): void {
  registerEnum(builder, 'IndicatorKind', 'How an indicator is told.', indicatorKinds);
  registerSeries(builder);
  builder.interfaceField(workloadTypeRef, 'indicators', (t) =>
    t.field({
      type: [seriesRef],
      nullable: true,
      description:
        'What the apps in its pods told of their business over time, such as page views and calls: metrics of their collectors, from Prometheus, as far as the operator lists them. Needs the right READ_METRICS.',
      args: argumentsOf(t),
      resolve: (workload, asked, context) => ofWorkload(workload, asked as never, context),
    }),
  );
  builder.objectField(applicationTypeRef, 'indicators', (t) =>
    t.field({
      type: [seriesRef],
      nullable: true,
      description:
        'What the apps in it told of their business over time, summed over those of its workloads whose metrics you may read, in all clusters.',
      args: argumentsOf(t),
      resolve: (application, asked, context) => ofApplication(application, asked as never, context),
    }),
  );
}

function argumentsOf(t: { readonly arg: unknown }) {
  const arg = t.arg as (options: object) => never;
  return {
    range: arg({ type: metricRangeRef, required: true, description: 'The span of time.' }),
    names: arg({
      type: ['String'],
      description:
        'Names of the metrics, up to 20 of those that the operator lists; the first 20 of them where it is not set.',
    }),
  };
}

async function ofWorkload(workload: WorkloadObject, asked: Asked, context: RequestContext): Promise<IndicatorSeries[]> {
  if (!context.access.allowed('READ_METRICS', workload)) {
    throw new RequestError('FORBIDDEN', `You may not read what ${workload.kind} '${workload.metadata.name}' tells`);
  }
  const place = { cluster: workload[origin].cluster, namespace: workload.metadata.namespace };
  const range = rangeAt(place, asked.range, context);
  return seriesOf([workload], asked, range, context);
}

async function ofApplication(application: Application, asked: Asked, context: RequestContext) {
  const { items, problems } = await loadWorkloadsOfApplication(application, context);
  // A part of it is no answer.
  const [problem] = problems;
  if (problem) throw new RequestError('UPSTREAM_UNAVAILABLE', problem.message);
  const place = { cluster: application.cluster ?? undefined, namespace: application.namespace ?? undefined };
  const range = rangeAt({ ...place, workspace: application.workspaceUuid ?? undefined }, asked.range, context);
  const open = items.filter((workload) => context.access.allowed('READ_METRICS', workload));
  if (items.length > 0 && open.length === 0) {
    throw new RequestError('FORBIDDEN', `You may not read what application '${application.name}' tells`);
  }
  return seriesOf(open, asked, range, context);
}

function seriesOf(
  workloads: readonly WorkloadObject[],
  { names }: Asked,
  range: MetricRange,
  context: RequestContext,
): Promise<IndicatorSeries[]> {
  const indicators = chooseIndicators(context.service(monitoringCollectorRef), names);
  return Promise.all(
    indicators.map(async (indicator) => {
      const metric = { indicator: indicator.metric, isRate: indicator.kind === 'COUNTER' };
      const each = await Promise.all(
        workloads.map(async ({ kind, metadata, [origin]: { cluster } }) => {
          const { namespace = '', name } = metadata;
          const thing = { is: 'PODS', namespace, pattern: podPatternOf(kind, name) } as const;
          return { points: await loadUsage({ cluster, metric, range }, thing, context) };
        }),
      );
      return { indicator, range, points: each.length === 1 ? (each[0]?.points ?? []) : sumOfSeries(each) };
    }),
  );
}

function registerSeries(builder: LongshoreBuilder): void {
  builder.objectType(seriesRef, {
    description: 'What apps told of their business over time.',
    fields: (t) => ({
      name: t.string({ description: 'Name of the metric.', resolve: ({ indicator }) => indicator.metric }),
      description: t.string({
        description: 'What it counts, in the words of the operator; empty where nobody said.',
        resolve: ({ indicator }) => indicator.description,
      }),
      kind: t.field({
        type: named('IndicatorKind'),
        description: 'How it is told.',
        resolve: ({ indicator }) => indicator.kind as never,
      }),
      unit: t.field({
        type: named('MetricUnit'),
        description: 'In what it is told.',
        resolve: ({ indicator }) => unitOfIndicator[indicator.kind] as never,
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
