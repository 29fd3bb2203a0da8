import {
  CapabilityMissingError,
  clusterRef,
  type KindRef,
  type KubeObject,
  type LongshoreBuilder,
  named,
  type RequestContext,
  RequestError,
  typeRef,
  UpstreamError,
} from 'longshore/sdk';
import { measuredNamespaces } from '../../services/metrics/measured-namespaces.ts';
import {
  type NodeMetrics,
  nodeMetricsKind,
  type PodMetrics,
  podMetricsKind,
  type Usage,
  usageOfNode,
  usageOfPod,
} from '../../services/usage.ts';

interface ClusterUsage extends Usage {
  readonly scope: 'CLUSTER' | 'NAMESPACES';
}

const usageRef = typeRef<ClusterUsage>('ClusterUsage');

/** What a cluster uses at this moment (CMP-111), from metrics.k8s.io. */
export function registerClusterUsage(builder: LongshoreBuilder): void {
  builder.objectType(usageRef, {
    description: 'What a cluster uses now.',
    fields: (t) => ({
      cpuMillicores: t.field({
        type: 'SafeInt',
        description: 'CPU in thousandths of a core.',
        resolve: ({ cpuMillicores }) => cpuMillicores,
      }),
      memoryBytes: t.field({
        type: 'SafeInt',
        description: 'Memory in bytes that cannot be taken away (working set).',
        resolve: ({ memoryBytes }) => memoryBytes,
      }),
      scope: t.field({
        type: named('MetricScope'),
        description: 'CLUSTER: its nodes, the system included; NAMESPACES: your own pods.',
        resolve: ({ scope }) => scope as never,
      }),
    }),
  });
  builder.objectField(clusterRef, 'usage', (t) =>
    t.field({
      type: usageRef,
      nullable: true,
      description:
        'CPU and memory that are used now (CMP-111): of all nodes for who may read the metrics of all pods, else of the pods of your own namespaces, as `scope` says.',
      resolve: ({ name }, _args, context) => load(name, context),
    }),
  );
}

async function load(cluster: string, context: RequestContext): Promise<ClusterUsage> {
  const namespaces = await measuredNamespaces(cluster, context);
  if (namespaces === 'ALL') {
    const nodes = await list<NodeMetrics>(cluster, nodeMetricsKind, undefined, context);
    return { ...sumOf(nodes.map(usageOfNode)), scope: 'CLUSTER' };
  }
  const pods = namespaces.length === 0 ? [] : await list<PodMetrics>(cluster, podMetricsKind, namespaces, context);
  return { ...sumOf(pods.map(usageOfPod)), scope: 'NAMESPACES' };
}

/** Metrics have no rights of their own: who may have them was asked before. A part of them is no answer. */
async function list<T>(
  name: string,
  kind: KindRef<T>,
  namespaces: readonly string[] | undefined,
  context: RequestContext,
): Promise<readonly KubeObject<T>[]> {
  const reader = context.cluster(name).reader(context.principal, context.signal);
  const { items, problems } = await reader.list(kind, namespaces ? { namespaces } : {});
  const [problem] = problems;
  if (!problem) return items;
  const { code, message } = problem;
  if (code === 'CAPABILITY_MISSING') throw new CapabilityMissingError('metrics', message);
  if (code === 'FORBIDDEN' || code === 'TOO_COMPLEX') throw new RequestError(code, message);
  throw new UpstreamError(`cluster '${name}'`, message);
}

function sumOf(all: readonly Usage[]): Usage {
  return {
    cpuMillicores: all.reduce((sum, { cpuMillicores }) => sum + cpuMillicores, 0),
    memoryBytes: all.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  };
}
