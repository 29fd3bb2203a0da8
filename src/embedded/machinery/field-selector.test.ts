import { describe, expect, it } from 'vitest';
import { matchesFieldSelector, parseFieldSelector } from './field-selector.ts';
import { SelectorSyntaxError } from './label-selector.ts';

describe('parseFieldSelector', () => {
  it.each([
    ['', []],
    ['metadata.name=a', [{ field: 'metadata.name', isEqual: true, value: 'a' }]],
    ['metadata.name==a', [{ field: 'metadata.name', isEqual: true, value: 'a' }]],
    ['status.phase!=Running', [{ field: 'status.phase', isEqual: false, value: 'Running' }]],
    ['spec.nodeName=', [{ field: 'spec.nodeName', isEqual: true, value: '' }]],
    [
      'a=1,b!=2',
      [
        { field: 'a', isEqual: true, value: '1' },
        { field: 'b', isEqual: false, value: '2' },
      ],
    ],
    ['a=x\\,y\\=z\\\\', [{ field: 'a', isEqual: true, value: 'x,y=z\\' }]],
  ])('reads %j', (text, terms) => {
    expect(parseFieldSelector(text)).toEqual(terms);
  });

  it.each(['metadata.name', 'a=b=c', '=b', 'a in (b)'])('refuses %j', (text) => {
    expect(() => parseFieldSelector(text)).toThrow(SelectorSyntaxError);
  });

  it('wants all terms to hold', () => {
    const read = (field: string): string => (field === 'a' ? '1' : '');
    expect(matchesFieldSelector(parseFieldSelector('a=1,b='), read)).toBe(true);
    expect(matchesFieldSelector(parseFieldSelector('a=1,b=2'), read)).toBe(false);
  });
});
