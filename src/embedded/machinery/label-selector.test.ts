import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LabelRequirement,
  matchesLabelSelector,
  parseLabelSelector,
  parseSelectorObject,
  printLabelSelector,
  SelectorSyntaxError,
} from './label-selector.ts';

const labels = { app: 'web', tier: 'front', version: '12', empty: '' };

describe('parseLabelSelector', () => {
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app=db', false],
    ['app!=db', true],
    ['app!=web', false],
    ['missing!=x', true],
    ['app in (web, db)', true],
    ['app in (db)', false],
    ['app notin (db)', true],
    ['app notin (web)', false],
    ['missing notin (x)', true],
    ['app', true],
    ['missing', false],
    ['!missing', true],
    ['!app', false],
    ['empty=', true],
    ['app=', false],
    ['empty in (,x)', true],
    ['version>11', true],
    ['version>12', false],
    ['version<13', true],
    ['app>1', false],
    ['app=web,tier=front', true],
    ['app=web,tier=back', false],
    [' app = web , !missing , tier in ( front , back ) ', true],
    ['app.kubernetes.io/name', false],
    ['in', false],
  ])('reads %j, which selects the example: %s', (text, isSelected) => {
    expect(matchesLabelSelector(parseLabelSelector(text), labels)).toBe(isSelected);
  });

  it.each([
    'app=web=db',
    'app in web',
    'app in (web',
    'app in (web))',
    '=web',
    'app,,tier',
    'app,',
    'app in',
    '-app=web',
    'app=we_b-',
    'version>abc',
    'app web',
    '(app)',
  ])('refuses %j', (text) => {
    expect(() => parseLabelSelector(text)).toThrow(SelectorSyntaxError);
  });

  it('reads back what it prints', () => {
    const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
    const requirement: fc.Arbitrary<LabelRequirement> = fc.oneof(
      fc.record({
        key: name,
        operator: fc.constantFrom('in' as const, 'notin' as const),
        values: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }).map((values) => [...values].sort()),
      }),
      fc.record({ key: name, operator: fc.constantFrom('exists' as const, '!' as const), values: fc.constant([]) }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(requirement, { selector: ({ key }) => key, maxLength: 5 }), (requirements) => {
        const sorted = [...requirements].sort((a, b) => (a.key < b.key ? -1 : 1));
        expect(parseLabelSelector(printLabelSelector(requirements))).toEqual(sorted);
      }),
    );
  });
});

describe('parseSelectorObject', () => {
  it.each([
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'db' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'Like', values: ['w'] }] }, false],
    [{}, true],
  ])('matches %j: %s', (selector, isSelected) => {
    expect(matchesLabelSelector(parseSelectorObject(selector), labels)).toBe(isSelected);
  });

  it('takes a label named like a member of every object for absent', () => {
    expect(matchesLabelSelector(parseLabelSelector('constructor'), labels)).toBe(false);
  });
});
