import type { MembershipSeat } from '../access/memberships.ts';
import type { Tickets } from '../access/tickets/create-tickets.ts';
import type { Users } from '../access/users/users.ts';
import type { OperationRecords } from '../audit/operation-records.ts';
import type { Database } from '../data/database.ts';
import type { EgressClient } from '../kernel/egress-client.ts';
import type { KeyRing } from '../kernel/key-ring.ts';
import type { Principal } from '../kernel/principal.ts';
import type { ProfileSeat } from '../kernel/profiles/create-profile-seat.ts';
import type { Profiles } from '../kernel/profiles/profiles.ts';
import type { Clusters } from '../kube/cluster.ts';
import type { ClusterRegistry } from '../kube/registered/cluster-registry.ts';
import type { Topics } from '../live/topics.ts';
import type { WorkQueue } from '../work/work-queue.ts';
import type { RequestContext } from './request-context.ts';
import type { StandingSubscriptions } from './streams/standing-subscriptions.ts';

/** Metrics of the gateway that a plugin adds in its `setup`, each name once. */
export interface Meters {
  /** Counts up. `name` begins with `longshore_` and ends with `_total`. */
  counter<Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
  ): { inc(labels: Readonly<Record<Label, string>>, by?: number): void };
  /** A value that goes up and down; what is removed is not shown any more. */
  gauge<Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
  ): {
    set(labels: Readonly<Record<Label, string>>, value: number): void;
    remove(labels: Readonly<Record<Label, string>>): void;
  };
}

/** What the rooms give to a plugin's `setup`, besides what the kernel gives. */
export interface RoomsOfPlugin {
  /** The platform's own data. */
  readonly database: Database;
  /** All clusters, as the gateway itself sees them: for reconcilers and services. Resolvers read through their context. */
  readonly clusters: Clusters;
  /** Clusters that come and go while the gateway runs. */
  readonly clusterRegistry: ClusterRegistry;
  /** Limits, name rules and switches by place: `profiles.at({ cluster }).get(key)`. */
  readonly profiles: Profiles;
  /** Records that every change needs. */
  readonly operations: OperationRecords;
  /** Streams of the plugin's own events. */
  readonly topics: Topics;
  /** Where keys are put for the plugin's reconcilers. */
  readonly queue: WorkQueue;
  /** Who signs in with what; and, for loops, whom they act as that carry out somebody's order. */
  readonly users: Users;
  /** The one way to call an address that a user can set. */
  readonly egress: Pick<EgressClient, 'request' | 'listen' | 'objectionTo'>;
  /** One-time tickets for what is opened without a bearer token: terminals, downloads. */
  readonly tickets: Tickets;
  /** Keys of the plugin's own, from the platform's: nothing secret has to be kept. */
  readonly keys: KeyRing;
  /** Where the one plugin that knows who belongs where says so; see `MembershipSource`. */
  readonly memberships: MembershipSeat;
  /** Where the one plugin that knows workspaces says which profile each namespace has by its own. */
  readonly workspaceProfiles: ProfileSeat;
  /**
   * What a request of this caller would have, for a loop that does what mutations do (`callMutation`). `requestId` is in the records of what
   * is done: name what it is done for. Throws before all plugins are set up.
   */
  readonly contextFor: (principal: Principal, requestId: string, signal: AbortSignal) => RequestContext;
  /** Subscriptions that loops follow for somebody. Throws before the doors are open. */
  readonly standingSubscriptions: StandingSubscriptions;
  /** What the plugin measures, beside the gateway's own metrics. */
  readonly meters: Meters;
}

declare module '../kernel/manifest.ts' {
  interface PluginEnvironmentSlots extends RoomsOfPlugin {}
}
