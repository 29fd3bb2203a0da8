import {
  type Cluster,
  clusterRef,
  type KubeObject,
  type LongshoreBuilder,
  mapMaybe,
  named,
  type RequestContext,
  RequestError,
  registerEnum,
  relatedRows,
  typeRef,
} from 'longshore/sdk';
import { type PodObject, podKind, podTypeRef } from '../../api.ts';
import {
  type ClusterComponent,
  componentStates,
  componentsOf,
  systemNamespace,
} from '../../services/metrics/cluster-components.ts';
import {
  type ControlPlaneMetric,
  controlPlaneMetrics,
  controlPlaneQuery,
  unitOfControlPlane,
} from '../../services/metrics/control-plane-query.ts';
import { metricBackendsRef } from '../../services/metrics/metric-backends.ts';
import type { AskedRange, MetricRange } from '../../services/metrics/metric-range.ts';
import type { MetricPoint } from '../../services/metrics/prometheus-client.ts';
import { metricPointRef, metricRangeRef } from './metric-types.ts';
import { rangeAt } from './usage-over-time.ts';

interface ControlPlaneSeries {
  readonly metric: ControlPlaneMetric;
  readonly range: MetricRange;
  readonly points: readonly MetricPoint[];
}

const seriesRef = typeRef<ControlPlaneSeries>('ControlPlaneSeries');
const componentRef = typeRef<ClusterComponent>('ClusterComponent');
const all = Object.keys(controlPlaneMetrics) as readonly ControlPlaneMetric[];

/** The status page of a cluster (CMP-17): how its API server, etcd and other components do. */
export function registerControlPlane(builder: LongshoreBuilder): void {
  registerTypes(builder);
  builder.objectField(clusterRef, 'controlPlaneMetrics', (t) =>
    t.field({
      type: [seriesRef],
      nullable: true,
      description:
        'What its API server and etcd told of themselves over time, from Prometheus; a series is empty where Prometheus does not scrape them. Needs the right READ_METRICS of the cluster.',
      args: {
        range: t.arg({ type: metricRangeRef, required: true, description: 'The span of time.' } as never),
        metrics: t.arg({
          type: [named('ControlPlaneMetric')],
          description: 'What of it; all that there is where it is not set.',
        } as never),
      } as never,
      resolve: (cluster: Cluster, args: unknown, context: RequestContext) => load(cluster, args as never, context),
    } as never),
  );
  builder.objectField(clusterRef, 'components', (t) =>
    t.field({
      type: [componentRef],
      description:
        'The components that run in it as pods of `kube-system`, as far as you may see them; where somebody else runs the control plane, there are none of it.',
      resolve: ({ name }, _args, context) =>
        mapMaybe(
          relatedRows<KubeObject<PodObject>>(
            context,
            name,
            (reader) => reader.list(podKind, { namespaces: [systemNamespace] }) as never,
          ),
          ({ items }) => componentsOf([...(items as Iterable<unknown>)] as readonly PodObject[]),
        ) as never,
    }),
  );
}

async function load(
  { name }: Cluster,
  { range: asked, metrics }: { readonly range: AskedRange; readonly metrics?: readonly ControlPlaneMetric[] | null },
  context: RequestContext,
): Promise<ControlPlaneSeries[]> {
  const range = rangeAt({ cluster: name }, asked, context);
  const isAllowed = context.access.allowed('READ_METRICS', { subject: 'core/Cluster', cluster: name, name });
  // Where the cluster sees the caller itself: for whom it would let reach its nodes.
  if (!isAllowed || !(await context.cluster(name).canReadLogs(context.principal, 'NODES'))) {
    throw new RequestError('FORBIDDEN', `You may not read how the control plane of '${name}' does`);
  }
  const { client, labels, matchers, rateSeconds } = context.service(metricBackendsRef).of(name);
  const options = { labels, matchers, rateSeconds: Math.max(rateSeconds, range.stepSeconds) };
  return Promise.all(
    [...new Set(metrics ?? all)].map(async (metric) => {
      const [series] = await client.range(controlPlaneQuery(metric, options), range, context.signal);
      return { metric, range, points: series?.points ?? [] };
    }),
  );
}

function registerTypes(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ControlPlaneMetric', 'What the API server and etcd tell of themselves.', controlPlaneMetrics);
  registerEnum(builder, 'ClusterComponentState', 'How a component does.', componentStates);
  builder.objectType(seriesRef, {
    description: 'What a part of the control plane told over time.',
    fields: (t) => ({
      metric: t.field({
        type: named('ControlPlaneMetric'),
        description: 'Of what.',
        resolve: ({ metric }) => metric as never,
      }),
      unit: t.field({
        type: named('MetricUnit'),
        description: 'In what it is told.',
        resolve: ({ metric }) => unitOfControlPlane[metric] as never,
      }),
      stepSeconds: t.int({ description: 'Seconds between two points.', resolve: ({ range }) => range.stepSeconds }),
      points: t.field({
        type: [metricPointRef],
        description: 'Oldest first; where nothing was measured there is none.',
        resolve: ({ points }) => [...points],
      }),
    }),
  });
  builder.objectType(componentRef, {
    description: 'A part of a cluster that runs as pods in it.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'What it calls itself, e.g. `etcd` or `kube-dns`.' }),
      isControlPlane: t.exposeBoolean('isControlPlane', { description: 'Whether it is of the control plane.' }),
      state: t.field({
        type: named('ClusterComponentState'),
        description: 'How it does.',
        resolve: ({ state }) => state as never,
      }),
      ready: t.exposeInt('ready', { description: 'How many of its pods are ready.' }),
      pods: t.field({ type: [podTypeRef], description: 'Its pods.', resolve: ({ pods }) => [...pods] }),
    }),
  });
}
