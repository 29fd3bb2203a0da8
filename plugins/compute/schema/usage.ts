import {
  type ClusterReader,
  type FieldBuilder,
  type KindRef,
  type KubeObject,
  type LongshoreBuilder,
  origin,
  type RequestContext,
  RequestError,
  typeRef,
} from 'longshore/sdk';
import { clusterNodeTypeRef, podTypeRef } from '../api.ts';
import {
  type MeasuredUsage,
  nodeMetricsKind,
  podMetricsKind,
  type Usage,
  usageOfNode,
  usageOfPod,
} from '../services/usage.ts';

const usageRef = typeRef<MeasuredUsage>('MeasuredUsage');
const containerUsageRef = typeRef<Usage & { readonly name: string }>('ContainerUsage');

/**
 * What pods and nodes use at this moment (CMP-83). Nullable, and failing alone: CAPABILITY_MISSING without metrics-server. The rows of a
 * list are answered by one request for each of their namespaces.
 */
export function registerUsage(builder: LongshoreBuilder): void {
  builder.objectType(containerUsageRef, {
    description: 'What a container uses.',
    fields: (t) => ({
      name: t.exposeString('name', { description: "The container's name." }),
      ...amounts(t),
    }),
  });
  builder.objectType(usageRef, {
    description: 'What a pod or node used during the last short while, measured by the kubelet (metrics.k8s.io).',
    fields: (t) => ({
      ...amounts(t),
      measuredAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When the measurement ended.',
        resolve: ({ measuredAt }) => measuredAt ?? null,
      }),
      containers: t.field({
        type: [containerUsageRef],
        description: 'The same for each container of a pod; of a node none.',
        resolve: ({ containers }) => [...containers],
      }),
    }),
  });
  builder.objectField(podTypeRef, 'usage', (t) =>
    t.field({
      type: usageRef,
      nullable: true,
      description:
        'CPU and memory that it uses now. Null while nothing is measured: soon after its start, and once it has ended. Needs the right READ_METRICS.',
      resolve: async (pod, _args, context) => {
        const measured = await read(podMetricsKind, pod, context);
        return measured ? usageOfPod(measured) : null;
      },
    }),
  );
  builder.objectField(clusterNodeTypeRef, 'usage', (t) =>
    t.field({
      type: usageRef,
      nullable: true,
      description: 'CPU and memory that are used on it now, by pods and the system. Needs the right READ_METRICS.',
      resolve: async (node, _args, context) => {
        const measured = await read(nodeMetricsKind, node, context);
        return measured ? usageOfNode(measured) : null;
      },
    }),
  );
}

function amounts<T extends Usage>(t: FieldBuilder<T>) {
  return {
    cpuMillicores: t.field({
      type: 'SafeInt',
      description: 'CPU in thousandths of a core.',
      resolve: ({ cpuMillicores }) => cpuMillicores,
    }),
    memoryBytes: t.field({
      type: 'SafeInt',
      description: 'Memory in bytes that cannot be taken away from it (working set).',
      resolve: ({ memoryBytes }) => memoryBytes,
    }),
  };
}

/** The readers of this request, of which each collects what is asked for in one tick. */
const readers = {};

/** Metrics have no rights of their own: they belong to what they measure. */
async function read<T>(
  kind: KindRef<T>,
  object: KubeObject,
  context: RequestContext,
): Promise<KubeObject<T> | undefined> {
  const { cluster } = object[origin];
  const { namespace, name } = object.metadata;
  if (!context.access.allowed('READ_METRICS', object)) {
    throw new RequestError('FORBIDDEN', `You may not read what ${object.kind} '${name}' uses`);
  }
  const known = context.memo(readers, () => new Map<string, ClusterReader>());
  let reader = known.get(cluster);
  if (!reader) {
    reader = context.cluster(cluster).reader(context.principal, context.signal);
    known.set(cluster, reader);
  }
  return reader.get(kind, namespace, name);
}
