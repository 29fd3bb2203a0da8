import { errorRowOf } from '../kernel/error-table.ts';

/** What happens to a key whose reconciler threw. */
export type Retry = { readonly do: 'settle' } | { readonly do: 'postpone'; readonly afterMs: number };

/** Stalled keys wait for a wake-up; this is the net below, should one be lost. */
const stalledMs = 10 * 60 * 1000;
const firstBackoffMs = 1_000;
const longestBackoffMs = 5 * 60 * 1000;
/** How often in a row a conflict is read again at once; after that it backs off. */
const mostRereads = 5;
const rereadMs = 50;

/** `attempt` counts from 1; `random` is 0 to 1 and spreads the retries of many keys. */
export function decideRetry(error: unknown, attempt: number, random: number): Retry {
  switch (errorRowOf(error).loop) {
    case 'settled':
      return { do: 'settle' };
    case 'stalled':
      return { do: 'postpone', afterMs: stalledMs };
    case 'reread':
      return attempt <= mostRereads
        ? { do: 'postpone', afterMs: rereadMs * attempt }
        : backoff(attempt - mostRereads, random);
    case 'backoff':
      return backoff(attempt, random);
  }
}

/** Doubles from 1 s to 5 min, and takes between half and all of that. */
function backoff(attempt: number, random: number): Retry {
  const fullMs = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(attempt - 1, 20));
  return { do: 'postpone', afterMs: Math.round(fullMs * (0.5 + random / 2)) };
}
