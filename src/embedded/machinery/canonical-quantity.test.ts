import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalQuantity } from './canonical-quantity.ts';
import { nanosOf } from './quantity.ts';

describe('canonicalQuantity', () => {
  it.each([
    ['100m', '100m'],
    ['0.5', '500m'],
    ['1000m', '1'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Mi', '512Ki'],
    ['0.5Ki', '512'],
    ['1.2Ki', '1228800m'],
    ['1000k', '1M'],
    ['2000000000', '2G'],
    ['1.0', '1'],
    ['.5', '500m'],
    ['-0', '0'],
    ['00', '0'],
    [' 1 ', '1'],
    ['1e3', '1e3'],
    ['1000e3', '1e6'],
    ['1E3', '1E3'],
    ['1e-3', '1e-3'],
    ['+1', '+1'],
    ['5.', '5.'],
    ['0.0001', '1m'],
    ['100n', '1m'],
    ['1.1234567890123', '1124m'],
    ['1500Mi', '1500Mi'],
    ['16Ei', '9223372036854775807'],
    ['123456789012345678901', '123456789012345678901'],
    [`0.${'3'.repeat(80)}`, '334m'],
  ])('keeps %s as %s', (sent, kept) => {
    expect(canonicalQuantity(sent, true)).toBe(kept);
  });

  it('rounds only amounts of resources to thousandths', () => {
    expect(canonicalQuantity('100n', false)).toBe('100n');
  });

  it.each([
    ['abc', /^quantities must match/],
    ['1.2.3', /^quantities must match/],
    ['', /^quantities must match/],
    ['10Q', /^quantities must match/],
    ['10mm', /^unable to parse quantity's suffix$/],
  ])('does not read %s (refused)', (sent, words) => {
    expect(() => canonicalQuantity(sent, true)).toThrow(words);
  });

  it('keeps what a quantity is worth, and leaves alone what it has made', () => {
    const suffix = fc.constantFrom('n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'e3', 'E-2');
    const digits = fc.oneof(
      fc.nat().map(String),
      fc.tuple(fc.nat(9999), fc.nat(999)).map(([whole, rest]) => `${whole}.${rest}`),
    );
    const sign = fc.constantFrom('', '-');
    fc.assert(
      fc.property(sign, digits, suffix, (before, number, behind) => {
        const kept = canonicalQuantity(`${before}${number}${behind}`, false);
        expect(nanosOf(kept)).toBe(nanosOf(`${before}${number}${behind}`));
        expect(canonicalQuantity(kept, false)).toBe(kept);
      }),
    );
  });

  it('takes no longer for a text that is nearly one (refused)', () => {
    const zeros = '0'.repeat(200_000);
    for (const nearly of [`${zeros}x`, `1.${zeros}x`, `1e${zeros}x`, `${zeros}1${zeros}.${zeros}x`]) {
      const begunMs = performance.now();
      expect(() => canonicalQuantity(nearly, true)).toThrow(/^quantities must match/);
      expect(performance.now() - begunMs).toBeLessThan(1_000);
    }
  });
});
