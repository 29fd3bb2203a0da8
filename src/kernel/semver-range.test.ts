import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRange, parseVersion, satisfiesRange } from './semver-range.ts';

describe('satisfiesRange', () => {
  it.each([
    { range: '1.2.3', inside: ['1.2.3', '1.2.3+build'], outside: ['1.2.4', '1.2.3-rc.1'] },
    { range: '=1.2.3', inside: ['1.2.3'], outside: ['1.2.2'] },
    { range: '^1.2.3', inside: ['1.2.3', '1.99.0'], outside: ['1.2.2', '2.0.0', '2.0.0-alpha', '1.3.0-rc.1'] },
    { range: '^0.2.3', inside: ['0.2.3', '0.2.9'], outside: ['0.3.0', '0.2.2'] },
    { range: '^0.0.3', inside: ['0.0.3'], outside: ['0.0.4', '0.1.0'] },
    { range: '^0.0', inside: ['0.0.0', '0.0.9'], outside: ['0.1.0'] },
    { range: '^0', inside: ['0.0.0', '0.99.0'], outside: ['1.0.0'] },
    { range: '^1', inside: ['1.0.0', '1.9.9'], outside: ['0.9.9', '2.0.0'] },
    { range: '~1.2.3', inside: ['1.2.3', '1.2.9'], outside: ['1.3.0', '1.2.2'] },
    { range: '~1', inside: ['1.0.0', '1.9.0'], outside: ['2.0.0'] },
    { range: '1.x', inside: ['1.0.0', '1.9.0'], outside: ['2.0.0'] },
    { range: '1.2.*', inside: ['1.2.0'], outside: ['1.3.0'] },
    { range: '*', inside: ['0.0.0', '99.0.0'], outside: ['1.0.0-rc.1'] },
    { range: '', inside: ['1.0.0'], outside: [] },
    { range: '>=1.2', inside: ['1.2.0', '9.0.0'], outside: ['1.1.9'] },
    { range: '>1.2', inside: ['1.3.0'], outside: ['1.2.9'] },
    { range: '<1.2', inside: ['1.1.9'], outside: ['1.2.0', '1.2.0-rc.1'] },
    { range: '<=1.2', inside: ['1.2.9'], outside: ['1.3.0'] },
    { range: '>=1.2.3 <2.0.0', inside: ['1.5.0'], outside: ['2.0.0', '1.2.2'] },
    { range: '>= 1.2.3 < 2', inside: ['1.2.3'], outside: ['2.0.0'] },
    { range: '1.2 - 2.3', inside: ['1.2.0', '2.3.9'], outside: ['2.4.0'] },
    { range: '1.2.3 - 2.3.4', inside: ['2.3.4'], outside: ['2.3.5'] },
    { range: '^1 || ^3', inside: ['1.5.0', '3.0.0'], outside: ['2.0.0', '4.0.0'] },
    {
      range: '^1.2.3-beta.2',
      inside: ['1.2.3-beta.2', '1.2.3-beta.10', '1.2.3', '1.4.0'],
      outside: ['1.2.3-beta.1', '1.2.3-alpha', '1.3.0-beta.3'],
    },
  ])("'$range' holds $inside and not $outside", ({ range, inside, outside }) => {
    for (const version of inside) expect(satisfiesRange(version, range), version).toBe(true);
    for (const version of outside) expect(satisfiesRange(version, range), version).toBe(false);
  });

  it.each([
    'latest',
    '1.2.3.4',
    '>>1',

    '1 -',
    'a || b',
    '1.2.3-',
    `${'1.0.0 || '.repeat(50)}1`,
    '-1',
    '1.0.0;',
  ])("cannot read '%s'", (range) => {
    expect(satisfiesRange('1.0.0', range)).toBeUndefined();
    expect(isRange(range)).toBe(false);
  });

  it.each(['1', '1.2', 'v1.2.3', '1.2.3-', '', '1.2.x', 'one'])("takes '%s' for no version", (version) => {
    expect(parseVersion(version)).toBeUndefined();
    expect(satisfiesRange(version, '*')).toBeUndefined();
  });

  const version = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)).map((parts) => parts.join('.'));

  it('agrees with itself on any version', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(satisfiesRange(a, a)).toBe(true);
        expect(satisfiesRange(a, `>=${b}`)).toBe(!satisfiesRange(a, `<${b}`));
        expect(satisfiesRange(a, `<=${b} || >${b}`)).toBe(true);
        expect(satisfiesRange(a, `<${b} >${b}`)).toBe(false);
        expect(satisfiesRange(a, `${b} - ${b}`)).toBe(a === b);
        // What a tilde allows, a caret allows too, unless the caret already holds the minor part.
        if (satisfiesRange(a, `~${b}`) && !b.startsWith('0.')) expect(satisfiesRange(a, `^${b}`)).toBe(true);
      }),
    );
  });
});
