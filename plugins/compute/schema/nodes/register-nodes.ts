import type { LongshoreBuilder } from 'longshore/sdk';
import { registerCordonNode } from './cordon-node.ts';
import { registerDrainNode } from './drain-node.ts';
import { registerNodeAllocation } from './node-allocation.ts';
import { registerNodeDrain } from './node-drain.ts';
import { registerNodeState } from './node-state.ts';
import { registerUpdateNodeLabels } from './update-node-labels.ts';
import { registerUpdateNodeTaints } from './update-node-taints.ts';

/** What is shown of machines besides the object itself, and what is done to them (CMP-19 to CMP-30). */
export function registerNodes(builder: LongshoreBuilder): void {
  registerNodeState(builder);
  registerNodeAllocation(builder);
  registerNodeDrain(builder);
  registerCordonNode(builder);
  registerUpdateNodeLabels(builder);
  registerUpdateNodeTaints(builder);
  registerDrainNode(builder);
}
