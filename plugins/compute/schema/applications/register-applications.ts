import type { LongshoreBuilder } from 'longshore/sdk';
import { registerApplication } from './application.ts';
import { registerApplicationMutations } from './application-mutations.ts';

/** Applications, and what is done to all of their workloads at once. */
export function registerApplications(builder: LongshoreBuilder): void {
  registerApplication(builder);
  registerApplicationMutations(builder);
}
