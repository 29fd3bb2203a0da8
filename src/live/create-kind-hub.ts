import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Cluster } from '../kube/cluster.ts';
import { laterVersion } from '../kube/compare-versions.ts';
import type { FeedEvent, KindFeed } from '../kube/kind-feed.ts';
import { apiVersionOf, type KindRef } from '../kube/kind-ref.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import { createEventRing, type EventRing, type RingEntry } from './event-ring.ts';
import { decideObjectChanges, type ObjectChange } from './object-change.ts';
import { safely } from './safely.ts';
import type { StreamLimits } from './stream-limits.ts';
import { comparePositions, type StreamPosition } from './stream-position.ts';

export type Matches<T> = (object: KubeObject<T>) => boolean;

/** Who follows a hub. Both are called synchronously and must only queue. */
export interface HubMember<T> {
  onReady(): void;
  onChange(change: ObjectChange<T>, position: StreamPosition): void;
}

/** One member's place in a hub. */
export interface HubSeat<T> {
  /** What of the hub's objects the member sees now. */
  snapshot(): readonly KubeObject<T>[];
  leave(): void;
}

/**
 * The one follower of a (cluster, kind): it holds the feed, remembers the last changes and hands each change to its
 * members. Members of one scope see the same, so each change is judged once per scope.
 */
export interface KindHub<T> {
  readonly isReady: boolean;
  /** Of an engine that the cluster does without: nobody needs to wait for what is not there. */
  readonly isAbsent: boolean;
  /** Where the hub stands: everything up to here has been handed out. */
  position(): StreamPosition;
  /** Changes behind a position, or `'expired'`. */
  after(position: StreamPosition): readonly RingEntry<FeedEvent<T>>[] | 'expired';
  /** The version since when each change was heard one by one. */
  continuousSince(): string;
  /**
   * What nobody heard, as the cluster still remembers it: each state behind one version and up to another. Undefined where
   * it does not.
   */
  unheardStates(after: string, until: string, signal: AbortSignal): Promise<readonly KubeObject<T>[] | undefined>;
  /** UTC milliseconds since when the watch is broken; undefined while it is live. */
  staleSince(): number | undefined;
  /** Tells once, now or later, when the first list is complete; the returned function ends that. */
  whenReady(member: Pick<HubMember<T>, 'onReady'>): () => void;
  /** Changes from now on that a filter lets through. `scope` undefined: the filter is this member's own. */
  join(scope: string | undefined, matches: Matches<T>, member: HubMember<T>): HubSeat<T>;
  /** Everything there is, whoever may see it. */
  objects(): Iterable<KubeObject<T>>;
  /** Gives the hub back. */
  release(): void;
}

interface Scope<T> {
  readonly matches: Matches<T>;
  readonly members: Set<HubMember<T>>;
  /** The filtered snapshot, until the next change. */
  seen: readonly KubeObject<T>[] | undefined;
}

/** What a stream needs of a cluster. */
export type FollowedCluster = Pick<Cluster, 'name' | 'serves' | 'feed' | 'statesBetween'>;

export interface KindHubOptions<T> {
  readonly cluster: FollowedCluster;
  readonly kind: KindRef<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: Pick<StreamLimits, 'ringEvents' | 'retryMs'>;
}

