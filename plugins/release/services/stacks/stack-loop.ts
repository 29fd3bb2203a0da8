import type { WorkloadParts } from 'longshore/plugins/compute';
import { type Cluster, type Clusters, type Profiles, type ServiceRef, serviceRef } from 'longshore/sdk';

/** What the loop over stacks needs of the gateway: a manifest is data. */
export interface StackLoop {
  readonly clusters: Pick<Clusters, 'get'>;
  readonly profiles: Pick<Profiles, 'at'>;
  readonly parts: Pick<WorkloadParts, 'statusOf'>;
}

export const stackLoopRef: ServiceRef<StackLoop> = serviceRef<StackLoop>('release.stackLoop');

/** The objects of one stack as its loop reads and writes them. */
export interface StackSite {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** Uuid of the stack. */
  readonly id: string;
}
