import {
  clusterRef,
  type KubeObject,
  type LongshoreBuilder,
  origin,
  type ProfilePlace,
  type RequestContext,
  RequestError,
  subjectOf,
} from 'longshore/sdk';
import { clusterNodeTypeRef, nodeKind, podTypeRef, workloadTypeRef } from '../../api.ts';
import { metricsRetentionDays, metricsSpanDays } from '../../profile-keys/retention.ts';
import { podPatternOf } from '../../services/log-search/log-query.ts';
import { loadClusterUsage, loadUsage, type MeasuredThing } from '../../services/metrics/load-usage.ts';
import { type AskedRange, type MetricRange, planRange } from '../../services/metrics/metric-range.ts';
import { type UsageMetric, usageMetrics } from '../../services/metrics/usage-metrics.ts';
import { metricRangeRef, type UsageSeries, usageMetricRef, usageSeriesRef } from './metric-types.ts';

export interface MetricsArguments {
  readonly range: AskedRange;
  readonly metrics?: readonly UsageMetric[] | null | undefined;
}

const ofNodes = Object.keys(usageMetrics) as readonly UsageMetric[];
export const usageOfPods = ofNodes.filter((metric) => metric !== 'DISK');
const moments = {};

/** What clusters, nodes, workloads and pods used over time (CMP-110). Nullable, and failing alone: CAPABILITY_MISSING without Prometheus. */
export function registerUsageOverTime(builder: LongshoreBuilder): void {
  builder.objectField(podTypeRef, 'metrics', (t) =>
    t.field({
      type: [usageSeriesRef],
      nullable: true,
      description: 'What it used over time, from Prometheus. Needs the right READ_METRICS.',
      args: metricsArguments(t),
      resolve: (pod, asked, context) => {
        const { namespace = '', name } = pod.metadata;
        return ofObject(pod, { is: 'POD', namespace, name }, usageOfPods, asked as never, context);
      },
    }),
  );
  builder.interfaceField(workloadTypeRef, 'metrics', (t) =>
    t.field({
      type: [usageSeriesRef],
      nullable: true,
      description:
        'What its pods used over time, those that are gone included, which are known by their names; from Prometheus. Needs the right READ_METRICS.',
      args: metricsArguments(t),
      resolve: (workload, asked, context) => {
        const { kind, metadata } = workload;
        const { namespace = '', name } = metadata;
        const thing = { is: 'PODS', namespace, pattern: podPatternOf(kind, name) } as const;
        return ofObject(workload, thing, usageOfPods, asked as never, context);
      },
    }),
  );
  builder.objectField(clusterNodeTypeRef, 'metrics', (t) =>
    t.field({
      type: [usageSeriesRef],
      nullable: true,
      description:
        'What was used on it over time, by pods and the system, from Prometheus. Needs the right READ_METRICS.',
      args: metricsArguments(t),
      resolve: (node, asked, context) =>
        ofObject(node, { is: 'NODE', name: node.metadata.name }, ofNodes, asked as never, context),
    }),
  );
  builder.objectField(clusterRef, 'metrics', (t) =>
    t.field({
      type: [usageSeriesRef],
      nullable: true,
      description:
        'What its pods used over time, from Prometheus: all of them for who may read the metrics of all, else those of your own namespaces, as `scope` says. Disks are those of all nodes.',
      args: metricsArguments(t),
      resolve: (cluster, asked, context) => ofCluster(cluster.name, asked as never, context),
    }),
  );
}

/** `range` and `metrics`. */
export function metricsArguments(t: { readonly arg: unknown }) {
  const arg = t.arg as (options: object) => never;
  return {
    range: arg({ type: metricRangeRef, required: true, description: 'The span of time.' }),
    metrics: arg({ type: [usageMetricRef], description: 'What of it; all that there is where it is not set.' }),
  };
}

function ofObject(
  object: KubeObject,
  thing: MeasuredThing,
  known: readonly UsageMetric[],
  { range: asked, metrics }: MetricsArguments,
  context: RequestContext,
): Promise<UsageSeries[]> {
  const { cluster } = object[origin];
  const { namespace, name } = object.metadata;
  if (!context.access.allowed('READ_METRICS', object)) {
    throw new RequestError('FORBIDDEN', `You may not read what ${object.kind} '${name}' uses`);
  }
  const range = rangeAt({ cluster, namespace }, asked, context);
  return Promise.all(
    wanted(metrics, known).map(async (metric) => {
      const points = await loadUsage({ cluster, metric, range }, thing, context);
      return { metric, range, scope: 'OBJECT' as const, points };
    }),
  );
}

function ofCluster(
  cluster: string,
  { range: asked, metrics }: MetricsArguments,
  context: RequestContext,
): Promise<UsageSeries[]> {
  const range = rangeAt({ cluster }, asked, context);
  const mayNodes = context.access.readFilter(subjectOf(nodeKind), cluster, 'READ_METRICS') === 'all';
  if (metrics?.includes('DISK') && !mayNodes) {
    throw new RequestError('FORBIDDEN', `You may not read what the nodes of '${cluster}' use`);
  }
  return Promise.all(
    wanted(metrics, mayNodes ? ofNodes : usageOfPods).map(async (metric) => {
      const { points, isWhole } = await loadClusterUsage({ cluster, metric, range }, context);
      return { metric, range, scope: isWhole ? ('CLUSTER' as const) : ('NAMESPACES' as const), points };
    }),
  );
}

/** What is measured of a thing of this kind, as it was asked for. Throws `BAD_USER_INPUT` for what is not. */
export function wanted(asked: readonly UsageMetric[] | null | undefined, known: readonly UsageMetric[]): UsageMetric[] {
  const other = asked?.find((metric) => !known.includes(metric));
  if (other) throw new RequestError('BAD_USER_INPUT', `metrics: ${other} is measured of nodes and clusters alone`);
  return [...new Set(asked ?? known)];
}

/** Rows that are answered together ask for the same moment. */
export function rangeAt(place: ProfilePlace, asked: AskedRange, context: RequestContext): MetricRange {
  const { clock } = context;
  const now = context.memo(moments, () => clock.now());
  const profile = context.services.profiles.at(place);
  const limits = { retentionDays: profile.get(metricsRetentionDays), spanDays: profile.get(metricsSpanDays) };
  return planRange(asked, limits, now);
}
