import { describe, expect, it } from 'vitest';
import { assertSmallVariables } from './assert-small-variables.ts';

const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const withKeys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));

describe('assertSmallVariables', () => {
  it.each([
    { name: 'none', variables: undefined },
    { name: 'null', variables: null },
    { name: 'fifty levels', variables: { a: deep(50) } },
    { name: 'two hundred keys', variables: { a: withKeys(200) } },
    { name: 'a list of nine thousand', variables: { ids: Array.from({ length: 9_000 }, String) } },
    { name: 'a text of a megabyte', variables: { manifest: 'x'.repeat(1_048_576) } },
  ])('lets $name pass', ({ variables }) => {
    expect(() => assertSmallVariables(variables)).not.toThrow();
  });

  it.each([
    { name: 'fifty-one levels', variables: { a: deep(51) }, says: 'nest at most 50 levels' },
    { name: 'a hundred thousand levels', variables: { a: deep(100_000) }, says: 'nest at most 50 levels' },
    { name: 'more keys in one object', variables: { a: withKeys(201) }, says: 'at most 200 keys in one object' },
    { name: 'more variables', variables: withKeys(201), says: 'at most 200 keys in one object' },
    { name: 'more values', variables: { ids: Array.from({ length: 10_000 }, String) }, says: 'at most 10000 values' },
  ])('refuses $name (refused)', ({ variables, says }) => {
    expect(() => assertSmallVariables(variables)).toThrow(
      expect.objectContaining({ code: 'TOO_COMPLEX', message: expect.stringContaining(says) }),
    );
  });
});
