import type { LongshoreBuilder } from 'longshore/sdk';
import { registerAlarmPolicyMutations } from './alarm-policy-mutations.ts';
import { registerAlarmRoots } from './alarm-roots.ts';
import { registerAlarmTypes } from './alarm-types.ts';
import { registerAlarmLoaders } from './load-alarms.ts';

/** Alarm policies of applications and clusters, and their alarms (CMP-64). */
export function registerAlarms(builder: LongshoreBuilder): void {
  registerAlarmTypes(builder);
  registerAlarmLoaders(builder);
  registerAlarmRoots(builder);
  registerAlarmPolicyMutations(builder);
}
