import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareLogTimes } from './log-time.ts';

describe('compareLogTimes', () => {
  it.each([
    ['a nanosecond', '2026-01-01T00:00:00.000000001Z', '2026-01-01T00:00:00.000000002Z', -1],
    ['a second', '2026-01-01T00:00:01Z', '2026-01-01T00:00:00.999999999Z', 1],
    ['nothing, where zeros were trimmed', '2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00.500000000Z', 0],
    ['nothing, where the zones differ', '2026-01-01T02:00:00+02:00', '2026-01-01T00:00:00Z', 0],
    ['everything, where one is no time', 'now', '2026-01-01T00:00:00Z', -1],
  ])('tells %s apart', (_name, a, b, sign) => {
    expect(Math.sign(compareLogTimes(a, b))).toBe(sign);
    expect(Math.sign(compareLogTimes(b, a))).toBe(sign === 0 ? 0 : -sign);
  });

  it('orders as the numbers do', () => {
    const nanos = fc.integer({ min: 0, max: 999_999_999 });
    fc.assert(
      fc.property(nanos, nanos, (a, b) => {
        const time = (value: number) => `2026-01-01T00:00:00.${String(value).padStart(9, '0')}Z`;
        expect(Math.sign(compareLogTimes(time(a), time(b)))).toBe(Math.sign(a - b));
      }),
    );
  });
});
