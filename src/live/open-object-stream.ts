import { createHash } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { subjectOf } from '../kube/kind-ref.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import type { FollowedCluster, Matches } from './create-kind-hub.ts';
import type { FollowedClusters } from './create-object-streams.ts';
import { createOutbox, type Outbox } from './create-outbox.ts';
import type { CursorEncoder, CursorPlace } from './cursor-encoder.ts';
import type { KindHubs } from './kind-hubs.ts';
import {
  entriesOfNewView,
  entriesOfReplay,
  entriesOfSnapshot,
  mergeEntries,
  type ObjectStreamEntry,
  type QueuedChange,
  queueChange,
  type StreamSource,
  snapshotMarker,
} from './object-stream-entry.ts';
import type { ObjectSubscription, ObjectView } from './object-streams.ts';
import { safely } from './safely.ts';
import { sizeOf } from './size-of.ts';
import { parseStreamCursor, type StreamCursor } from './stream-cursor.ts';
import type { StreamLimits } from './stream-limits.ts';
import type { ResyncReason, StreamMessage, StreamMessageType } from './stream-message.ts';
import { parsePosition, printPassed, printPosition } from './stream-position.ts';
import { type ThrottleWindows, throttleOf } from './throttle-windows.ts';
import { tombstoneOf } from './tombstone.ts';

export interface ObjectStreamOptions<T> {
  readonly subscription: ObjectSubscription<T>;
  readonly clusters: FollowedClusters;
  readonly hubs: KindHubs;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: StreamLimits;
  /** Cursors of another epoch have expired. */
  readonly epoch: string;
  readonly cursors: CursorEncoder;
  readonly windows: ThrottleWindows;
}

/** Position of a source whose state the reader has only in part; it is none that can be resumed from. */
const inPart = '~';

