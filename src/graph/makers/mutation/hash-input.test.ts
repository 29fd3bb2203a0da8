import { describe, expect, it } from 'vitest';
import { hashInput as hashUnder } from './hash-input.ts';

const hashInput = (input: object) => hashUnder(input, Buffer.from('a key'));

describe('hashInput', () => {
  it('is the same for the same fields in any order, and does not count the key itself', () => {
    expect(hashInput({ a: 1, b: { c: [1, 2], d: null }, idempotencyKey: 'x' })).toBe(
      hashInput({ b: { d: null, c: [1, 2] }, a: 1, idempotencyKey: 'y' }),
    );
  });

  it('cannot be guessed without the key', () => {
    expect(hashUnder({ a: 1 }, Buffer.from('another key'))).not.toBe(hashInput({ a: 1 }));
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
