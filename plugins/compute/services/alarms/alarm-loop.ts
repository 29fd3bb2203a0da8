import { type Clusters, type EgressClient, serviceRef } from 'longshore/sdk';
import type { Application } from '../../api.ts';
import type { MembershipRules } from '../applications/application-members.ts';

/** What the loops over alarms need. A manifest is data, so `setup` hands it over as a service of the plugin's own. */
export interface AlarmLoop {
  readonly clusters: Clusters;
  readonly rules: MembershipRules;
  readonly egress: Pick<EgressClient, 'request'>;
  /** Undefined where it is gone. */
  application(uuid: string): Promise<Application | undefined>;
}

export const alarmLoopRef = serviceRef<AlarmLoop>('compute.alarmLoop');
