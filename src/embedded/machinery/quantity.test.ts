import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareQuantities, isQuantity, nanosOf, stepsOf, unitsOf } from './quantity.ts';

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

describe('unitsOf', () => {
  it.each([
    ['250m', 0.25],
    ['100m', 0.1],
    ['2', 2],
    ['64Mi', 67_108_864],
    ['1.5Gi', 1_610_612_736],
    ['1e3', 1000],
    ['5k', 5000],
    ['-3', -3],
    [3, 3],
    [undefined, 0],
    ['12 apples', 0],
  ])('reads %s', (quantity, value) => {
    expect(unitsOf(quantity)).toBe(value);
  });

  it('is exact for what a number can hold', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (whole) => {
        expect(unitsOf(String(whole))).toBe(whole);
      }),
    );
    fc.assert(
      fc.property(fc.nat(), (milli) => {
        expect(unitsOf(`${milli}m`)).toBeCloseTo(milli / 1000, 9);
      }),
    );
  });
});

describe('stepsOf', () => {
  it.each([
    ['1', 1000n],
    ['1.1', 1100n],
    ['100n', 1n],
    ['0', 0n],
    ['-1500u', -1n],
    [undefined, 0n],
  ])('counts the begun thousandths of %s', (quantity, steps) => {
    expect(stepsOf(quantity, 1_000_000n)).toBe(steps);
  });
});

describe('nanosOf', () => {
  it('reads digits as they stand, however many there are', () => {
    expect(nanosOf(`0.${'3'.repeat(80)}`)).toBe(333_333_334n);
    expect(nanosOf(`1.${'0'.repeat(80)}`)).toBe(1_000_000_000n);
  });
});
