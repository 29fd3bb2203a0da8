import { type Clusters, type QueueFence, serviceRef } from 'longshore/sdk';
import type { Application, ObservedApplication } from '../../api.ts';
import type { MembershipRules } from './application-members.ts';

/** What the loop over applications needs. A manifest is data, so `setup` hands it over as a service of the plugin's own. */
export interface ApplicationLoop {
  readonly clusters: Clusters;
  readonly rules: MembershipRules;
  /** Undefined where it is gone. */
  read(uuid: string): Promise<Application | undefined>;
  /** Writes down that it is taken up, and how it does, and tells it. Nothing where neither is new. */
  observe(uuid: string, observed: ObservedApplication | undefined, fence: QueueFence): Promise<void>;
}

export const applicationLoopRef = serviceRef<ApplicationLoop>('compute.applicationLoop');
