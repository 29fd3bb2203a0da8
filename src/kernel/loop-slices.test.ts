import { describe, expect, it } from 'vitest';
import { createLoopSlices } from './loop-slices.ts';

/** Works until its slice is over, so many times. */
async function work(slices: ReturnType<typeof createLoopSlices>, onSlice: () => void, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    onSlice();
    while (!slices.isSpent());
    await slices.next();
  }
}

describe('createLoopSlices', () => {
  it('lets others have the loop between slices, and each work its turn', async () => {
    const slices = createLoopSlices(1);
    const order: string[] = [];
    const works = ['a', 'b', 'c'].map((name) => work(slices, () => order.push(name), 4));
    let isOver = false;
    let turns = 0;
    const look = () => {
      turns += 1;
      if (!isOver) setImmediate(look);
    };
    look();
    await Promise.all(works);
    isOver = true;
    expect(order.slice(3)).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']);
    // The first slices of the three fall into one turn, every other one has its own.
    expect(turns).toBeGreaterThanOrEqual(9);
  });

  it('is not spent before its time', async () => {
    const slices = createLoopSlices(60_000);
    expect(slices.isSpent()).toBe(false);
    await slices.next();
    expect(slices.isSpent()).toBe(false);
  });

  it('is spent at once where there is no time at all', () => {
    expect(createLoopSlices(0).isSpent()).toBe(true);
  });
});
