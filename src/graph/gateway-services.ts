import type { PermissionTable } from '../access/create-permission-table.ts';
import type { Tickets } from '../access/tickets/create-tickets.ts';
import type { Finding } from '../kernel/finding.ts';
import type { Profiles } from '../kernel/profiles/profiles.ts';
import type { PluginState } from '../kernel/run-plugins.ts';
import type { ServiceRef } from '../kernel/service-ref.ts';
import type { ObjectStreams } from '../live/object-streams.ts';
import type { Topics } from '../live/topics.ts';
import type { SchemaRegistry } from './schema/schema-registry.ts';

/** What the running gateway offers to every request. */
export interface GatewayServices {
  readonly registry: SchemaRegistry;
  readonly permissions: PermissionTable;
  /** Limits, name rules and switches by place: `profiles.at({ cluster }).get(key)`. */
  readonly profiles: Profiles;
  readonly objectStreams: ObjectStreams;
  readonly topics: Topics;
  /** One-time tickets for what is opened without a bearer token: terminals, downloads. */
  readonly tickets: Tickets;
  /** Under which inputs are hashed that are kept beside idempotency keys; the same on all replicas. */
  readonly inputHashKey: Uint8Array;
  /** Tells whichever replica has it open to close the terminal with this operation record. Best effort, as every signal is. */
  closeTerminal(recordId: string): Promise<void>;
  /** A service that a plugin has provided; undefined where no enabled plugin provides it. */
  service<T>(ref: ServiceRef<T>): T | undefined;
  /** What works and what does not, as of now; asks the database and waits up to 10 s for clusters. */
  diagnose(): Promise<readonly Finding[]>;
  /** State of every configured plugin, also of those that failed. */
  pluginStates(): readonly PluginState[];
}
