import { describe, expect, it } from 'vitest';
import { hashInput } from './hash-input.ts';

describe('hashInput', () => {
  it('is the same for the same fields in any order, and does not count the key itself', () => {
    expect(hashInput({ a: 1, b: { c: [1, 2], d: null }, idempotencyKey: 'x' })).toBe(
      hashInput({ b: { d: null, c: [1, 2] }, a: 1, idempotencyKey: 'y' }),
    );
  });

  it.each([
    { name: 'another value', other: { a: 2 } },
    { name: 'another type', other: { a: '1' } },
    { name: 'another field', other: { b: 1 } },
    { name: 'a bigint', other: { a: 1n } },
  ])('differs for $name', ({ other }) => {
    expect(hashInput(other)).not.toBe(hashInput({ a: 1 }));
  });
});
