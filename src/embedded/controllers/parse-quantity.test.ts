import { describe, expect, it } from 'vitest';
import { parseQuantity } from './parse-quantity.ts';

describe('parseQuantity', () => {
  it.each([
    ['250m', 0.25],
    ['2', 2],
    ['64Mi', 67_108_864],
    ['1.5Gi', 1_610_612_736],
    ['1e3', 1000],
    ['5k', 5000],
    [3, 3],
    [undefined, 0],
    ['12 apples', Number.NaN],
  ])('reads %s', (quantity, value) => {
    expect(parseQuantity(quantity)).toBe(value);
  });
});
