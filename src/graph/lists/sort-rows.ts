import type { RowPosition, SortValue } from './list-cursor.ts';

export type OrderDirection = 'ASC' | 'DESC';

/** One row with its place, computed once per row and not once per comparison. */
export interface PlacedRow<T> {
  readonly row: T;
  readonly position: RowPosition;
}

/** Total order: the asked fields, then cluster, namespace, name. Equal only for one and the same object. */
export function comparePositions(a: RowPosition, b: RowPosition, directions: readonly OrderDirection[]): number {
  for (let index = 0; index < directions.length; index += 1) {
    const difference = compareValues(a.values[index] ?? null, b.values[index] ?? null, directions[index] === 'DESC');
    if (difference !== 0) return difference;
  }
  return compareText(a.cluster, b.cluster) || compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}

function compareValues(a: SortValue, b: SortValue, isDescending: boolean): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  const difference = typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
  return isDescending ? -difference : difference;
}

/** By code unit: the same on every replica and machine, whatever its locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function sortRows<T>(rows: PlacedRow<T>[], directions: readonly OrderDirection[]): PlacedRow<T>[] {
  return rows.sort((a, b) => comparePositions(a.position, b.position, directions));
}

/** Index of the first row behind `position` in sorted rows; the row itself need not be there any more. */
export function firstAfter<T>(
  rows: readonly PlacedRow<T>[],
  position: RowPosition,
  directions: readonly OrderDirection[],
): number {
  return lowerBound(rows, (row) => comparePositions(row.position, position, directions) > 0);
}

/** Index of the first row at or behind `position`. */
export function firstNotBefore<T>(
  rows: readonly PlacedRow<T>[],
  position: RowPosition,
  directions: readonly OrderDirection[],
): number {
  return lowerBound(rows, (row) => comparePositions(row.position, position, directions) >= 0);
}

function lowerBound<T>(rows: readonly PlacedRow<T>[], isBehind: (row: PlacedRow<T>) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && isBehind(row)) high = middle;
    else low = middle + 1;
  }
  return low;
}
