import { randomBytes } from 'node:crypto';
import { type Clock, type StandingMessage, sleep } from 'longshore/sdk';
import type { DeliveryWindow } from './delivery-window.ts';
import { toCloudEvent } from './to-cloud-event.ts';

/** An event that waits to be told. */
export interface PendingEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string | undefined;
  /** The CloudEvent as JSON. */
  readonly body: string;
  /** The cursor before it, where the stream told one. */
  readonly after: string | undefined;
  readonly readAtMs: number;
  /** The dead letter that it is, where it was given up before. */
  readonly letterId: string | undefined;
  /** The receiver's signs of life when it was tried last. */
  lifeSeen: number;
}

/** Events between the stream and the receiver: those that would be told once more after a crash. */
const mostEvents = 1_000;
const mostBytes = 8 * 1_048_576;
/** How often a full window is looked at, in ms. */
const fullMs = 100;
/** A stream that is not read for longer would be ended as that of a slow reader, in ms. */
const holdMs = 10_000;

export interface ReadOptions {
  readonly source: AsyncIterable<StandingMessage>;
  readonly window: DeliveryWindow<PendingEvent>;
  readonly webhookUuid: string;
  readonly itemType: string;
  /** Behind what the stream goes on; undefined where it begins with a list of what is there. */
  readonly after: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Something came. */
  readonly onRead: () => void;
  /** What follows does not go on from what was told before. */
  readonly onResync: (reason: string) => void;
}

/**
 * Reads a stream into the window, no faster than the receiver takes it. Answers the cursor to go on from where the window stays
 * full, undefined when the stream ends; throws where it breaks.
 */
export async function readIntoWindow(options: ReadOptions): Promise<string | undefined> {
  const { source, window, webhookUuid, itemType, clock, signal, onRead } = options;
  let before = options.after;
  let listing = before === undefined ? newListing() : undefined;
  for await (const message of source) {
    if (signal.aborted) return undefined;
    const { type, cursor, itemId, reason } = message;
    if (type === 'HEARTBEAT') {
      window.pass(cursor);
      onRead();
      continue;
    }
    if (type === 'RESYNC') {
      listing = newListing();
      options.onResync(reason ?? 'CURSOR_EXPIRED');
    }
    const nowMs = clock.now();
    const event = toCloudEvent(message, { webhookUuid, itemType, listing, nowMs });
    const body = JSON.stringify(event);
    const pending: PendingEvent = {
      ...{ id: event.id, type: event.type, subject: event.subject, body, after: before },
      readAtMs: nowMs,
      ...{ letterId: undefined, lifeSeen: 0 },
    };
    window.add({ event: pending, key: itemId, bytes: Buffer.byteLength(body), cursor });
    if (type === 'SNAPSHOT') listing = undefined;
    before = listing === undefined ? cursor : undefined;
    onRead();
    const fullSinceMs = clock.now();
    while (!signal.aborted && isFull(window)) {
      // Inside a list there is no place to go on from.
      if (before !== undefined && clock.now() - fullSinceMs >= holdMs) return before;
      await sleep(clock, fullMs, signal);
    }
  }
  return undefined;
}

/** Waits until the receiver has taken so much that reading is worth it. */
export async function untilHalfEmpty(
  window: DeliveryWindow<PendingEvent>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && isFull(window, 2)) await sleep(clock, fullMs, signal);
}

const isFull = ({ span, bytes }: DeliveryWindow<PendingEvent>, part = 1): boolean =>
  span * part >= mostEvents || bytes * part >= mostBytes;

const newListing = (): string => randomBytes(9).toString('base64url');
