import type { FeedEvent } from '../kube/kind-feed.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import type { HubSeat, KindHub, Matches } from './create-kind-hub.ts';
import type { RingEntry } from './event-ring.ts';
import { mergeChanges } from './merge-changes.ts';
import { decideObjectChanges, type ObjectChange } from './object-change.ts';
import type { ResyncReason } from './stream-message.ts';
import type { StreamPosition } from './stream-position.ts';
import { tombstoneOf } from './tombstone.ts';

/** One (cluster, kind) of a stream. */
export interface StreamSource<T> {
  /** Its name in cursors. */
  readonly name: string;
  readonly hub: KindHub<T>;
  /** It came while the stream was open: all that it has is new to the reader. */
  readonly isLate: boolean;
  /** Gives up waiting for its first list. */
  stopWaiting(): void;
  /** Undefined until the source joined. */
  seat: HubSeat<T> | undefined;
  /** Where to resume when it joins. */
  resumeAt: StreamPosition | undefined;
  /** What the reader has got, as it stands in cursors; undefined where it has got nothing. */
  position: string | undefined;
}

/** What waits to be read. */
export type ObjectStreamEntry<T> =
  | { readonly do: 'tell'; readonly type: 'SNAPSHOT' | 'RESYNC'; readonly reason: ResyncReason | undefined }
  /** Part of a state that is only whole with `complete`: until then nothing can be resumed from the source. */
  | {
      readonly do: 'state';
      readonly source: StreamSource<T>;
      readonly type: 'ADDED' | 'DELETED';
      readonly object: KubeObject<T>;
    }
  | { readonly do: 'complete'; readonly source: StreamSource<T>; readonly position: StreamPosition }
  | QueuedChange<T>;

export interface QueuedChange<T> extends ObjectChange<T> {
  readonly do: 'change';
  /** Identity of the object: a new one of the same name is another. */
  readonly key: string;
  readonly source: StreamSource<T>;
  /** Where its reader may resume; undefined where that is no further than before. */
  readonly position: StreamPosition | undefined;
  /** Its reader has more than lies before that position: states that were merged. */
  readonly isBehind?: boolean;
}

export const snapshotMarker = { do: 'tell', type: 'SNAPSHOT', reason: undefined } as const;

export function queueChange<T>(
  source: StreamSource<T>,
  change: ObjectChange<T>,
  position: StreamPosition,
): QueuedChange<T> {
  const { type, object, previous } = change;
  return { do: 'change', key: object.metadata.uid, source, position, type, object, previous };
}

/** What a source holds at this moment; read one by one later. */
export function entriesOfSnapshot<T>(source: StreamSource<T>): Iterable<ObjectStreamEntry<T>> {
  const objects = source.seat?.snapshot() ?? [];
  return inOneState(source, objects, (object) => ({ do: 'state', source, type: 'ADDED', object }));
}

/** What a source changed behind a position. Who was told some of it before is told the newest of each object alone. */
export function entriesOfReplay<T>(
  source: StreamSource<T>,
  missed: readonly RingEntry<FeedEvent<T>>[],
  matches: Matches<T>,
  isPassed: boolean,
): readonly ObjectStreamEntry<T>[] {
  const entries = missed.flatMap(({ event, position }) =>
    decideObjectChanges(event, matches).map((change) => queueChange(source, change, position)),
  );
  return isPassed ? mergeQueued(entries, true) : entries;
}

/** What other rights change in a source: what is hidden now, what is visible now. */
export function entriesOfNewView<T>(
  source: StreamSource<T>,
  couldSee: Matches<T>,
  canSee: Matches<T>,
): Iterable<ObjectStreamEntry<T>> {
  const changed = [...source.hub.objects()].filter((object) => couldSee(object) !== canSee(object));
  return inOneState(source, changed, (object) =>
    canSee(object)
      ? { do: 'state', source, type: 'ADDED', object }
      : { do: 'state', source, type: 'DELETED', object: tombstoneOf(object) },
  );
}

/** The queue holds changes alone; everything else is read ahead of it. */
export function mergeEntries<T>(entries: readonly ObjectStreamEntry<T>[]): readonly ObjectStreamEntry<T>[] {
  return mergeQueued(
    entries.filter((entry) => entry.do === 'change'),
    false,
  );
}

function mergeQueued<T>(entries: readonly QueuedChange<T>[], tellsGone: boolean): readonly QueuedChange<T>[] {
  return mergeChanges(entries, {
    laneOf: ({ source }) => source,
    tellsGone,
    // What the reader has is the state before the first of them.
    merge: ({ last, first, type, resumable }) => ({
      ...last,
      type,
      previous: type === 'MODIFIED' ? first.previous : undefined,
      position: resumable?.position,
      isBehind: resumable !== last || last.isBehind === true,
    }),
  });
}

/** The position is taken now, with the objects; the entries are made when they are read. */
function inOneState<T>(
  source: StreamSource<T>,
  objects: readonly KubeObject<T>[],
  toEntry: (object: KubeObject<T>) => ObjectStreamEntry<T>,
): Iterable<ObjectStreamEntry<T>> {
  const position = source.hub.position();
  return (function* () {
    for (const object of objects) yield toEntry(object);
    yield { do: 'complete', source, position } as const;
  })();
}
