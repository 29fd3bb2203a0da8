import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostPoints, planRange, pointsIn } from './metric-range.ts';

const now = Date.parse('2026-06-30T12:00:00Z');
const none = { retentionDays: null, spanDays: null };
const esk = { retentionDays: 90, spanDays: 31 };
const ago = (days: number) => new Date(now - days * 86_400_000);

describe('the range of a query of metrics (CMP-110)', () => {
  it.each([
    ['an hour, of which at most 240 points are told', { since: ago(1 / 24) }, none, 15, 241],
    ['31 days, where the profile allows no more', { since: ago(31) }, esk, 21_600, 125],
    ['what ends 59 days ago', { since: ago(90), until: ago(59) }, esk, 21_600, 125],
    ['a step of one’s own', { since: ago(1), stepSeconds: 3_600 }, none, 3_600, 25],
    ['less than a step', { since: new Date(now - 5_000), stepSeconds: 60 }, none, 60, 1],
  ])('may be %s', (_what, asked, limits, step, points) => {
    const range = planRange(asked, limits, now);
    expect([range.stepSeconds, pointsIn(range)]).toEqual([step, points]);
  });

  it.each([
    ['a span of more than 31 days', { since: ago(31.1) }, esk, 'since must be at most 31 days before until'],
    ['what is older than 90 days', { since: ago(91), until: ago(80) }, esk, 'since must be at most 90 days ago'],
    ['an end before its begin', { since: ago(1), until: ago(2) }, none, 'since must be before until'],
    ['a begin that is yet to come', { since: ago(-1) }, none, 'since must be before until'],
    ['more than a year', { since: ago(400) }, none, 'since must be at most 366 days before until'],
    ['more than 1,000 points', { since: ago(1), stepSeconds: 60 }, none, 'stepSeconds must be at least 87'],
    ['a step that is too short', { since: ago(1), stepSeconds: 1 }, none, 'stepSeconds must be 15 to 604800'],
    ['a step that is none', { since: ago(1), stepSeconds: -60 }, none, 'stepSeconds must be 15 to 604800'],
  ])('is refused for %s (refused, bad input)', (_what, asked, limits, says) => {
    expect(() => planRange(asked, limits, now)).toThrow(says);
  });

  it('has no more points than are told at once, all of them on multiples of its step, none before its begin', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 366 * 86_400 }),
        fc.option(fc.integer({ min: 15, max: 604_800 })),
        (span, step) => {
          const since = new Date(now - span * 1_000);
          fc.pre(step === null || span / step <= mostPoints);
          const range = planRange({ since, stepSeconds: step }, none, now);
          expect(pointsIn(range)).toBeLessThanOrEqual(mostPoints + 1);
          expect(range.startSeconds % range.stepSeconds).toBe(0);
          expect(range.startSeconds * 1_000).toBeGreaterThanOrEqual(since.getTime());
        },
      ),
    );
  });
});
