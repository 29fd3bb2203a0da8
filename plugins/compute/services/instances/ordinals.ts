import type { AdvancedStatefulSetObject } from '../../api.ts';

/** More than anybody has; what lies beyond is not listed one by one. */
const mostListed = 10_000;

/** First and last of the numbers that an entry of `reserveOrdinals` leaves out. */
type OrdinalRange = readonly [first: number, last: number];

/** Numbers that a TApp leaves out, however long their ranges are: asked of, never gone through one by one. */
export interface ReservedOrdinals {
  includes(ordinal: number): boolean;
  /** How many of them lie below a number. */
  countBelow(ordinal: number): number;
  /** The lowest of them, ascending. */
  first(count: number): readonly number[];
  /** The numbers of so many instances, from 0 on, past those that are reserved; at most 10,000. */
  ordinalsOf(replicas: number): readonly number[];
  /** The number of the instance that so many others stand before. */
  ordinalAt(rank: number): number;
}

/** What a list of numbers and ranges such as `3-5` leaves out; anything else in it names none (OpenKruise). */
export function reserveOrdinals(entries: readonly (number | string)[] = []): ReservedOrdinals {
  const known = entries.map(rangeOf).filter((range) => range !== undefined);
  const ranges = merge(known.sort(([left], [right]) => left - right));
  const below: number[] = [];
  let total = 0;
  for (const [first, last] of ranges) {
    below.push(total);
    total += last - first + 1;
  }

  /** Index of the last range that begins at or before a number; -1 where none does. */
  function indexAt(ordinal: number): number {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle]?.[0] ?? 0) <= ordinal) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  return {
    includes: (ordinal) => (ranges[indexAt(ordinal)]?.[1] ?? -1) >= ordinal,
    countBelow(ordinal) {
      const index = indexAt(ordinal);
      const range = ranges[index];
      return range ? (below[index] ?? 0) + Math.min(ordinal, range[1] + 1) - range[0] : 0;
    },
    first(count) {
      const found: number[] = [];
      for (const [first, last] of ranges) {
        for (let next = first; next <= last; next += 1) {
          if (found.length >= count) return found;
          found.push(next);
        }
      }
      return found;
    },
    ordinalsOf(replicas) {
      const wanted = Math.min(replicas, mostListed);
      const found: number[] = [];
      let next = 0;
      for (const [first, last] of ranges) {
        while (next < first && found.length < wanted) found.push(next++);
        next = Math.max(next, last + 1);
      }
      while (found.length < wanted) found.push(next++);
      return found;
    },
    ordinalAt(rank) {
      let ordinal = rank;
      for (const [first, last] of ranges) {
        if (first > ordinal) break;
        ordinal += last - first + 1;
      }
      return ordinal;
    },
  };
}

/** The numbers that a TApp leaves out. */
export function reservedOf({ spec }: AdvancedStatefulSetObject): ReservedOrdinals {
  return reserveOrdinals(spec?.reserveOrdinals as readonly (number | string)[] | undefined);
}

export function instanceName(set: Pick<AdvancedStatefulSetObject, 'metadata'>, ordinal: number): string {
  return `${set.metadata.name}-${ordinal}`;
}

/** The number in an instance's name; undefined for what is none of its names. */
export function ordinalOfName(set: Pick<AdvancedStatefulSetObject, 'metadata'>, name: string): number | undefined {
  const prefix = `${set.metadata.name}-`;
  const digits = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^(0|[1-9]\d{0,8})$/.test(digits) ? Number(digits) : undefined;
}

/** First and last number of an entry of `reserveOrdinals`; undefined for what is none. */
export function rangeOf(entry: number | string): OrdinalRange | undefined {
  if (typeof entry === 'number') return Number.isSafeInteger(entry) && entry >= 0 ? [entry, entry] : undefined;
  const [first, last] = (/^(\d+)-(\d+)$/.exec(entry) ?? []).slice(1).map(Number);
  if (first === undefined || last === undefined || first > last || !Number.isSafeInteger(last)) return undefined;
  return [first, last];
}

/** Ascending and apart, of ranges that begin in ascending order. */
function merge(ranges: readonly OrdinalRange[]): readonly OrdinalRange[] {
  const merged: OrdinalRange[] = [];
  for (const [first, last] of ranges) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) merged[merged.length - 1] = [before[0], Math.max(before[1], last)];
    else merged.push([first, last]);
  }
  return merged;
}
