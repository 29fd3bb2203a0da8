import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanosOf } from './quantity.ts';
import { sumQuantities } from './sum-quantities.ts';

describe('sumQuantities', () => {
  it.each([
    { quantities: [], sum: '0' },
    { quantities: ['0', '0'], sum: '0' },
    { quantities: ['250m', '0.25'], sum: '500m' },
    { quantities: ['500m', '500m'], sum: '1' },
    { quantities: ['512Mi', '512Mi'], sum: '1Gi' },
    { quantities: ['0', '100Mi', '20Mi'], sum: '120Mi' },
    { quantities: ['1G', '500M'], sum: '1500M' },
    { quantities: [1, '2'], sum: '3' },
    { quantities: ['1Gi', '1'], sum: '1073741825' },
  ])('$quantities make $sum', ({ quantities, sum }) => {
    expect(sumQuantities(quantities)).toBe(sum);
  });

  it('loses nothing', () => {
    const quantity = fc
      .tuple(fc.integer({ min: 0, max: 5000 }), fc.constantFrom('', 'm', 'k', 'M', 'Ki', 'Mi', 'Gi'))
      .map(([number, suffix]) => `${number}${suffix}`);
    fc.assert(
      fc.property(fc.array(quantity, { maxLength: 6 }), (quantities) => {
        const exact = quantities.reduce((sum, each) => sum + nanosOf(each), 0n);
        expect(nanosOf(sumQuantities(quantities))).toBe(exact);
      }),
    );
  });
});
