import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { serializeSafeInt } from './safe-int.ts';

describe('serializeSafeInt', () => {
  it('shows whole numbers to 2^53-1', () => {
    expect(serializeSafeInt(Number.MAX_SAFE_INTEGER)).toBe(9_007_199_254_740_991);
  });

  it.each([
    1.5,
    2 ** 53,
    Number.NaN,
    '7',
    null,
  ])('takes %s for a fault of ours and does not quote it (refused)', (value) => {
    let failure: unknown;
    try {
      serializeSafeInt(value);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(GraphQLError);
    expect(String(failure)).toBe('Error: SafeInt cannot show what is no whole number');
  });
});
