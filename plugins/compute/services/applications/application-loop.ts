import { type Cluster, type QueueFence, serviceRef } from 'longshore/sdk';
import type { Application, ObservedApplication } from '../../api.ts';
import type { MembershipRules } from './application-members.ts';

/** What the loop over applications needs. A manifest is data, so `setup` hands it over as a service of the plugin's own. */
export interface ApplicationLoop {
  readonly rules: MembershipRules;
  /** Where something of it may be: one cluster, or those that its workspace reaches into. */
  clustersOf(application: Pick<Application, 'cluster' | 'workspaceUuid'>): Promise<readonly Cluster[]>;
  /** Undefined where it is gone. */
  read(uuid: string): Promise<Application | undefined>;
  /** Writes down that it is taken up, and how it does, and tells it. Nothing where neither is new. */
  observe(uuid: string, observed: ObservedApplication | undefined, fence: QueueFence): Promise<void>;
}

export const applicationLoopRef = serviceRef<ApplicationLoop>('compute.applicationLoop');
