import { describe, expect, it } from 'vitest';
import { compareQuantities, isQuantity } from './quantity.ts';

describe('compareQuantities', () => {
  it.each([
    ['1', '1000m', 0],
    ['0.5', '500m', 0],
    ['1Ki', '1024', 0],
    ['1k', '1000', 0],
    ['1Mi', '1M', 1],
    ['100n', '1u', -1],
    ['1e3', '1k', 0],
    ['2E', '1Ei', 1],
    ['-1', '0', -1],
    [2, '2', 0],
    ['.5', '0.5', 0],
  ])('orders %s and %s: %i', (left, right, order) => {
    expect(compareQuantities(left, right)).toBe(order);
  });
});

describe('isQuantity', () => {
  it.each(['1', '1.5Gi', '-2', '+3m', '2e3', '1E', 0])('accepts %s', (value) => {
    expect(isQuantity(value)).toBe(true);
  });

  it.each(['', 'abc', '1 Gi', '1GiB', '1.2.3', null, {}, Number.NaN])('does not accept %s (refused)', (value) => {
    expect(isQuantity(value)).toBe(false);
  });
});
