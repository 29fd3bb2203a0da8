import type { Principal } from '../kernel/principal.ts';
import type { KindRef } from '../kube/kind-ref.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import type { StreamMessage } from './stream-message.ts';

/** What a subscriber may see, as it is after its rights changed. */
export interface ObjectView<T> {
  readonly matches: (object: KubeObject<T>) => boolean;
  readonly scope?: string | undefined;
}

export interface ObjectSubscription<T> {
  /** Name of the stream, e.g. `podChanges`: a cursor of one stream is of no use to another. */
  readonly topic: string;
  /** One stream may carry several kinds (workloads); each (cluster, kind) has its own position in the cursor. */
  readonly kinds: readonly KindRef<T>[];
  /** Which clusters, by name; asked for each one there is and for each that comes while the stream is open. */
  readonly isFollowed: (cluster: string) => boolean;
  /** Filter and rights of this caller in one; without a scope asked again at the moment a message is handed over. */
  readonly matches: (object: KubeObject<T>) => boolean;
  /**
   * Key of what `matches` lets through: filter and `Access.canonical`. Subscribers of one scope must see the same for as
   * long as it lasts; they share the work, and a cursor of another scope has expired. Without it the principal's id
   * stands for it and nothing is shared.
   */
  readonly scope?: string | undefined;
  /**
   * Tells when the caller's rights changed, with what it may see from now on: objects now hidden arrive as DELETED,
   * objects now visible as ADDED. The returned function ends that; it is called when the stream closes.
   */
  readonly onViewChange?: ((listener: (view: ObjectView<T>) => void) => () => void) | undefined;
  readonly principal: Principal;
  /** Whether what is there comes first. Without it only the marker does, then changes. */
  readonly snapshot: boolean;
  /** A cursor to resume behind; wins over `snapshot`. Throws `BAD_USER_INPUT` where it is none of this stream. */
  readonly after?: string | undefined;
  /** How long changes are held together, in ms up to 60,000; none and 0: not at all. */
  readonly throttleMs?: number | undefined;
  readonly signal: AbortSignal;
  /**
   * Called once when the stream has ended for whatever reason, also where nobody reads any more: with a
   * `SlowReaderError` the transport closes with 1013.
   */
  readonly onClose?: ((error: Error | undefined) => void) | undefined;
}

/**
 * Objects as they are and as they change, over the watch that also feeds the cache.
 *
 * - A snapshot's objects arrive as ADDED, then one SNAPSHOT, then changes. The marker waits for every cluster, but no
 *   longer than 2 s: a cluster that answers later adds its objects as ADDED and another SNAPSHOT behind them.
 * - A cluster that comes while the stream is open adds its objects the same way; when one goes, RESYNC
 *   (`CLUSTER_REMOVED`) and a new snapshot without it follow.
 * - An object that leaves the filter arrives as DELETED in the last state that matched, one that enters as ADDED.
 * - `after` resumes behind the cursor while the changes since are in memory; else RESYNC (`CURSOR_EXPIRED`) and a new
 *   snapshot. A cursor from inside a snapshot has always expired.
 * - Who reads slowly gets the changes of an object merged into one; where even that is too much, everything unread is
 *   dropped and reading goes on with RESYNC (`SLOW_READER`) and a new snapshot. Who does not come back within 30 s is
 *   closed with `SlowReaderError`. Rights that change under unread messages cost a RESYNC too.
 * - With `throttleMs` changes wait for the end of the window, and those of one object are one: the newest. Where so many objects change
 *   that they would fill the queue, the window ends early. Snapshots, replays and RESYNC do not wait; the last one drops what does.
 * - HEARTBEAT after 30 s of silence; its cursor is up to date.
 */
export interface ObjectStreams {
  subscribe<T>(subscription: ObjectSubscription<T>): AsyncIterableIterator<StreamMessage<KubeObject<T>>>;
}
