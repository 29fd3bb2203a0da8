import { comparePositions, type OrderDirection, type PlacedRow, sortRows } from './sort-rows.ts';

/** The rows of a list as their sources hold them: the same array as long as nothing in it has changed. */
export type RowParts<T> = readonly (readonly T[])[];

export interface SortedViews<T> {
  /**
   * All rows in order. `key` names the view, order included; the one of the last time under it is taken over where the
   * parts are the same, and otherwise only what came or went is moved.
   */
  sorted(options: {
    readonly key: string;
    readonly parts: RowParts<T>;
    readonly directions: readonly OrderDirection[];
    readonly place: (row: T) => PlacedRow<T>;
  }): readonly PlacedRow<T>[];
}

interface View<T> {
  readonly parts: RowParts<T>;
  readonly rows: ReadonlyMap<T, PlacedRow<T>>;
  readonly sorted: readonly PlacedRow<T>[];
}

/** Fewer are sorted faster than a view is kept. */
const fewRows = 100;
/** Longer ones, in characters, are not kept: whoever asks decides how long they are. */
const longestKey = 1_000;

/** Sorted lists that are kept, and brought up to date instead of being sorted anew; the one unused for longest goes. */
export function createSortedViews<T>(maxRows = 200_000, maxViews = 16): SortedViews<T> {
  const views = new Map<string, View<T>>();
  let held = 0;

  function keep(key: string, view: View<T>): void {
    held += view.sorted.length - (views.get(key)?.sorted.length ?? 0);
    views.delete(key);
    views.set(key, view);
    for (const [oldest, { sorted }] of views) {
      if (views.size <= maxViews && held <= maxRows) return;
      views.delete(oldest);
      held -= sorted.length;
    }
  }

  return {
    sorted({ key, parts, directions, place }) {
      const size = parts.reduce((sum, part) => sum + part.length, 0);
      if (size <= fewRows || key.length > longestKey) return sortRows(parts.flat().map(place), directions);
      const known = views.get(key);
      const isSame = known?.parts.length === parts.length && known.parts.every((part, index) => part === parts[index]);
      const view = known && isSame ? known : bringUpToDate(known, parts, directions, place);
      keep(key, view);
      return view.sorted;
    },
  };
}

function bringUpToDate<T>(
  known: View<T> | undefined,
  parts: RowParts<T>,
  directions: readonly OrderDirection[],
  place: (row: T) => PlacedRow<T>,
): View<T> {
  const rows = new Map<T, PlacedRow<T>>();
  const added: PlacedRow<T>[] = [];
  for (const part of parts) {
    for (const row of part) {
      if (rows.has(row)) continue;
      let placed = known?.rows.get(row);
      if (!placed) {
        placed = place(row);
        added.push(placed);
      }
      rows.set(row, placed);
    }
  }
  const kept = known?.sorted.filter(({ row }) => rows.has(row)) ?? [];
  return { parts, rows, sorted: merge(kept, sortRows(added, directions), directions) };
}

function merge<T>(
  kept: readonly PlacedRow<T>[],
  added: readonly PlacedRow<T>[],
  directions: readonly OrderDirection[],
): readonly PlacedRow<T>[] {
  const merged: PlacedRow<T>[] = [];
  let next = 0;
  for (const placed of kept) {
    for (let other = added[next]; other !== undefined; other = added[next]) {
      if (comparePositions(other.position, placed.position, directions) > 0) break;
      merged.push(other);
      next += 1;
    }
    merged.push(placed);
  }
  for (; next < added.length; next += 1) merged.push(added[next] as PlacedRow<T>);
  return merged;
}