/** Begins at once. The owner counts the holders and calls `stop` when there is none. */
export function createKindHub<T>(options: KindHubOptions<T>): Omit<KindHub<T>, 'release'> & { stop(): void } {
  const { cluster, kind, clock, limits } = options;
  const logger = options.logger.child({ cluster: cluster.name, apiVersion: apiVersionOf(kind), kind: kind.kind });
  const scopes = new Map<string | symbol, Scope<T>>();
  const waiting = new Set<Pick<HubMember<T>, 'onReady'>>();
  let feed: KindFeed<T> | undefined;
  let ring: EventRing<FeedEvent<T>> | undefined;
  /** Where the last list stood. */
  let listed: StreamPosition = { version: '', ordinal: 0 };
  let attachedAt = '';
  let attempt = new AbortController();
  let stopListening = () => {};
  let cancelRetry = () => {};
  let isStopped = false;

  function start(): void {
    attempt = new AbortController();
    const { signal } = attempt;
    try {
      if (cluster.serves(kind)) follow(cluster.feed(kind), signal);
      else retryLater();
    } catch (error) {
      giveUp(error);
    }
  }

  function follow(started: KindFeed<T>, signal: AbortSignal): void {
    feed = started;
    if (started.syncedAt !== undefined) attach(started);
    else {
      started
        .ready(signal)
        .then(() => {
          if (!signal.aborted) attach(started);
        })
        .catch((error: unknown) => {
          if (!signal.aborted) giveUp(error);
        });
    }
  }

  /** For now: the cluster may not be there yet, or not serve the kind, or not let us list it. */
  function giveUp(error: unknown): void {
    logger.debug({ err: error }, 'a kind cannot be followed yet');
    letGo();
    retryLater();
  }

  /** In one tick: the snapshot's position, then every change behind it. */
  function attach(started: KindFeed<T>): void {
    if (started.syncedAt === undefined) throw new Error('live.hub: a feed said it was ready before it was');
    listed = { version: started.snapshot().position, ordinal: 0 };
    attachedAt = listed.version;
    ring = createEventRing(limits.ringEvents, listed);
    stopListening = started.onEvent(handOut);
    for (const member of [...waiting]) {
      waiting.delete(member);
      safely(logger, 'a stream that waited for a cluster', () => member.onReady(), undefined);
    }
  }

  function handOut(event: FeedEvent<T>): void {
    const position = ring?.push(event.position, event);
    if (!position) return;
    for (const scope of scopes.values()) {
      scope.seen = undefined;
      const changes = decideObjectChanges(event, scope.matches);
      for (const change of changes) {
        for (const member of scope.members) {
          tell(member, change, position);
        }
      }
    }
  }

  /** As `safely`, without a function made for each of thousands of members. */
  function tell(member: HubMember<T>, change: ObjectChange<T>, position: StreamPosition): void {
    try {
      member.onChange(change, position);
    } catch (error) {
      logger.error({ err: error }, 'a stream went on without a subscriber that failed');
    }
  }

  /** A list can stand further on than the last change, where the cluster said that nothing happened in between. */
  function list(): Iterable<KubeObject<T>> {
    const snapshot = feed?.snapshot();
    if (snapshot) listed = { version: snapshot.position, ordinal: 0 };
    return snapshot?.items ?? [];
  }

  function letGo(): void {
    attempt.abort();
    stopListening();
    stopListening = () => {};
    const held = feed;
    feed = undefined;
    ring = undefined;
    if (held) safely(logger, 'giving a feed back', () => held.release(), undefined);
  }

  function retryLater(): void {
    cancelRetry = clock.schedule(limits.retryMs, start);
  }

  /** Denies what it cannot judge: a filter that fails must neither show an object nor stop the others. */
  function guard(matches: Matches<T>): Matches<T> {
    return (object) => safely(logger, 'a filter', () => matches(object), false);
  }

  const hub: Omit<KindHub<T>, 'release'> & { stop(): void } = {
    get isReady() {
      return ring !== undefined;
    },
    get isAbsent() {
      return ring === undefined && kind.isOptional === true && !cluster.serves(kind);
    },
    position() {
      if (!ring) throw new Error('live.hub: asked for its position before it was ready');
      return (comparePositions(listed, ring.head) ?? -1) > 0 ? listed : ring.head;
    },
    after(position) {
      // A position from the future belongs to another history of the cluster.
      if (!ring || (comparePositions(position, hub.position()) ?? 0) > 0) return 'expired';
      return ring.after(position);
    },
    continuousSince: () => laterVersion(attachedAt, feed?.continuousSince || attachedAt),
    unheardStates: (after, until, signal) => cluster.statesBetween(kind, after, until, signal),
    staleSince: () => feed?.staleSince,
    whenReady(member) {
      if (isStopped) return () => {};
      if (ring) safely(logger, 'a stream that joined', () => member.onReady(), undefined);
      else waiting.add(member);
      return () => {
        waiting.delete(member);
      };
    },
    join(name, matches, member) {
      const key = name ?? Symbol('own');
      let scope = scopes.get(key);
      if (!scope) {
        scope = { matches: guard(matches), members: new Set(), seen: undefined };
        scopes.set(key, scope);
      }
      const { members } = scope;
      const joined = scope;
      members.add(member);
      return {
        snapshot() {
          const seen = joined.seen ?? [...list()].filter(joined.matches);
          // Only a filter that others share is sure to answer the same until the next change.
          if (name !== undefined) joined.seen = seen;
          return seen;
        },
        leave() {
          members.delete(member);
          if (members.size === 0 && scopes.get(key) === joined) scopes.delete(key);
        },
      };
    },
    objects: list,
    stop() {
      isStopped = true;
      cancelRetry();
      letGo();
      scopes.clear();
      waiting.clear();
    },
  };
  start();
  return hub;
}
