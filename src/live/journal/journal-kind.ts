import type { Database } from '../../data/database.ts';
import { type Clock, sleep } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import { assertFence, FenceLostError, type LeaseFence } from '../../work/fence.ts';
import type { KindHub } from '../create-kind-hub.ts';
import type { StreamPosition } from '../stream-position.ts';
import type { TopicRef } from '../topics.ts';
import { type CollectedNews, collectNews, collectUnheard, type ObjectNews } from './collect-news.ts';
import { type Journal, maxEntryBytes } from './journal.ts';
import { type JournalSource, loadSeenObjects, type SeenObjects } from './seen-objects.ts';
import type { JournalledKind } from './start-kind-journals.ts';
import { plainCodec, type TopicCodec } from './topic-codec.ts';
import { encodeTopicEntry } from './topic-entry.ts';

export interface KindJournalOptions<T> {
  readonly hub: KindHub<T>;
  readonly topic: TopicRef<KubeObject<T>>;
  readonly keep?: JournalledKind<T>['keep'];
  readonly cluster: string;
  readonly database: Database;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Entries per transaction. */
const batchEntries = 250;
/** Changes of one moment are written together, in ms. */
const gatherMs = 20;
/** How often it is written down how far the watch is, though it brought nothing, in ms. */
const idleMs = 10_000;
const retryMs = 1_000;
/** A watch that has been broken so long, or has not begun, leaves the work to another replica's, in ms. */
const blindMs = 45_000;
const purgeEveryMs = 3_600_000;

/**
 * Journals what the watch of a kind brings, for as long as the lease is held: each state of each object once, whoever wrote
 * before. Ends when `signal` aborts, when the lease turns out to be lost, or when the watch is blind.
 */
export async function journalKind<T>(
  options: KindJournalOptions<T>,
  fence: LeaseFence,
  signal: AbortSignal,
): Promise<void> {
  const { hub, clock, logger } = options;
  if (!(await isReadyInTime(options, signal))) return;
  let woken = new AbortController();
  const seat = hub.join(undefined, () => true, { onReady() {}, onChange: () => woken.abort() });
  try {
    while (!signal.aborted) {
      try {
        const writer = await createWriter(options, fence);
        while (!signal.aborted && !isBlind(options)) {
          woken = new AbortController();
          if (await writer.catchUp(signal)) continue;
          await sleep(clock, idleMs, AbortSignal.any([signal, woken.signal]));
          await sleep(clock, gatherMs, signal);
        }
        return;
      } catch (error) {
        if (error instanceof FenceLostError || signal.aborted) return;
        logger.warn({ err: error, cluster: options.cluster }, 'what a cluster reports cannot be journalled yet');
        // Whether the last transaction was committed may not be known: begin from what the database says.
        await sleep(clock, retryMs, signal);
      }
    }
  } finally {
    seat.leave();
  }
}

async function createWriter<T>(options: KindJournalOptions<T>, fence: LeaseFence) {
  const { hub, topic, cluster, database, clock } = options;
  const source: JournalSource = { stream: topic.name, source: cluster };
  const seen = await loadSeenObjects(database.db, source);
  let at: StreamPosition | undefined =
    seen.checkpoint === undefined ? undefined : { version: seen.checkpoint, ordinal: 0 };
  let written = seen.checkpoint;
  let purgedAtMs = 0;

  return {
    /** Writes what is new; false where there was nothing. */
    async catchUp(signal: AbortSignal): Promise<boolean> {
      if (clock.now() - purgedAtMs > purgeEveryMs) {
        purgedAtMs = clock.now();
        await seen.purge(database.db, hub.objects(), purgedAtMs);
      }
      const unheard = at && (await collectUnheard(hub, at, seen, signal));
      if (signal.aborted) return false;
      const collected = unheard ?? collectNews(hub, at, seen);
      const { news, isGap, next } = collected;
      if (news.length > 0 || isGap || next.version !== written) await write(options, fence, seen, collected, signal);
      if (signal.aborted) return false;
      at = next;
      written = next.version;
      return news.length > 0 || unheard !== undefined;
    },
  };
}

async function write<T>(
  options: KindJournalOptions<T>,
  fence: LeaseFence,
  seen: SeenObjects,
  { news, isGap, next }: CollectedNews<T>,
  signal: AbortSignal,
): Promise<void> {
  const { database, journal, topic, cluster, clock, keep } = options;
  const codec = topic.codec ?? (plainCodec as TopicCodec<KubeObject<T>>);
  const gap = encodeTopicEntry({ type: 'GAP', cluster }, codec);
  for (let first = 0; first === 0 || first < news.length; first += batchEntries) {
    if (signal.aborted) return;
    const batch = news.slice(first, first + batchEntries);
    const isLast = first + batchEntries >= news.length;
    const told = batch.map(({ object }) => object);
    const entries = batch.map((each) => encodeNews(each, cluster, codec) ?? gap);
    await database.transaction(async (tx) => {
      await assertFence(tx, fence);
      // Only with its last part is everything told up to the position.
      await seen.write(tx, told, isLast ? next.version : undefined, clock.now());
      if (told.length > 0) await keep?.(tx, told, { cluster, nowMs: clock.now() });
      journal.append(tx, topic.name, isGap && first === 0 ? [gap, ...entries] : entries);
    });
    seen.remember(told, clock.now());
  }
}

/** Without its notes where it is too large; undefined where that does not help. */
function encodeNews<T>(
  { type, object, previous }: ObjectNews<T>,
  cluster: string,
  codec: TopicCodec<KubeObject<T>>,
): string | undefined {
  const whole = encodeTopicEntry({ type, cluster, payload: object, previous }, codec);
  if (Buffer.byteLength(whole) <= maxEntryBytes) return whole;
  const alone = encodeTopicEntry({ type, cluster, payload: object, previous: undefined }, codec);
  return Buffer.byteLength(alone) <= maxEntryBytes ? alone : undefined;
}

function isBlind<T>({ hub, clock }: KindJournalOptions<T>): boolean {
  const since = hub.staleSince();
  return since !== undefined && clock.now() - since > blindMs;
}

async function isReadyInTime<T>({ hub, clock }: KindJournalOptions<T>, signal: AbortSignal): Promise<boolean> {
  const ready = new AbortController();
  const stopWaiting = hub.whenReady({ onReady: () => ready.abort() });
  if (!hub.isReady) await sleep(clock, blindMs, AbortSignal.any([signal, ready.signal]));
  stopWaiting();
  return hub.isReady && !signal.aborted;
}
