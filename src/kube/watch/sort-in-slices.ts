import type { LoopSlices } from '../../kernel/loop-slices.ts';

const runLength = 1_024;

/** Sorts as `toSorted` does, stable, but lets others have the event loop on the way: runs first, then merges of two. */
export async function sortInSlices<T extends object>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  slices: LoopSlices,
): Promise<readonly T[]> {
  let runs: T[][] = [];
  for (let from = 0; from < items.length; from += runLength) {
    runs.push(items.slice(from, from + runLength).sort(compare));
    if (slices.isSpent()) await slices.next();
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(await merge(runs[at] ?? [], runs[at + 1] ?? []));
    runs = merged;
  }
  return runs[0] ?? [];

  async function merge(left: readonly T[], right: readonly T[]): Promise<T[]> {
    const merged: T[] = [];
    let taken = 0;
    for (const [at, item] of left.entries()) {
      for (let other = right[taken]; other !== undefined && compare(item, other) > 0; other = right[taken]) {
        merged.push(other);
        taken += 1;
      }
      merged.push(item);
      if (at % 256 === 255 && slices.isSpent()) await slices.next();
    }
    for (const other of right.slice(taken)) merged.push(other);
    return merged;
  }
}
