import {
  type ClusterReader,
  type FieldBuilder,
  type LongshoreBuilder,
  mapMaybe,
  origin,
  type RequestContext,
  systemPrincipal,
  typeRef,
} from 'longshore/sdk';
import { clusterNodeTypeRef } from '../../api.ts';
import { podsOnNode } from '../../services/find-pods.ts';
import { allocationOf, type NodeAllocation, percentOf } from '../../services/nodes/node-allocation.ts';

const allocationRef = typeRef<NodeAllocation>('NodeAllocation');

/**
 * How full nodes are (CMP-22). Counted over all pods, as the platform sees them: a node is as full for a developer as it is for
 * everybody, and only sums are told. `pods` and `podCount` stay what the caller may see.
 */
export function registerNodeAllocation(builder: LongshoreBuilder): void {
  builder.objectType(allocationRef, {
    description: 'How much of a node is promised to its pods, whoever may see them. Pods that have ended do not count.',
    fields: (t) => ({
      ...amount(t, 'cpuRequestedMillicores', 'CPU that its pods ask for, in thousandths of a core.'),
      ...total(t, 'cpuAllocatableMillicores', 'CPU that pods may have, in thousandths of a core.'),
      ...percent(t, 'cpuPercent', ({ cpuRequestedMillicores: used, cpuAllocatableMillicores: of }) => [used, of]),
      ...amount(t, 'memoryRequestedBytes', 'Memory that its pods ask for, in bytes.'),
      ...total(t, 'memoryAllocatableBytes', 'Memory that pods may have, in bytes.'),
      ...percent(t, 'memoryPercent', ({ memoryRequestedBytes: used, memoryAllocatableBytes: of }) => [used, of]),
      ...amount(t, 'podCount', 'How many pods it has.'),
      ...total(t, 'podsAllocatable', 'How many pods it may have.'),
      ...percent(t, 'podsPercent', ({ podCount, podsAllocatable }) => [podCount, podsAllocatable]),
    }),
  });
  builder.objectField(clusterNodeTypeRef, 'allocation', (t) =>
    t.field({
      type: allocationRef,
      nullable: true,
      description:
        'How much of it is promised to its pods (CMP-22). Counted over all of them, also those that you may not see; null where they cannot be told.',
      resolve: (node, _args, context) =>
        mapMaybe(podsOnNode(wholeReader(node[origin].cluster, context), node), (pods) => allocationOf(node, pods)),
    }),
  );
}

const readers = {};

/** One reader of the platform for each cluster and request, so that what is not cached is asked for together. */
function wholeReader(name: string, context: RequestContext): ClusterReader {
  const known = context.memo(readers, () => new Map<string, ClusterReader>());
  let reader = known.get(name);
  if (!reader) {
    reader = context.cluster(name).reader(systemPrincipal, context.signal);
    known.set(name, reader);
  }
  // Not of the caller's own rights, so the answer is nobody else's.
  context.reads.touch();
  return reader;
}

type Fields = FieldBuilder<NodeAllocation>;

function amount(t: Fields, name: 'cpuRequestedMillicores' | 'memoryRequestedBytes' | 'podCount', description: string) {
  return { [name]: t.field({ type: 'SafeInt', description, resolve: (allocation) => allocation[name] }) };
}

function total(
  t: Fields,
  name: 'cpuAllocatableMillicores' | 'memoryAllocatableBytes' | 'podsAllocatable',
  description: string,
) {
  return {
    [name]: t.field({
      type: 'SafeInt',
      nullable: true,
      description: `${description} Null while its kubelet has not told.`,
      resolve: (allocation) => allocation[name] ?? null,
    }),
  };
}

function percent(
  t: Fields,
  name: string,
  read: (allocation: NodeAllocation) => readonly [used: number, total: number | undefined],
) {
  return {
    [name]: t.float({
      nullable: true,
      description:
        'What is asked for of what there is, in percent with two digits; it may be over 100. Null without a total.',
      resolve: (allocation) => percentOf(...read(allocation)) ?? null,
    }),
  };
}
