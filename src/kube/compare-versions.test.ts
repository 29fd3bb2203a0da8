import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, laterVersion } from './compare-versions.ts';

describe('compareVersions', () => {
  it('orders versions of digits as numbers of any length', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.bigInt({ min: 0n, max: 10n ** 40n }), (a, b) => {
        expect(Math.sign(compareVersions(String(a), String(b)) ?? Number.NaN)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it('knows only equality of anything else', () => {
    expect(compareVersions('a1', 'a1')).toBe(0);
    expect(compareVersions('a1', 'a2')).toBeUndefined();
    expect(compareVersions('1', '-2')).toBeUndefined();
    expect(compareVersions('', '2')).toBeUndefined();
  });

  it('takes what came later where it cannot tell', () => {
    expect(laterVersion('10', '9')).toBe('10');
    expect(laterVersion('b', 'a')).toBe('a');
  });
});
