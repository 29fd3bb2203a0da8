/** How many items of one group are under way at a time. */
const perGroup = 4;

/**
 * Works on all items, groups beside each other and each group a few at a time, and answers in the order of the items: a group
 * that hangs holds up nobody else.
 */
export async function forEachBounded<T, R>(
  items: readonly T[],
  groupOf: (item: T) => string,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const groups = Map.groupBy(items.keys(), (index) => groupOf(items[index] as T));
  const results: R[] = [];
  const workThrough = async (indexes: number[]) => {
    for (let index = indexes.shift(); index !== undefined; index = indexes.shift()) {
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(
    [...groups.values()].flatMap((indexes) => Array.from({ length: perGroup }, () => workThrough(indexes))),
  );
  return results;
}
