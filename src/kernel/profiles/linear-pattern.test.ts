import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from './linear-pattern.ts';

/** Patterns of all that is known, small enough to be matched by chance. */
const patterns = fc
  .letrec<{ part: string; atom: string; piece: string }>((tie) => ({
    atom: fc.oneof(
      fc.constantFrom('a', 'b', '-', '.', '[ab]', '[^a]', '\\d', '\\.', '[-.a]', '\\w', '\\u{61}', '\\p{Ll}'),
      { weight: 1, arbitrary: tie('part').map((part) => `(${part})`) },
      { weight: 1, arbitrary: tie('part').map((part) => `(?:${part})`) },
    ),
    piece: fc
      .tuple(tie('atom'), fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{1,2}', '{0,3}', '{1,}'))
      .map(([atom, times]) => atom + times),
    part: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constant('a'),
      fc.array(tie('piece'), { maxLength: 3 }).map((pieces) => pieces.join('')),
      fc.tuple(tie('piece'), tie('piece')).map(([one, other]) => `${one}|${other}`),
    ),
  }))
  .part.map((part) => `^(?:${part})$`);

describe('compilePattern', () => {
  it('matches exactly what a regular expression matches', () => {
    const texts = fc.array(fc.constantFrom('a', 'b', '-', '.', '1', 'é', '𝒳'), { maxLength: 6 });
    fc.assert(
      fc.property(patterns, fc.array(texts, { minLength: 1, maxLength: 8 }), (source, tried) => {
        const pattern = compilePattern(source);
        const native = new RegExp(source, 'u');
        for (const text of ['', ...tried.map((characters) => characters.join(''))])
          expect([source, text, pattern.test(text)]).toEqual([source, text, native.test(text)]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '^(a+)+$',
    '^(a|a)*$',
    '^(a*)*b$',
    '^(a|aa)+$',
    '^a*a*a*a*a*a*b$',
    '^([a-z]+)*[0-9]$',
  ])('takes %s, with which others would never end, in time proportional to the text', (source) => {
    const { test } = compilePattern(source);
    expect(test(`${'a'.repeat(2_000)}!`)).toBe(false);
  });

  it('compiles what matches nothing, however often, at once', () => {
    const { test } = compilePattern('^((){900000000}){900000000}a$');
    expect([test('a'), test('')]).toEqual([true, false]);
  });

  it.each([
    ['a', 'must begin with ^ and end with $'],
    ['^a\\$', 'must begin with ^ and end with $'],
    ['^(a$', 'is no regular expression'],
    ['^a)$', 'is no regular expression'],
    ['^[b-a]$', 'is no regular expression'],
    ['^(?=a)a$', 'has a group with ?, of which only (?: is known'],
    ['^(?<!a)b$', 'has a group with ?, of which only (?: is known'],
    ['^(?<name>a)$', 'has a group with ?, of which only (?: is known'],
    ['^(a)\\1$', 'has the escape \\1, which is not known'],
    ['^a\\b$', 'has the escape \\b, which is not known'],
    ['^a+?$', 'has two quantifiers in a row'],
    ['^a$|^b$', "has '$' where nothing of that kind may stand"],
    ['^((a{1,90}){1,90}){1,90}$', 'repeats too much'],
    [`^${'('.repeat(30)}a${')'.repeat(30)}$`, 'nests too deep'],
  ])('does not know %s (refused)', (source, says) => {
    expect(() => compilePattern(source)).toThrow(says);
  });
});
