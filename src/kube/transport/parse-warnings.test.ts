import { describe, expect, it } from 'vitest';
import { parseWarnings } from './parse-warnings.ts';

describe('parseWarnings', () => {
  it.each([
    [undefined, []],
    ['299 - "one"', ['one']],
    ['299 - "say \\"two\\", please"', ['say "two", please']],
    ['299 - "one", 299 - "two"', ['one', 'two']],
    [
      ['299 - "one"', '299 k8s "two"'],
      ['one', 'two'],
    ],
    ['199 - "not ours"', []],
    ['nonsense', []],
  ])('%j', (header, texts) => {
    expect(parseWarnings(header)).toEqual(texts);
  });
});
