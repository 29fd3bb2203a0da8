import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serializeDateTime } from './date-time.ts';

const byDate = (text: string) => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? 'refused' : date.toISOString();
};
const serialized = (text: string) => {
  try {
    return serializeDateTime(text);
  } catch {
    return 'refused';
  }
};
const two = fc.integer({ min: 0, max: 69 }).map((number) => String(number).padStart(2, '0'));

describe('serializeDateTime', () => {
  it('writes what a Date would write, of times as Kubernetes writes them', () => {
    const range = { min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), (date) => {
        const text = `${date.toISOString().slice(0, 19)}Z`;
        expect(serialized(text)).toBe(byDate(text));
      }),
    );
  });

  it('refuses what a Date refuses', () => {
    fc.assert(
      fc.property(two, two, two, two, two, (month, day, hour, minute, second) => {
        const text = `2024-${month}-${day}T${hour}:${minute}:${second}Z`;
        expect(serialized(text)).toBe(byDate(text));
      }),
      { numRuns: 500 },
    );
    expect(() => serializeDateTime('2024-13-01T00:00:00Z')).toThrow('DateTime cannot show');
  });
});
