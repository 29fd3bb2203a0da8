import { describe, expect, it } from 'vitest';
import { itemsPerSlice, slicedFromCharacters, slicesOfList } from './list-text.ts';

describe('slicesOfList', () => {
  it.each([
    0,
    1,
    itemsPerSlice,
    itemsPerSlice + 1,
    1_000,
  ])('prints all of %i items, a bounded number a slice', (count) => {
    let made = 0;
    function* items(): Generator<string> {
      for (let at = 0; at < count; at += 1) {
        made += 1;
        yield `{"at":${at}}`;
      }
    }
    let text = '';
    let before = 0;
    for (const slice of slicesOfList({ open: '{"items":[', items: items() })) {
      expect(made - before).toBeLessThanOrEqual(itemsPerSlice + 1);
      before = made;
      text += slice;
    }
    expect(JSON.parse(text).items.map(({ at }: { at: number }) => at)).toEqual([...Array(count).keys()]);
  });

  it('ends a slice early when its items are large', () => {
    const large = JSON.stringify('x'.repeat(slicedFromCharacters));
    const slices = [...slicesOfList({ open: '{"items":[', items: [large, large, large] })];
    expect(slices).toHaveLength(3);
    expect(JSON.parse(slices.join('')).items).toHaveLength(3);
  });
});
