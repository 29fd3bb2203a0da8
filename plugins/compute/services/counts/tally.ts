import { type KubeObject, origin } from 'longshore/sdk';

/** How many objects have the same words, e.g. a cluster, a kind and a state. */
export interface CountRow {
  readonly words: readonly string[];
  readonly count: number;
}

/** Numbers of objects that follow their changes: a change costs the same however many there are. */
export interface Tally<T> {
  /** Counts an object as it is now, and no longer as it was. */
  set(object: KubeObject<T>): void;
  drop(object: KubeObject<T>): void;
  clear(): void;
  rows(): readonly CountRow[];
}

type WordsOf<T> = (object: KubeObject<T>) => readonly string[];

export function createTally<T>(wordsOf: WordsOf<T>): Tally<T> {
  const counts = new Map<string, { readonly words: readonly string[]; count: number }>();
  /** Under which words each object stands. A restored cluster may repeat the uids of another. */
  const places = new Map<string, Map<string, string>>();

  function placesOf(object: KubeObject<T>): Map<string, string> {
    const { cluster } = object[origin];
    let known = places.get(cluster);
    if (!known) {
      known = new Map();
      places.set(cluster, known);
    }
    return known;
  }

  function add(words: readonly string[]): string {
    const key = words.join('\n');
    const row = counts.get(key) ?? { words, count: 0 };
    row.count += 1;
    counts.set(key, row);
    return key;
  }

  function remove(key: string | undefined): void {
    const row = key === undefined ? undefined : counts.get(key);
    if (!row || key === undefined) return;
    row.count -= 1;
    if (row.count === 0) counts.delete(key);
  }

  return {
    set(object) {
      const known = placesOf(object);
      remove(known.get(object.metadata.uid));
      known.set(object.metadata.uid, add(wordsOf(object)));
    },
    drop(object) {
      const known = placesOf(object);
      remove(known.get(object.metadata.uid));
      known.delete(object.metadata.uid);
    },
    clear() {
      counts.clear();
      places.clear();
    },
    rows: () => [...counts.values()].map(({ words, count }) => ({ words, count })),
  };
}

/** The same of objects that stand still. */
export function countRows<T>(objects: Iterable<KubeObject<T>>, wordsOf: WordsOf<T>): readonly CountRow[] {
  const counts = new Map<string, { readonly words: readonly string[]; count: number }>();
  for (const object of objects) {
    const words = wordsOf(object);
    const key = words.join('\n');
    const row = counts.get(key);
    if (row) row.count += 1;
    else counts.set(key, { words, count: 1 });
  }
  return [...counts.values()];
}

/** Rows by one of their words. */
export function rowsBy(rows: readonly CountRow[], index: number): ReadonlyMap<string, readonly CountRow[]> {
  const groups = new Map<string, CountRow[]>();
  for (const row of rows) {
    const word = row.words[index] ?? '';
    const group = groups.get(word);
    if (group) group.push(row);
    else groups.set(word, [row]);
  }
  return groups;
}

export function sumOf(rows: readonly CountRow[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** How many there are of each word, in the order of `words`, of those that have any. */
export function countsInOrder<Word extends string>(
  rows: readonly CountRow[],
  index: number,
  words: readonly Word[],
): readonly { readonly word: Word; readonly count: number }[] {
  const groups = rowsBy(rows, index);
  return words.flatMap((word) => {
    const group = groups.get(word);
    return group ? [{ word, count: sumOf(group) }] : [];
  });
}
