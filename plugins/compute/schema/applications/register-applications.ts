import type { LongshoreBuilder } from 'longshore/sdk';
import { registerAddWorkloads } from './add-workloads.ts';
import { registerApplication } from './application.ts';
import { registerApplicationLogCollection } from './application-log-collection.ts';
import { registerApplicationMutations } from './application-mutations.ts';
import { registerApplicationOperations } from './application-operations.ts';
import { registerDeleteApplication } from './delete-application.ts';
import { registerLinkWorkloads } from './link-workloads.ts';
import { registerWorkloadResult } from './workload-result.ts';

/** Applications, and what is done to all of their workloads at once. */
export function registerApplications(builder: LongshoreBuilder): void {
  registerApplication(builder);
  registerApplicationMutations(builder);
  registerWorkloadResult(builder);
  registerApplicationOperations(builder);
  registerLinkWorkloads(builder);
  registerAddWorkloads(builder);
  registerApplicationLogCollection(builder);
  registerDeleteApplication(builder);
}
