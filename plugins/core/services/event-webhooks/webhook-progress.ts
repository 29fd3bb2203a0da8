import { randomUUID } from 'node:crypto';
import type { LeasedLoopContext } from 'longshore/sdk';
import type { EventWebhook, EventWebhookStop } from './event-webhooks.ts';
import type { EventWebhookProgress, EventWebhooksService } from './event-webhooks-service.ts';
import type { PendingEvent } from './read-into-window.ts';

/** Where a run stands at this moment. */
export interface Place {
  readonly position: string | null;
  readonly failingSinceMs: number | undefined;
}

export interface LastAnswer {
  readonly problem: string | null;
  readonly httpStatus: number | null;
}

/** An event that is larger is not kept as a dead letter, only named. */
const mostKeptBytes = 262_144;

/** What a run has come to and not written down yet. */
export interface WebhookProgress {
  /** Where dead letters wait, which stand beside the place that passes them. */
  readonly isUrgent: boolean;
  readonly writtenAtMs: number;
  /** How the receiver answered the last time. */
  answered(answer: LastAnswer): void;
  told(event: PendingEvent): void;
  /** Nothing of it is to be told any more. */
  dropped(event: PendingEvent): void;
  gaveUp(event: PendingEvent, bytes: number, attempts: number, why: LastAnswer): void;
  /** A dead letter cannot be told as it is. */
  refusedLetter(id: string, problem: string): void;
  beganAnew(reason: string): void;
  hasNews(place: Place): boolean;
  /** Writes all of it down, in one transaction under the lease's fence; false where somebody has changed the webhook. */
  commit(place: Place, stoppedReason: EventWebhookStop | null): Promise<boolean>;
}

export function createWebhookProgress(options: {
  readonly webhook: EventWebhook;
  readonly webhooks: Pick<EventWebhooksService, 'advance'>;
  readonly context: Pick<LeasedLoopContext, 'clock' | 'failpoints' | 'fence'>;
  /** The owner's rights, by which dead letters are told once more or not. */
  readonly rights: string;
}): WebhookProgress {
  const { webhook, rights } = options;
  const { clock, failpoints, fence } = options.context;
  let told = 0;
  let dead: EventWebhookProgress['dead'] = [];
  let letters: EventWebhookProgress['letters'] = [];
  let last: LastAnswer = webhook;
  let anew: Pick<EventWebhookProgress, 'resyncedAt' | 'resyncReason'> = {};
  let written = {
    position: webhook.position,
    failingSinceMs: webhook.failingSince?.getTime(),
    problem: webhook.problem,
  };
  let writtenAtMs = 0;

  const forgetLetter = ({ letterId }: PendingEvent): void => {
    if (letterId !== undefined) letters = [...letters, { id: letterId }];
  };

  return {
    get isUrgent() {
      return dead.length > 0;
    },
    get writtenAtMs() {
      return writtenAtMs;
    },
    answered({ problem, httpStatus }) {
      last = { problem, httpStatus };
    },
    told(event) {
      told += 1;
      forgetLetter(event);
    },
    dropped: forgetLetter,
    gaveUp({ letterId, ...event }, bytes, attempts, { problem, httpStatus }) {
      const why = { problem: problem ?? '', httpStatus };
      if (letterId !== undefined) {
        letters = [...letters, { id: letterId, failed: why }];
        return;
      }
      const { id: eventId, type: eventType, subject = null, after = null, body } = event;
      const kept = bytes > mostKeptBytes ? null : body;
      dead = [...dead, { id: randomUUID(), eventId, eventType, subject, after, attempts, rights, event: kept, ...why }];
    },
    refusedLetter(id, problem) {
      letters = [...letters, { id, failed: { problem, httpStatus: null } }];
    },
    beganAnew(resyncReason) {
      anew = { resyncedAt: new Date(clock.now()), resyncReason };
    },
    hasNews({ position, failingSinceMs }) {
      const isOther = position !== written.position || failingSinceMs !== written.failingSinceMs;
      return isOther || last.problem !== written.problem || told + dead.length + letters.length > 0;
    },
    async commit({ position, failingSinceMs }, stoppedReason) {
      const { problem, httpStatus } = last;
      const failingSince = failingSinceMs === undefined ? null : new Date(failingSinceMs);
      const progress = { told, dead, letters, position, problem, httpStatus, failingSince, stoppedReason, ...anew };
      await failpoints.reach('core.eventWebhooks.before-commit');
      const isSame = await options.webhooks.advance(webhook, progress, fence);
      await failpoints.reach('core.eventWebhooks.after-commit');
      writtenAtMs = clock.now();
      if (!isSame) return false;
      // What came meanwhile is for the next time.
      told -= progress.told;
      dead = dead.slice(progress.dead.length);
      letters = letters.slice(progress.letters.length);
      anew = {};
      written = { position, failingSinceMs, problem };
      return true;
    },
  };
}
