import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesLabelSelector, printLabelSelector } from './label-selector-object.ts';
import { parseLabelSelector } from './parse-label-selector.ts';

const word = fc.constantFrom('a', 'b', 'c', 'd');
const labels = fc.dictionary(word, word, { maxKeys: 4 });
const expression = fc.oneof(
  fc.record({
    key: word,
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ key: word, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);

describe('a label selector of an object', () => {
  it('selects what its text selects', () => {
    fc.assert(
      fc.property(labels, fc.array(expression, { maxLength: 3 }), labels, (matchLabels, matchExpressions, given) => {
        const selector = { matchLabels, matchExpressions };
        expect(matchesLabelSelector(selector, given)).toBe(
          parseLabelSelector(printLabelSelector(selector)).matches(given),
        );
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['nothing', {}, undefined, true],
    ['a label that is not there', { matchLabels: { a: 'b' } }, undefined, false],
    ['an operator that nobody knows', { matchExpressions: [{ key: 'a', operator: 'Near' }] }, { a: 'b' }, false],
    ['what all objects inherit', { matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, { a: 'b' }, false],
  ])('that asks for %s', (_what, selector, given, isMatch) => {
    expect(matchesLabelSelector(selector, given as never)).toBe(isMatch);
  });
});
