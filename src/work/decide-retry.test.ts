import { describe, expect, it } from 'vitest';
import {
  ConflictError,
  NotFoundError,
  PreconditionError,
  UpstreamError,
  ValidationError,
} from '../kernel/answer-error.ts';
import { decideRetry } from './decide-retry.ts';

describe('decideRetry', () => {
  it.each([
    { name: 'settles what is gone', error: new NotFoundError('gone'), attempt: 1, retry: { do: 'settle' } },
    {
      name: 'waits for a wake-up where the caller must change something',
      error: new ValidationError([]),
      attempt: 1,
      retry: { do: 'postpone', afterMs: 600_000 },
    },
    {
      name: 'waits where a rule forbids it',
      error: new PreconditionError('PAUSED', 'paused'),
      attempt: 9,
      retry: { do: 'postpone', afterMs: 600_000 },
    },
    {
      name: 'reads a conflict again at once',
      error: new ConflictError('changed'),
      attempt: 1,
      retry: { do: 'postpone', afterMs: 50 },
    },
    {
      name: 'reads a conflict again a fifth time',
      error: new ConflictError('changed'),
      attempt: 5,
      retry: { do: 'postpone', afterMs: 250 },
    },
    {
      name: 'backs off after that',
      error: new ConflictError('changed'),
      attempt: 6,
      retry: { do: 'postpone', afterMs: 1_000 },
    },
    {
      name: 'backs off from an upstream',
      error: new UpstreamError('x', 'away'),
      attempt: 1,
      retry: { do: 'postpone', afterMs: 1_000 },
    },
    { name: 'doubles', error: new UpstreamError('x', 'away'), attempt: 4, retry: { do: 'postpone', afterMs: 8_000 } },
    {
      name: 'never waits longer than five minutes',
      error: new UpstreamError('x', 'away'),
      attempt: 1_000,
      retry: { do: 'postpone', afterMs: 300_000 },
    },
    {
      name: 'backs off from what is not in the table',
      error: new TypeError('oops'),
      attempt: 2,
      retry: { do: 'postpone', afterMs: 2_000 },
    },
  ])('$name', ({ error, attempt, retry }) => {
    expect(decideRetry(error, attempt, 1)).toEqual(retry);
  });

  it('spreads retries over the second half of the time', () => {
    expect(decideRetry(new Error('x'), 4, 0)).toEqual({ do: 'postpone', afterMs: 4_000 });
    expect(decideRetry(new Error('x'), 4, 0.5)).toEqual({ do: 'postpone', afterMs: 6_000 });
  });
});
