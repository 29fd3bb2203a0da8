import { type LeasedLoopContext, postWebhook, RequestError, sleep } from 'longshore/sdk';
import { createDeliveryWindow, type WindowSlot } from './delivery-window.ts';
import type { DeadLetter, EventWebhook, EventWebhookStop } from './event-webhooks.ts';
import { eventWebhookLoopName } from './event-webhooks-service.ts';
import { type PendingEvent, readIntoWindow, untilHalfEmpty } from './read-into-window.ts';
import { createReceiverHealth, judgeAnswer, pauseAfter } from './receiver-health.ts';
import type { WebhookDesk } from './webhook-desk.ts';
import { contextOfOwner, mayStillSee, ownerOf } from './webhook-owner.ts';
import { createWebhookProgress, type LastAnswer } from './webhook-progress.ts';
import { signedHeaders } from './webhook-secret.ts';

/** Why a webhook is not told any more by this run: `anew` at once, `later` in a while, or never by itself. */
export type RunEnd =
  | { readonly kind: 'anew' | 'later' }
  | { readonly kind: 'stopped'; readonly reason: EventWebhookStop };

/** Requests under way at a time to one receiver. */
const lanes = 8;
/** How often it is written down how far it is, while more comes, in ms. */
const commitMs = 250;
/** How often it looks though nothing happened, in ms. */
const idleMs = 5_000;
/** How long requests under way may take that begin before the end of a run, in ms. */
const partingMs = 700;
/** What was read so long ago is looked at once more before it is told: a right that is gone ends within 10 s. */
const freshMs = 8_000;
const mostEventBytes = 4 * 1_048_576;

/**
 * Follows one webhook's subscription as its owner and tells the receiver, for as long as nothing about it changes. The place in the
 * stream is written down after the receiver has taken everything before it (or it is a dead letter): who goes on from there misses nothing
 * and may tell something twice, under the same id. `attempts`, by event, outlive the run: whatever is refused is given up in the end.
 */
