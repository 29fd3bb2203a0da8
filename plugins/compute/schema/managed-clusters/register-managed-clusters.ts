import type { LongshoreBuilder } from 'longshore/sdk';
import { registerManagedCluster } from './managed-cluster.ts';

/** Clusters that are made, expanded and deleted through Cluster API (CMP-01 to CMP-14). */
export function registerManagedClusters(builder: LongshoreBuilder): void {
  registerManagedCluster(builder);
}
