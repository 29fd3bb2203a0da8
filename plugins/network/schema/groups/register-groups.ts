import type { LongshoreBuilder } from 'longshore/sdk';
import { registerGroupInputs } from './group-inputs.ts';
import { registerGroupMutations } from './group-mutations.ts';
import { registerGroupType } from './group-type.ts';
import { registerSetSecurityGroups } from './set-security-groups.ts';

/** Security groups of VPCs: who may reach which pods, in and out (NET-32). */
export function registerGroups(builder: LongshoreBuilder): void {
  registerGroupType(builder);
  registerGroupInputs(builder);
  registerGroupMutations(builder);
  registerSetSecurityGroups(builder);
}
