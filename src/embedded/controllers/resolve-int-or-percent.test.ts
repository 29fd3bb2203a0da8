import { describe, expect, it } from 'vitest';
import { resolveIntOrPercent } from './resolve-int-or-percent.ts';

describe('resolveIntOrPercent', () => {
  it.each([
    [2, 'up', 2],
    ['25%', 'up', 2],
    ['25%', 'down', 1],
    ['7', 'up', 7],
    ['many', 'up', 0],
  ] as const)('resolves %s of 5 rounding %s', (value, rounding, expected) => {
    expect(resolveIntOrPercent(value, 5, rounding)).toBe(expected);
  });
});
