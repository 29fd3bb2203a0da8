import type { NodeObject } from '../../api.ts';
import { millicoresOf, unitsOf } from '../amounts.ts';
import { isNodeReady, nodeTypeOf } from '../node-facts.ts';
import { percentOf } from '../nodes/node-allocation.ts';

/** What pods may have on some nodes. */
export interface NodeCapacity {
  readonly cpuAllocatableMillicores: number;
  readonly memoryAllocatableBytes: number;
}

export const controlPlaneFates = {
  UNKNOWN: 'No node of the cluster says that it runs the control plane: somebody else runs it.',
  KEEPS_QUORUM: 'More than half of the control-plane nodes are left, and ready: it goes on.',
  LOSES_QUORUM: 'Half of the control-plane nodes or fewer are left and ready: etcd on them takes no more writes.',
} as const;
export type ControlPlaneFate = keyof typeof controlPlaneFates;

/** What would be missing without some nodes, of what is ready now. */
export interface LayoutLoss {
  /** Deployment units that would have no ready node left, sorted; those that have none as it is are not among them. */
  readonly units: readonly string[];
  readonly controlPlane: ControlPlaneFate;
  /** Of what pods may have on ready nodes; undefined where there is none. */
  readonly cpuPercent: number | undefined;
  readonly memoryPercent: number | undefined;
}

/** What would be lost with some of all nodes, e.g. with a zone. Pure. */
export function lossOf(
  all: readonly NodeObject[],
  lost: readonly NodeObject[],
  unitOf: (node: NodeObject) => string | undefined,
): LayoutLoss {
  const gone = new Set(lost);
  const ready = all.filter(isNodeReady);
  const left = ready.filter((node) => !gone.has(node));
  const unitsLeft = new Set(left.map(unitOf));
  const units = new Set(ready.flatMap((node) => unitOf(node) ?? []).filter((unit) => !unitsLeft.has(unit)));
  const [whole, away] = [capacityOf(ready), capacityOf(ready.filter((node) => gone.has(node)))];
  return {
    units: [...units].sort(),
    controlPlane: fateOf(all, left),
    cpuPercent: percentOf(away.cpuAllocatableMillicores, whole.cpuAllocatableMillicores),
    memoryPercent: percentOf(away.memoryAllocatableBytes, whole.memoryAllocatableBytes),
  };
}

/** etcd needs more than half of its members, and these are the control-plane nodes unless it was put elsewhere. */
function fateOf(all: readonly NodeObject[], left: readonly NodeObject[]): ControlPlaneFate {
  const members = all.filter(isControlPlane).length;
  if (members === 0) return 'UNKNOWN';
  return left.filter(isControlPlane).length * 2 > members ? 'KEEPS_QUORUM' : 'LOSES_QUORUM';
}

const isControlPlane = (node: NodeObject): boolean => nodeTypeOf(node) === 'MASTER';

export function capacityOf(nodes: readonly NodeObject[]): NodeCapacity {
  const sum = (amountOf: (node: NodeObject) => number | undefined) =>
    nodes.reduce((total, node) => total + (amountOf(node) ?? 0), 0);
  return {
    cpuAllocatableMillicores: sum(({ status }) => millicoresOf(status?.allocatable?.cpu)),
    memoryAllocatableBytes: sum(({ status }) => unitsOf(status?.allocatable?.memory)),
  };
}
