import type { Database, DatabaseHandle } from '../../data/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { KindRef } from '../../kube/kind-ref.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import type { Leases } from '../../work/leases.ts';
import type { FollowedClusters } from '../create-object-streams.ts';
import { createKindHubs } from '../kind-hubs.ts';
import { defaultStreamLimits } from '../stream-limits.ts';
import type { TopicRef } from '../topics.ts';
import type { Journal } from './journal.ts';
import { journalKind } from './journal-kind.ts';

/** A kind whose objects are news: each state that a cluster shows is told once, in a topic, though the cluster forgets it. */
export interface JournalledKind<T = unknown> {
  readonly kind: KindRef<T>;
  readonly topic: TopicRef<KubeObject<T>>;
  /**
   * Keeps what is told in a table of the plugin's, in the transaction that tells of it: whoever reads both finds neither without
   * the other. Called under the lease's fence, in the order of the stream; the same object may come more than once. What it throws
   * holds the stream up until it goes well, so what a cluster sends must not make it throw.
   */
  keep?(tx: DatabaseHandle, told: readonly KubeObject<T>[], place: KeptPlace): Promise<void>;
}

/** Where and when something is told. */
export interface KeptPlace {
  readonly cluster: string;
  readonly nowMs: number;
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
  readonly clusters: FollowedClusters;
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
  const held = new Set<{ stop(): Promise<void> }>();
  const endFollowing = clusters.follow((cluster, gone) => {
    const followed = kinds.map(({ kind, topic, keep }) => ({ topic, keep, hub: hubs.acquire(cluster, kind) }));
    const lease = leases.hold({
      name: `cluster/${cluster.name}`,
      async whileHeld(fence, signal) {
        await Promise.all(
          followed.map(({ topic, keep, hub }) =>
            journalKind({ hub, topic, keep, cluster: cluster.name, database, journal, clock, logger }, fence, signal),
          ),
        );
      },
    });
    held.add(lease);
    gone.addEventListener(
      'abort',
      () => {
        if (isStopping) return;
        // What still writes reads from the hubs.
        const giveBack = () => {
          held.delete(lease);
          for (const { hub } of followed) hub.release();
        };
        lease.stop().then(giveBack, giveBack);
      },
      { once: true },
    );
  });
  let isStopping = false;
  return {
    async stop() {
      isStopping = true;
      endFollowing();
      await Promise.all([...held].map((lease) => lease.stop()));
      hubs.stop();
    },
  };
}
