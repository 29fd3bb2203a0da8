import type { WebhookAnswer } from 'longshore/sdk';

/** What an answer says of the receiver and of the event. */
export type DeliveryVerdict = 'told' | 'rejected' | 'away' | 'gone' | 'refused';

/** Statuses by which a receiver, or what stands before it, says that it takes nothing at present. */
const away = new Set([408, 425, 429, 502, 503, 504]);

/** 410 means: never again. What else is no success is about this event, unless nothing answered or the receiver is away. */
export function judgeAnswer({ httpStatus, problem, isRefused }: WebhookAnswer): DeliveryVerdict {
  if (problem === null) return 'told';
  if (isRefused) return 'refused';
  if (httpStatus === 410) return 'gone';
  return httpStatus === null || away.has(httpStatus) ? 'away' : 'rejected';
}

const firstPauseMs = 1_000;
const longestPauseMs = 300_000;
const longestWishMs = 3_600_000;

/** Doubles from one second up to five minutes, less up to a half by chance, so that many do not come back at one moment. */
export function pauseAfter(failures: number, chance: number): number {
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.round(pause * (1 - chance / 2));
}

/** Whether a receiver is there at all, told by how it takes what it is told. */
export interface ReceiverHealth {
  /** Since when it has taken nothing, in UTC ms. */
  readonly failingSinceMs: number | undefined;
  /** How often it has taken something, or refused it by itself: whoever fails in between fails alone. */
  readonly signsOfLife: number;
  /** When it may be asked again, in UTC ms. */
  readonly askAtMs: number;
  /** How many it is told at a time; one while it is away. */
  readonly lanes: number;
  note(verdict: DeliveryVerdict, retryAfterMs: number | undefined, nowMs: number): void;
}

export function createReceiverHealth(options: {
  readonly lanes: number;
  readonly failingSinceMs: number | undefined;
  readonly random: () => number;
}): ReceiverHealth {
  let { failingSinceMs } = options;
  let failures = 0;
  let signsOfLife = 0;
  let askAtMs = 0;
  return {
    get failingSinceMs() {
      return failingSinceMs;
    },
    get signsOfLife() {
      return signsOfLife;
    },
    get askAtMs() {
      return askAtMs;
    },
    get lanes() {
      return failingSinceMs === undefined ? options.lanes : 1;
    },
    note(verdict, retryAfterMs, nowMs) {
      if (verdict !== 'away') {
        failures = 0;
        signsOfLife += 1;
        failingSinceMs = undefined;
        askAtMs = 0;
        return;
      }
      failures += 1;
      failingSinceMs ??= nowMs;
      const wish = Math.min(longestWishMs, retryAfterMs ?? 0);
      askAtMs = Math.max(askAtMs, nowMs + Math.max(wish, pauseAfter(failures, options.random())));
    },
  };
}
