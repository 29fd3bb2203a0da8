import type { LongshoreBuilder } from 'longshore/sdk';
import { registerNodeAllocation } from './node-allocation.ts';
import { registerNodeState } from './node-state.ts';

/** What is shown of machines besides the object itself, and what is done to them (CMP-19 to CMP-30). */
export function registerNodes(builder: LongshoreBuilder): void {
  registerNodeState(builder);
  registerNodeAllocation(builder);
}