export async function tellWebhook(
  webhook: EventWebhook,
  desk: WebhookDesk,
  context: LeasedLoopContext,
  attempts: Map<string, number>,
): Promise<RunEnd> {
  const { uuid } = webhook;
  const { clock, failpoints, logger } = context;
  const owner = ownerOf(webhook, desk);
  if (owner === 'unknown') return { kind: 'later' };
  if (owner === 'gone') {
    const nothing = { told: 0, dead: [], letters: [] };
    await desk.webhooks.advance(webhook, { ...nothing, stoppedReason: 'OWNER_GONE' }, context.fence);
    return { kind: 'stopped', reason: 'OWNER_GONE' };
  }
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  /** Outlives the rest for a moment. */
  const sending = new AbortController();
  const asked = contextOfOwner(webhook, owner, desk, signal);
  const rights = asked.access.canonical;

  const window = createDeliveryWindow<PendingEvent>();
  const failingSinceMs = webhook.failingSince?.getTime();
  const health = createReceiverHealth({ lanes, failingSinceMs, random: Math.random });
  const progress = createWebhookProgress({ webhook, webhooks: desk.webhooks, context, rights });
  const place = () => ({ position: window.cursor ?? webhook.position, failingSinceMs: health.failingSinceMs });
  let ended: RunEnd | undefined;
  let woken = new AbortController();
  const wake = (): void => woken.abort();
  const end = (how: RunEnd): void => {
    ended ??= how;
    wake();
  };

  async function read(): Promise<void> {
    const subscription = { document: webhook.subscription, variables: webhook.variables };
    try {
      // What was said of it since it was read, and before anybody listened here.
      const [now] = await desk.webhooks.webhooksById([uuid]);
      if (now?.version !== webhook.version) {
        end({ kind: 'anew' });
        return;
      }
      const { itemType } = desk.subscriptions.check(subscription, asked.fork());
      for (const letter of await desk.webhooks.wantedLetters(uuid)) addLetter(letter);
      let after = webhook.position ?? undefined;
      while (!signal.aborted) {
        const source = await desk.subscriptions.open(subscription, after, asked);
        after = await readIntoWindow({
          ...{ source, window, webhookUuid: uuid, itemType, after, clock, signal },
          onRead: wake,
          onResync(reason) {
            progress.beganAnew(reason);
            logger.warn({ reason }, 'an event webhook begins anew: its receiver is told that something may be missing');
          },
        });
        if (after === undefined) break;
        await untilHalfEmpty(window, clock, signal);
      }
      end({ kind: 'later' });
    } catch (error) {
      end(signal.aborted ? { kind: 'anew' } : endOfError(error));
    }
  }

  function endOfError(error: unknown): RunEnd {
    const reason = stopOf(error);
    if (reason) return { kind: 'stopped', reason };
    logger.warn({ err: error }, 'an event webhook cannot follow its subscription; it waits and tries again');
    return { kind: 'later' };
  }

  function addLetter({ id, eventId, eventType, event, subject, rights: then }: DeadLetter): void {
    if (event === null) progress.refusedLetter(id, 'It was too large to be kept: replay behind the cursor before it');
    else if (then !== rights)
      progress.refusedLetter(id, 'Its owner has other rights by now: replay behind the cursor before it');
    else {
      const pending: PendingEvent = {
        ...{ id: eventId, type: eventType, subject: subject ?? undefined, body: event, after: undefined },
        ...{ readAtMs: 0, letterId: id, lifeSeen: 0 },
      };
      const key = subject ?? `letter ${id}`;
      window.add({ event: pending, key, bytes: Buffer.byteLength(event), cursor: undefined });
    }
  }

  /** Whether the owner has the rights that the stream was opened with; asked before anything is told. */
  function mayTell(): boolean {
    const now = ownerOf(webhook, desk);
    if (now === 'unknown') end({ kind: 'later' });
    else if (now === 'gone') end({ kind: 'stopped', reason: 'OWNER_GONE' });
    else if (contextOfOwner(webhook, now, desk, signal).access.canonical !== rights) end({ kind: 'anew' });
    return ended === undefined && !signal.aborted;
  }

  async function tell(slot: WindowSlot<PendingEvent>): Promise<void> {
    const { event } = slot;
    const { id, body, subject } = event;
    const isFresh = clock.now() - event.readAtMs < freshMs;
    if (subject !== undefined && !isFresh && !(await mayStillSee(subject, asked.fork()))) {
      progress.dropped(event);
      settle(slot);
      return;
    }
    if (slot.bytes > mostEventBytes) {
      giveUp(slot, { problem: `It has ${slot.bytes} bytes, and ${mostEventBytes} may be told`, httpStatus: null });
      return;
    }
    await failpoints.reach('core.eventWebhooks.before-call');
    const signed = signedHeaders(desk.keys, webhook, {
      id,
      body,
      nowMs: clock.now(),
      overlapMs: desk.policy.overlapMs,
    });
    const headers = { 'content-type': contentType, 'user-agent': 'longshore', ...signed };
    const answer = await postWebhook(desk.egress, clock, { url: webhook.url, headers, body, signal: sending.signal });
    await failpoints.reach('core.eventWebhooks.after-call');
    progress.answered(answer);
    const verdict = judgeAnswer(answer);
    const lifeBefore = health.signsOfLife;
    health.note(verdict, answer.retryAfterMs, clock.now());
    if (verdict === 'told') {
      desk.meters.told(uuid);
      progress.told(event);
      settle(slot);
      return;
    }
    desk.meters.failed(uuid);
    if (verdict === 'gone' || verdict === 'refused') {
      window.postpone(slot, clock.now() + idleMs);
      end({ kind: 'stopped', reason: verdict === 'gone' ? 'GONE' : 'ADDRESS_REFUSED' });
      return;
    }
    // Where the receiver takes nothing at all, that is not for this event to pay for.
    const isItsOwn = verdict === 'rejected' || lifeBefore > event.lifeSeen;
    const tried = (attempts.get(id) ?? 0) + (isItsOwn ? 1 : 0);
    attempts.set(id, tried);
    event.lifeSeen = health.signsOfLife;
    if (tried >= desk.policy.maxAttempts) {
      giveUp(slot, answer);
      return;
    }
    const pauseMs = pauseAfter(Math.max(1, tried), Math.random());
    window.postpone(slot, Math.max(clock.now() + pauseMs, health.askAtMs));
  }

  function settle(slot: WindowSlot<PendingEvent>): void {
    attempts.delete(slot.event.id);
    window.settle(slot);
  }

  function giveUp(slot: WindowSlot<PendingEvent>, why: LastAnswer): void {
    const { event, bytes } = slot;
    const { problem } = why;
    logger.warn({ eventId: event.id, problem }, 'an event is given up: it is among the dead letters of its webhook');
    desk.meters.dead(uuid);
    progress.gaveUp(event, bytes, attempts.get(event.id) ?? 0, why);
    settle(slot);
  }

  const underWay = new Set<Promise<void>>();
  function start(slot: WindowSlot<PendingEvent>): void {
    const telling = tell(slot)
      .catch((error: unknown) => {
        if (!sending.signal.aborted) logger.warn({ err: error }, 'an event webhook cannot be told at present');
        window.postpone(slot, clock.now() + idleMs);
        end({ kind: 'later' });
      })
      .finally(() => {
        underWay.delete(telling);
        wake();
      });
    underWay.add(telling);
  }

  function startAll(): void {
    const nowMs = clock.now();
    while (window.underWay < health.lanes && health.askAtMs <= nowMs) {
      const slot = window.take(nowMs);
      if (!slot) return;
      if (!mayTell()) {
        window.postpone(slot, nowMs);
        return;
      }
      start(slot);
    }
  }

  function look(): void {
    const { oldest } = window;
    const sinceMs = Math.min(oldest?.event.readAtMs || clock.now(), health.failingSinceMs ?? clock.now());
    desk.meters.lag(uuid, (clock.now() - sinceMs) / 1_000);
    if (health.failingSinceMs !== undefined && clock.now() - health.failingSinceMs >= desk.policy.stopAfterMs) {
      logger.warn({}, 'an event webhook is stopped: its receiver has taken nothing for too long');
      end({ kind: 'stopped', reason: 'RECEIVER_DOWN' });
    }
  }

  function nextLookMs(): number {
    const waits = [idleMs];
    const dueMs = window.underWay < health.lanes ? window.nextDueMs() : undefined;
    if (dueMs !== undefined) waits.push(Math.max(dueMs, health.askAtMs) - clock.now());
    if (progress.hasNews(place())) waits.push(progress.writtenAtMs + commitMs - clock.now());
    return Math.max(0, Math.min(...waits));
  }

  const ends = [
    desk.database.onSignal(eventWebhookLoopName, (id) => {
      if (id === uuid) end({ kind: 'anew' });
    }),
    desk.database.onSignalGap(() => end({ kind: 'anew' })),
  ];
  const reading = read();
  try {
    while (!signal.aborted && ended === undefined) {
      woken = new AbortController();
      if (mayTell()) startAll();
      look();
      const isDue = progress.isUrgent || window.size === 0 || clock.now() - progress.writtenAtMs >= commitMs;
      if (isDue && progress.hasNews(place()) && ended === undefined) {
        if (!(await progress.commit(place(), null))) end({ kind: 'anew' });
      }
      await sleep(clock, nextLookMs(), AbortSignal.any([signal, woken.signal]));
    }
    // What is under way is waited for, so that it need not be told twice; a lease that was given up leaves it a second.
    const patience = new AbortController();
    await Promise.race([Promise.all(underWay), sleep(clock, partingMs, patience.signal)]);
    patience.abort();
    sending.abort();
    await Promise.all(underWay);
    const how = ended as RunEnd | undefined;
    if (how?.kind === 'stopped') await progress.commit(place(), how.reason);
    else if (progress.hasNews(place())) await progress.commit(place(), null);
  } finally {
    over.abort();
    sending.abort();
    for (const stop of ends) stop();
    desk.meters.leave(uuid);
    await reading;
  }
  return ended ?? { kind: 'anew' };
}

const contentType = 'application/cloudevents+json; charset=utf-8';

/** What no waiting cures. */
function stopOf(error: unknown): EventWebhookStop | undefined {
  if (!(error instanceof RequestError)) return undefined;
  if (error.code === 'FORBIDDEN' || error.code === 'UNAUTHENTICATED') return 'FORBIDDEN';
  const invalid = ['GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'TOO_COMPLEX'];
  return invalid.includes(error.code) ? 'SUBSCRIPTION_INVALID' : undefined;
}
