import { describe, expect, it } from 'vitest';
import { createReceiverHealth, type DeliveryVerdict, judgeAnswer, pauseAfter } from './receiver-health.ts';

const answer = (httpStatus: number | null, isRefused = false) => ({
  httpStatus,
  problem: httpStatus !== null && httpStatus >= 200 && httpStatus < 300 ? null : 'It did not',
  isRefused,
  retryAfterMs: undefined,
});

describe('an answer of a receiver', () => {
  it.each<[number | null, DeliveryVerdict]>([
    [200, 'told'],
    [204, 'told'],
    [301, 'rejected'],
    [400, 'rejected'],
    [401, 'rejected'],
    [408, 'away'],
    [410, 'gone'],
    [422, 'rejected'],
    [429, 'away'],
    [500, 'rejected'],
    [502, 'away'],
    [503, 'away'],
    [504, 'away'],
    [null, 'away'],
  ])('of %s means %s', (status, verdict) => {
    expect(judgeAnswer(answer(status))).toBe(verdict);
  });

  it('does not come from an address that must not be called', () => {
    expect(judgeAnswer(answer(null, true))).toBe('refused');
  });
});

describe('a receiver that takes nothing', () => {
  const health = (failingSinceMs?: number) => createReceiverHealth({ lanes: 8, failingSinceMs, random: () => 0 });

  it('is asked one thing at a time, after pauses that double up to five minutes, until it takes something', () => {
    const receiver = health();
    expect(receiver.lanes).toBe(8);
    const asked: number[] = [];
    let nowMs = 0;
    for (let failure = 0; failure < 11; failure += 1) {
      receiver.note('away', undefined, nowMs);
      asked.push(receiver.askAtMs - nowMs);
      nowMs = receiver.askAtMs;
    }
    expect(asked.map((ms) => ms / 1_000)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    expect(receiver).toMatchObject({ lanes: 1, failingSinceMs: 0, signsOfLife: 0 });
    receiver.note('rejected', undefined, nowMs);
    expect(receiver).toMatchObject({ lanes: 8, failingSinceMs: undefined, signsOfLife: 1, askAtMs: 0 });
  });

  it('is left alone for as long as it asks, an hour at the most', () => {
    const receiver = health();
    receiver.note('away', 120_000, 0);
    expect(receiver.askAtMs).toBe(120_000);
    const greedy = health();
    greedy.note('away', 86_400_000, 0);
    expect(greedy.askAtMs).toBe(3_600_000);
  });

  it('has been away since before a restart where that was written down', () => {
    const receiver = health(5);
    expect(receiver).toMatchObject({ lanes: 1, failingSinceMs: 5 });
    receiver.note('away', undefined, 1_000);
    expect(receiver.failingSinceMs).toBe(5);
  });

  it('is not asked by all at one moment', () => {
    expect([pauseAfter(3, 0), pauseAfter(3, 0.5), pauseAfter(3, 1)]).toEqual([4_000, 3_000, 2_000]);
  });
});
