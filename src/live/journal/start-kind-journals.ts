import type { Database } from '../../data/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { KindRef } from '../../kube/kind-ref.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import type { Leases } from '../../work/leases.ts';
import type { FollowedCluster } from '../create-kind-hub.ts';
import { createKindHubs } from '../kind-hubs.ts';
import { defaultStreamLimits } from '../stream-limits.ts';
import type { TopicRef } from '../topics.ts';
import type { Journal } from './journal.ts';
import { journalKind } from './journal-kind.ts';

/** A kind whose objects are news: each state that a cluster shows is told once, in a topic, though the cluster forgets it. */
export interface JournalledKind<T = unknown> {
  readonly kind: KindRef<T>;
  readonly topic: TopicRef<KubeObject<T>>;
}

declare module '../../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Kinds whose objects the plugin wants told in a topic of its own, from every cluster. */
    readonly journalledKinds?: readonly JournalledKind[];
  }
}

/** Changes remembered by a replica that does not write, so that it can go on exactly where a writer died. */
const rememberedChanges = 5_000;

/**
 * Of all replicas the holder of a cluster's lease journals what the cluster shows; the others watch along, and one of them goes
 * on where it stopped.
 */
export function startKindJournals(options: {
  readonly kinds: readonly JournalledKind[];
  readonly clusters: readonly FollowedCluster[];
  readonly leases: Leases;
  readonly database: Database;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
}): { stop(): Promise<void> } {
  const { kinds, clusters, leases, database, journal, clock, logger } = options;
  if (kinds.length === 0) return { stop: () => Promise.resolve() };
  const hubs = createKindHubs({
    clock,
    logger,
    limits: { ...defaultStreamLimits, ringEvents: rememberedChanges },
  });
  const held = clusters.map((cluster) => {
    const followed = kinds.map(({ kind, topic }) => ({ topic, hub: hubs.acquire(cluster, kind) }));
    return leases.hold({
      name: `cluster/${cluster.name}`,
      async whileHeld(fence, signal) {
        await Promise.all(
          followed.map(({ topic, hub }) =>
            journalKind({ hub, topic, cluster: cluster.name, database, journal, clock, logger }, fence, signal),
          ),
        );
      },
    });
  });
  return {
    async stop() {
      await Promise.all(held.map((lease) => lease.stop()));
      hubs.stop();
    },
  };
}