/** One subscriber. Nothing in here waits: pushes, reads and the clock drive it. */
export function openObjectStream<T>(options: ObjectStreamOptions<T>): Outbox<ObjectStreamEntry<T>, KubeObject<T>> {
  const { subscription, clock, logger, limits } = options;
  const cursor =
    subscription.after === undefined ? undefined : parseStreamCursor(subscription.after, subscription.topic);

  let view: ObjectView<T> = subscription;
  let sources: readonly StreamSource<T>[] = [];
  let isOpen = false;
  let isClosed = false;
  const stopFollowing = options.clusters.follow((cluster, gone) => {
    if (!subscription.isFollowed(cluster.name)) return;
    const own = sourcesOf(cluster);
    sources = [...sources, ...own];
    if (isOpen) arrive(own);
    gone.addEventListener('abort', () => depart(own), { once: true });
  });
  let scope = hashScope();
  let place = placeOf(scope);
  let isOpening = true;
  let wantsSnapshot = subscription.snapshot || cursor !== undefined;
  let cancelWait = () => {};
  let stopViews = () => {};

  const canSee: Matches<T> = (object) => safely(logger, 'a filter', () => view.matches(object), false);

  const outbox = createOutbox<ObjectStreamEntry<T>, KubeObject<T>>({
    clock,
    limits,
    signal: subscription.signal,
    after: subscription.after,
    bytesOf: (entry) => ('object' in entry ? sizeOf(entry.object) : 0),
    merge: mergeEntries,
    throttle: throttleOf(subscription.throttleMs, options.windows),
    toMessage,
    restart: () => resync('SLOW_READER'),
    heartbeat(isIdle) {
      // Nothing is on its way, so the reader has everything up to where each source stands now.
      for (const source of isIdle ? sources : []) {
        if (source.seat) source.position = printPosition(source.hub.position());
      }
      return messageOf('HEARTBEAT');
    },
    onClose(error) {
      isClosed = true;
      cancelWait();
      for (const source of sources) giveBack(source);
      stopFollowing();
      safely(logger, 'the end of a watch of rights', () => stopViews(), undefined);
      safely(logger, 'the listener to the end of a stream', () => subscription.onClose?.(error), undefined);
    },
  });

  // 1. Where to begin: behind the cursor where this process can honour it, else anew.
  const isResumed = cursor !== undefined && takePositions(cursor);
  if (cursor && !isResumed) outbox.prepend([{ do: 'tell', type: 'RESYNC', reason: 'CURSOR_EXPIRED' }]);
  let owesMarker =
    !isResumed ||
    sources.length === 0 ||
    sources.some((source) => source.resumeAt === undefined && !source.hub.isAbsent);

  // 2. Each source joins when it is ready, most of them now; changes wait behind what opens the stream.
  outbox.hold(true);
  if (!subscription.signal.aborted) {
    for (const source of sources) waitFor(source);
    listenToRights();
    // 3. The marker: with the last source, or when those that are missing had their time.
    if (sources.every(isAccountedFor)) finishOpening();
    else cancelWait = clock.schedule(limits.snapshotWaitMs, finishOpening);
  }
  isOpen = true;
  return outbox;

  function sourcesOf(cluster: FollowedCluster): StreamSource<T>[] {
    return subscription.kinds.map((kind) => ({
      name: `${cluster.name} ${subjectOf(kind)}`,
      hub: options.hubs.acquire(cluster, kind),
      isLate: isOpen,
      stopWaiting() {},
      seat: undefined,
      resumeAt: undefined,
      position: undefined,
    }));
  }

  function waitFor(source: StreamSource<T>): void {
    source.stopWaiting = source.hub.whenReady({ onReady: () => join(source) });
  }

  function giveBack(source: StreamSource<T>): void {
    source.stopWaiting();
    source.seat?.leave();
    source.seat = undefined;
    source.hub.release();
  }

  /** Other clusters: a state that was folded over these is not continued over those. */
  function changeSources(next: readonly StreamSource<T>[]): void {
    sources = next;
    scope = hashScope();
    place = placeOf(scope);
  }

  function arrive(own: readonly StreamSource<T>[]): void {
    changeSources(sources);
    for (const source of own) waitFor(source);
  }

  function depart(own: readonly StreamSource<T>[]): void {
    if (isClosed) return;
    const wasKnown = own.some(({ seat }) => seat !== undefined);
    for (const source of own) giveBack(source);
    changeSources(sources.filter((source) => !own.includes(source)));
    // Nothing of what it had could be told one by one: the objects' cluster is not there to be shown.
    if (wasKnown && !outbox.isOverflowed) resync('CLUSTER_REMOVED');
    if (isOpening && sources.every(isAccountedFor)) finishOpening();
  }

  /** A stream that cannot hear of lost rights must not be open. */
  function listenToRights(): void {
    try {
      stopViews = subscription.onViewChange?.(changeView) ?? stopViews;
    } catch (error) {
      outbox.close();
      throw error;
    }
  }

  function finishOpening(): void {
    if (!isOpening) return;
    isOpening = false;
    cancelWait();
    if (owesMarker) outbox.prepend([snapshotMarker]);
    outbox.hold(false);
  }

  function join(source: StreamSource<T>): void {
    takeSeat(source);
    const { resumeAt } = source;
    source.resumeAt = undefined;
    if (resumeAt) {
      const missed = source.hub.after(resumeAt);
      if (missed === 'expired') resync('CURSOR_EXPIRED');
      else outbox.prepend(entriesOfReplay(source, missed, canSee, resumeAt.isPassed === true));
    } else if (wantsSnapshot || source.isLate) {
      outbox.prepend(entriesOfSnapshot(source));
      if (!isOpening) outbox.prepend([snapshotMarker]);
    } else source.position = printPosition(source.hub.position());
    // While the stream opens, step 3 follows the last source; afterwards only the waiting ones come here.
    if (isOpening && isOpen && sources.every(isAccountedFor)) finishOpening();
  }

  function takeSeat(source: StreamSource<T>): void {
    source.seat?.leave();
    source.seat = source.hub.join(view.scope, view.matches, {
      onReady() {},
      onChange: (change, position) => outbox.push(queueChange(source, change, position)),
    });
  }

  function resync(reason: ResyncReason): void {
    wantsSnapshot = true;
    owesMarker = true;
    outbox.clear();
    outbox.prepend([{ do: 'tell', type: 'RESYNC', reason }]);
    for (const source of sources) {
      source.resumeAt = undefined;
      if (source.seat) outbox.prepend(entriesOfSnapshot(source));
    }
    if (!isOpening) outbox.prepend([snapshotMarker]);
  }

  /** Rights changed. What was unread under the old ones is not sent any more. */
  function changeView(next: ObjectView<T>): void {
    const before = view;
    const couldSee: Matches<T> = (object) => safely(logger, 'a filter', () => before.matches(object), false);
    view = next;
    scope = hashScope();
    place = placeOf(scope);
    for (const source of sources) if (source.seat) takeSeat(source);
    // A reader whose queue overflowed finds a fresh start anyway.
    if (outbox.isOverflowed) return;
    if (!outbox.isIdle) {
      resync('RIGHTS_CHANGED');
      return;
    }
    for (const source of sources) if (source.seat) outbox.prepend(entriesOfNewView(source, couldSee, canSee));
  }

  function toMessage(entry: ObjectStreamEntry<T>): StreamMessage<KubeObject<T>> | undefined {
    if (entry.do === 'tell') {
      if (entry.type === 'RESYNC') for (const source of sources) source.position = undefined;
      return messageOf(entry.type, undefined, entry.reason);
    }
    if (entry.do === 'complete') {
      entry.source.position = printPosition(entry.position);
      return undefined;
    }
    if (entry.do === 'state') entry.source.position = inPart;
    else notePosition(entry);
    // A filter of this subscriber's own may answer otherwise by now; what a scope shows changes only by `changeView`.
    if (view.scope !== undefined || canSee(entry.object)) {
      return messageOf(entry.type, entry.object, undefined, entry.do === 'change' ? entry.previous : undefined);
    }
    return entry.type === 'ADDED' ? undefined : messageOf('DELETED', tombstoneOf(entry.object));
  }

  function notePosition({ source, position, isBehind }: QueuedChange<T>): void {
    if (position) source.position = printPosition(position);
    if (isBehind && source.position !== undefined && source.position !== inPart) {
      source.position = printPassed(source.position);
    }
  }

  function messageOf(
    type: StreamMessageType,
    item?: KubeObject<T>,
    reason?: ResyncReason,
    previous?: KubeObject<T>,
  ): StreamMessage<KubeObject<T>> {
    return { type, cursor: place.encode(sources), item, reason, previous };
  }

  function placeOf(seen: string): CursorPlace {
    return options.cursors.at({ topic: subscription.topic, epoch: options.epoch, scope: seen });
  }

  /** Whether every position of the cursor is one; a source that is not in it begins with a snapshot. */
  function takePositions(from: StreamCursor): boolean {
    if (from.epoch !== options.epoch || from.scope !== scope) return false;
    const positions = sources.map((source) => from.positions.get(source.name));
    const parsed = positions.map((position) => (position === undefined ? undefined : parsePosition(position)));
    if (parsed.some((position, index) => position === undefined && positions[index] !== undefined)) return false;
    sources.forEach((source, index) => {
      source.resumeAt = parsed[index];
      source.position = positions[index];
    });
    return true;
  }

  /** What the reader could see, and of what: a state folded under another scope cannot be continued. */
  function hashScope(): string {
    const seen = view.scope === undefined ? ['principal', subscription.principal.id] : ['scope', view.scope];
    const text = JSON.stringify([seen, sources.map((source) => source.name).sort()]);
    return createHash('sha256').update(text).digest('base64url').slice(0, 11);
  }
}

function isAccountedFor<T>({ seat, hub }: StreamSource<T>): boolean {
  return seat !== undefined || hub.isAbsent;
}
