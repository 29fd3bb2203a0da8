import type { V1Pod } from '@kubernetes/client-node';
import { type Clock, compareVersions, type FeedEvent, type KindFeed } from 'longshore/sdk';
import type { PodObject } from '../../api.ts';
import { isStaticPod, type MeteredPod, meteredPod, secondsOf } from './metered-pod.ts';

/** The shared watch of a cluster's pods, as far as it is needed. */
export type PodFeed = Pick<KindFeed<V1Pod>, 'syncedAt' | 'staleSince' | 'continuousSince' | 'snapshot' | 'onEvent'>;

/** What was heard of a pod and its present state does not tell. */
interface Note {
  readonly position: string;
  readonly atSeconds: number;
  readonly pod: MeteredPod;
  /** It went; else it came to have the rate of `pod`. */
  readonly isGone: boolean;
  /** The pod before that. */
  readonly before: MeteredPod;
}

/** A cluster's pods, and what was heard of them since a position. */
export interface Heard {
  readonly position: string;
  readonly pods: readonly MeteredPod[];
  /** In the order in which it was heard. */
  readonly notes: readonly Note[];
  /** UTC seconds since when all was heard, where that is after the position that was asked for; undefined where nothing is missing. */
  readonly deafUntilSeconds: number | undefined;
}

/** What one replica hears of a cluster's pods. */
export interface Hearing {
  /**
   * How it is now, and what was heard since `after` (undefined: nothing). `'AWAY'` while the cluster does not answer, `'BEHIND'` while
   * this replica knows less than `after`.
   */
  look(after: string | undefined): Heard | 'AWAY' | 'BEHIND';
  /** What was heard up to a position is settled. */
  forget(until: string): void;
  stop(): void;
}

/** Notes that are kept: several replicas hear, and one of them settles. */
const mostNotes = 20_000;

/** Notes what happens to pods between two looks at them. Start it once the feed is ready. */
export function createHearing(feed: PodFeed, clock: Pick<Clock, 'now'>): Hearing {
  const nowSeconds = () => Math.floor(clock.now() / 1_000);
  let notes: Note[] = [];
  let since = { position: feed.snapshot().position, atSeconds: nowSeconds() };
  let listed = feed.continuousSince;

  const end = feed.onEvent((event) => {
    const note = noteOf(event, nowSeconds());
    if (note) notes.push(note);
    if (notes.length > mostNotes) drop(notes.length - mostNotes);
  });

  /** What is dropped unsettled is as good as unheard. */
  function drop(count: number): void {
    const last = notes[count - 1];
    if (!last) return;
    notes = notes.slice(count);
    if ((compareVersions(last.position, since.position) ?? 1) <= 0) return;
    since = { position: last.position, atSeconds: Math.max(last.atSeconds, since.atSeconds) };
  }

  return {
    look(after) {
      if (feed.syncedAt === undefined || feed.staleSince !== undefined) return 'AWAY';
      const now = nowSeconds();
      if (feed.continuousSince !== listed) {
        listed = feed.continuousSince;
        since = { position: listed, atSeconds: now };
      }
      const { items, position } = feed.snapshot();
      if (after !== undefined && (compareVersions(position, after) ?? 0) < 0) return 'BEHIND';
      const isWhole = after === undefined || (compareVersions(since.position, after) ?? 1) <= 0;
      const pods: MeteredPod[] = [];
      for (const pod of items) if (!isStaticPod(pod)) pods.push(meteredPod(pod));
      return {
        position,
        pods,
        notes: after === undefined ? [] : notes.filter((note) => (compareVersions(note.position, after) ?? 1) > 0),
        deafUntilSeconds: isWhole ? undefined : Math.min(since.atSeconds, now),
      };
    },
    forget(until) {
      notes = notes.filter(({ position }) => (compareVersions(position, until) ?? 1) > 0);
    },
    stop: end,
  };
}

function noteOf({ type, object, previous, position }: FeedEvent<V1Pod>, atSeconds: number): Note | undefined {
  if (isStaticPod(object)) return undefined;
  const pod = meteredPod(object);
  if (type === 'DELETED') {
    // Deletions that a list tells of carry the list's version: nobody heard when they were.
    const isHeard = object.metadata.resourceVersion === position;
    const end =
      pod.end?.seconds === undefined ? { seconds: isHeard ? deletedAt(object, atSeconds) : undefined } : pod.end;
    return { position, atSeconds, pod: { ...pod, end }, isGone: true, before: pod };
  }
  const before = type === 'MODIFIED' && previous ? meteredPod(previous) : undefined;
  if (!before || (before.millicores === pod.millicores && before.memoryKib === pod.memoryKib)) return undefined;
  return { position, atSeconds, pod, isGone: false, before };
}

/** A cluster that was away for a while tells late, but says when. */
function deletedAt({ metadata }: PodObject, heardSeconds: number): number {
  return Math.min(secondsOf(metadata.deletionTimestamp) ?? heardSeconds, heardSeconds);
}
