import { describe, expect, it } from 'vitest';
import { millicoresOf, unitsOf } from './amounts.ts';

describe('millicoresOf', () => {
  it.each([
    ['500m', 500],
    ['2', 2_000],
    ['0.1', 100],
    ['100u', 1],
    ['many', undefined],
    [undefined, undefined],
  ])('reads %s as %s', (quantity, expected) => {
    expect(millicoresOf(quantity)).toBe(expected);
  });
});

describe('unitsOf', () => {
  it.each([
    ['2Gi', 2_147_483_648],
    ['1500m', 2],
    ['110', 110],
    ['8Ei', Number.MAX_SAFE_INTEGER],
    ['', undefined],
  ])('reads %s as %s', (quantity, expected) => {
    expect(unitsOf(quantity)).toBe(expected);
  });
});
