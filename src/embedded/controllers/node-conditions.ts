import type { Condition, Node } from './kubernetes-shapes.ts';
import { type NodeSimulation, nodeSimulations } from './node-simulation.ts';
import { findCondition, setCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

interface Report {
  readonly type: string;
  readonly simulation: NodeSimulation | undefined;
  readonly well: { readonly status: 'True' | 'False'; readonly reason: string; readonly message: string };
  readonly ill: { readonly status: 'True' | 'False'; readonly reason: string; readonly message: string };
  /** Reasons of the node's event when it becomes well or ill. */
  readonly events: readonly [well: string, ill: string];
}

/** What a kubelet reports of its node, in its own words. */
const reports: readonly Report[] = [
  {
    type: 'MemoryPressure',
    simulation: 'memory-pressure',
    well: { status: 'False', reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available' },
    ill: {
      status: 'True',
      reason: 'KubeletHasInsufficientMemory',
      message: 'kubelet has insufficient memory available',
    },
    events: ['NodeHasSufficientMemory', 'NodeHasInsufficientMemory'],
  },
  {
    type: 'DiskPressure',
    simulation: 'disk-pressure',
    well: { status: 'False', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' },
    ill: { status: 'True', reason: 'KubeletHasDiskPressure', message: 'kubelet has disk pressure' },
    events: ['NodeHasNoDiskPressure', 'NodeHasDiskPressure'],
  },
  {
    type: 'PIDPressure',
    simulation: 'pid-pressure',
    well: { status: 'False', reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available' },
    ill: { status: 'True', reason: 'KubeletHasInsufficientPID', message: 'kubelet has insufficient PID available' },
    events: ['NodeHasSufficientPID', 'NodeHasInsufficientPID'],
  },
  {
    type: 'Ready',
    simulation: undefined,
    well: { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
    ill: { status: 'False', reason: 'KubeletNotReady', message: 'kubelet is not posting ready status' },
    events: ['NodeReady', 'NodeNotReady'],
  },
];

export interface NodeReport {
  readonly conditions: readonly Condition[];
  /** Reasons of the events that tell of what has changed. */
  readonly events: readonly string[];
}

/**
 * The node's conditions as its kubelet reports them now. What somebody else has written stays, as long as it is neither
 * missing nor unknown nor a pressure of this kubelet's own that is over.
 */
export function reportConditions(node: Node, nowMs: number): NodeReport {
  const simulations = nodeSimulations(node);
  const events: string[] = [];
  let conditions = node.status?.conditions ?? [];
  for (const { type, simulation, well, ill, events: reasons } of reports) {
    const known = findCondition(conditions, type);
    const isIll = simulation !== undefined && simulations.has(simulation);
    const isOutdated =
      known === undefined ||
      known.status === 'Unknown' ||
      (isIll && known.status !== ill.status) ||
      (!isIll && known.reason === ill.reason && known.status === ill.status);
    if (!isOutdated) continue;
    const now = timestamp(nowMs);
    conditions = setCondition(conditions, { type, ...(isIll ? ill : well), lastHeartbeatTime: now }, now);
    events.push(isIll ? reasons[1] : reasons[0]);
  }
  return { conditions, events };
}
