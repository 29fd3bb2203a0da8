import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadAt, parseLoad } from './load-curve.ts';

const minute = 60_000;

describe('parseLoad', () => {
  it.each([
    ['steady 60', { curve: { kind: 'steady', percent: 60 }, isShared: false }],
    ['steady 60%', { curve: { kind: 'steady', percent: 60 }, isShared: false }],
    ['sine 20..90 every 10m', { curve: { kind: 'sine', low: 20, high: 90, periodMs: 10 * minute }, isShared: false }],
    [
      'ramp 10..100 over 1h shared',
      { curve: { kind: 'ramp', from: 10, to: 100, overMs: 60 * minute }, isShared: true },
    ],
    [
      'spike 20..95 every 10m for 90s',
      { curve: { kind: 'spike', low: 20, high: 95, periodMs: 10 * minute, lengthMs: 90_000 }, isShared: false },
    ],
  ])('reads %s', (text, load) => {
    expect(parseLoad(text)).toEqual(load);
  });

  it.each([
    '',
    'steady',
    'steady much',
    'sine 20 every 10m',
    'sine 20..90',
    'sine 20..90 every 0m',
    'ramp 1..2 every 1m',
    'spike 1..2 every 1m',
    'wave 1..2 every 1m',
    'steady 60 over 1m',
  ])('does not read %j (refused)', (text) => {
    expect(parseLoad(text)).toBeUndefined();
  });
});

describe('loadAt', () => {
  it.each([
    ['steady 60', 0, 60],
    ['sine 20..90 every 10m', 0, 20],
    ['sine 20..90 every 10m', 5, 90],
    ['sine 20..90 every 10m', 12.5, 55],
    ['ramp 10..100 over 30m', 0, 10],
    ['ramp 10..100 over 30m', 10, 40],
    ['ramp 10..100 over 30m', 90, 100],
    ['spike 20..95 every 10m for 1m', 0.5, 95],
    ['spike 20..95 every 10m for 1m', 1.5, 20],
    ['spike 20..95 every 10m for 1m', 10.5, 95],
  ])('%s is at minute %d at %d percent', (text, minutes, percent) => {
    const load = parseLoad(text);
    expect(load && loadAt(load.curve, minutes * minute, 0)).toBeCloseTo(percent, 6);
  });

  it('stays between its two numbers at any time', () => {
    const kinds = fc.constantFrom('sine %..% every 7m', 'ramp %..% over 7m', 'spike %..% every 7m for 2m');
    fc.assert(
      fc.property(kinds, fc.nat(1000), fc.nat(1000), fc.nat(1e13), (text, low, high, nowMs) => {
        const load = parseLoad(text.replace('%', String(low)).replace('%', String(high)));
        const percent = load === undefined ? Number.NaN : loadAt(load.curve, nowMs, 0);
        expect(percent).toBeGreaterThanOrEqual(Math.min(low, high) - 1e-9);
        expect(percent).toBeLessThanOrEqual(Math.max(low, high) + 1e-9);
      }),
    );
  });
});
