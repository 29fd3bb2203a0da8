import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLoopSlices } from '../../kernel/loop-slices.ts';
import { sortInSlices } from './sort-in-slices.ts';

interface Item {
  readonly rank: number;
  readonly at: number;
}

describe('sortInSlices', () => {
  it('sorts as toSorted does, equal items in their order', async () => {
    const slices = createLoopSlices(1_000);
    const sizes = fc.integer({ min: 0, max: 5_000 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 6_000 }), async (size, ranks) => {
        const items = Array.from({ length: size }, (_, at): Item => ({ rank: (at * 7_919) % ranks, at }));
        const byRank = (a: Item, b: Item) => a.rank - b.rank;
        expect(await sortInSlices(items, byRank, slices)).toEqual(items.toSorted(byRank));
      }),
      { numRuns: 20 },
    );
  });
});
