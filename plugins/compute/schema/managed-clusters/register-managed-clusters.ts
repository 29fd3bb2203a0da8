import type { LongshoreBuilder } from 'longshore/sdk';
import { registerCreateManagedCluster } from './create-managed-cluster.ts';
import { registerDeleteManagedCluster } from './delete-managed-cluster.ts';
import { registerExpandManagedCluster } from './expand-managed-cluster.ts';
import { registerMachineHosts } from './machine-host.ts';
import { registerManagedCluster } from './managed-cluster.ts';

/** Clusters that are made, expanded and deleted through Cluster API (CMP-01 to CMP-14). */
export function registerManagedClusters(builder: LongshoreBuilder): void {
  registerManagedCluster(builder);
  registerMachineHosts(builder);
  registerCreateManagedCluster(builder);
  registerExpandManagedCluster(builder);
  registerDeleteManagedCluster(builder);
}
