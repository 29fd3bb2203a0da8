import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNow } from '../../testing/read-now.ts';
import { printYaml } from './print-yaml.ts';

describe('printYaml', () => {
  it('quotes what kubectl would read as something else, and nothing more', () => {
    expect(printYaml({ a: 'no', b: '0755', c: '.5e3', d: '22:22', e: '1.2.3', f: '100m', g: 'x', h: true, i: 5 })).toBe(
      'a: "no"\nb: "0755"\nc: ".5e3"\nd: "22:22"\ne: 1.2.3\nf: 100m\ng: x\nh: true\ni: 5\n',
    );
  });

  it('leaves out what is undefined', () => {
    expect(printYaml({ a: undefined, b: null })).toBe('b: null\n');
  });

  it('prints what reads back as the same', () => {
    const tricky = fc.constantFrom(
      'y',
      'No',
      '~',
      '',
      '0o17',
      '0b1',
      '1e3',
      '+.5',
      '.5',
      '1_0',
      '<<',
      '=',
      '- a',
      '# b',
      'a: b',
      '2026-01-31',
      '12:30',
      'a\nb\n',
      '\t',
      ' x',
      '*a',
      '&a',
      '!t',
      '%',
      '@',
      '08',
      '-',
      '.inf',
    );
    const text = fc.oneof(tricky, fc.string({ maxLength: 12 }));
    const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 3 }));
    fc.assert(
      fc.property(fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true }), (data) => {
        const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data };
        const { documents, issues } = readNow(printYaml(object));
        expect(issues).toEqual([]);
        expect(documents[0]?.object).toEqual(object);
      }),
      { numRuns: 500 },
    );
  });
});
