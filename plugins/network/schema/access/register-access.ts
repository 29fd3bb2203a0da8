import type { LongshoreBuilder } from 'longshore/sdk';
import { registerAccessInputs } from './access-inputs.ts';
import { registerSetWorkloadAccess } from './set-workload-access.ts';
import { registerWorkloadAccess } from './workload-access.ts';

/** How workloads are reached: their access settings, and all ways in and out. */
export function registerAccess(builder: LongshoreBuilder): void {
  registerAccessInputs(builder);
  registerWorkloadAccess(builder);
  registerSetWorkloadAccess(builder);
}
