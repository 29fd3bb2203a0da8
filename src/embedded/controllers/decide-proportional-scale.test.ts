import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideProportionalScale } from './decide-proportional-scale.ts';

describe('decideProportionalScale', () => {
  it('gives every set its share and the rest to the largest', () => {
    const sets = [
      { name: 'new', replicas: 3, existing: 3, available: 0 },
      { name: 'old', replicas: 8, existing: 8, available: 8 },
    ];
    expect(decideProportionalScale(sets, 22, 11)).toEqual([
      { name: 'old', from: 8, to: 16 },
      { name: 'new', from: 3, to: 6 },
    ]);
  });

  it('always arrives at the allowed sum, with no set below zero', () => {
    const anySets = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(anySets, fc.nat(60), (sizes, allowed) => {
        const sets = sizes.map((replicas, index) => ({
          name: `set-${index}`,
          replicas,
          existing: replicas,
          available: 0,
        }));
        const before = sizes.reduce((sum, size) => sum + size, 0);
        const resizes = decideProportionalScale(sets, allowed, before);
        const after = sets.map((set) => resizes.find(({ name }) => name === set.name)?.to ?? set.replicas);
        expect(Math.min(...after)).toBeGreaterThanOrEqual(0);
        expect(after.reduce((sum, size) => sum + size, 0)).toBe(allowed);
      }),
      // Each is rounded up to one: the largest alone cannot give the two that are too many.
      { examples: [[[4, 4, 4, 4, 4], 3]] },
    );
  });
});
