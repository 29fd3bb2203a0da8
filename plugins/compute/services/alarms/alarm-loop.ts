import { type Cluster, type EgressClient, serviceRef } from 'longshore/sdk';
import type { AlarmPlace, Application } from '../../api.ts';
import type { MembershipRules } from '../applications/application-members.ts';

/** What the loops over alarms need. A manifest is data, so `setup` hands it over as a service of the plugin's own. */
export interface AlarmLoop {
  readonly rules: MembershipRules;
  readonly egress: Pick<EgressClient, 'request' | 'objectionTo'>;
  /** Undefined where it is gone. */
  application(uuid: string): Promise<Application | undefined>;
  /** Where a policy looks: one cluster (none where it is no longer served), or those that a workspace reaches into. */
  clustersOf(place: Pick<AlarmPlace, 'cluster' | 'workspaceUuid'>): Promise<readonly Cluster[]>;
}

export const alarmLoopRef = serviceRef<AlarmLoop>('compute.alarmLoop');
