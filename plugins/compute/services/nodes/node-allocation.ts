import type { NodeObject, PodObject } from '../../api.ts';
import { millicoresOf, unitsOf } from '../amounts.ts';
import { podResources } from '../pod-resources.ts';

/** How much of a node is promised to its pods (CMP-22). */
export interface NodeAllocation {
  readonly cpuRequestedMillicores: number;
  readonly memoryRequestedBytes: number;
  readonly podCount: number;
  /** Undefined where the kubelet has not told. */
  readonly cpuAllocatableMillicores: number | undefined;
  readonly memoryAllocatableBytes: number | undefined;
  readonly podsAllocatable: number | undefined;
}

interface Share {
  readonly cpu: number;
  readonly memory: number;
}

const shares = new WeakMap<PodObject, Share>();

/** As the scheduler counts: pods that have ended hold nothing any more; those that are being deleted still do. Pure. */
export function allocationOf({ status }: NodeObject, pods: readonly PodObject[]): NodeAllocation {
  const { cpuMillicores, memoryBytes, podCount } = requestedBy(pods);
  return {
    cpuRequestedMillicores: cpuMillicores,
    memoryRequestedBytes: memoryBytes,
    podCount,
    cpuAllocatableMillicores: millicoresOf(status?.allocatable?.cpu),
    memoryAllocatableBytes: unitsOf(status?.allocatable?.memory),
    podsAllocatable: unitsOf(status?.allocatable?.pods),
  };
}

/** What pods ask for together, and how many of them hold it. Pure. */
export function requestedBy(pods: readonly PodObject[]): {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  readonly podCount: number;
} {
  const held = pods.filter(holdsResources).map(shareOf);
  return {
    cpuMillicores: held.reduce((sum, { cpu }) => sum + cpu, 0),
    memoryBytes: held.reduce((sum, { memory }) => sum + memory, 0),
    podCount: held.length,
  };
}

export function holdsResources({ status }: PodObject): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

/** Once per version of a pod: objects are replaced on change, never edited. */
export function shareOf(pod: PodObject): Share {
  let share = shares.get(pod);
  if (!share) {
    const { cpuRequestMillicores, memoryRequestBytes } = podResources(pod);
    share = { cpu: cpuRequestMillicores, memory: memoryRequestBytes };
    shares.set(pod, share);
  }
  return share;
}

/** Used ÷ total in percent with two digits: 1 of 2 is 50. Undefined where there is no total to divide by. */
export function percentOf(used: number, total: number | undefined): number | undefined {
  return total === undefined || total <= 0 ? undefined : Math.round((used / total) * 10_000) / 100;
}
