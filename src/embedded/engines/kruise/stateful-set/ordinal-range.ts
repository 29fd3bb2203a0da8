import type { IntOrPercent } from '../kinds.ts';

/** First and last of the numbers that an entry of `reserveOrdinals` takes out. */
type OrdinalRange = readonly [first: number, last: number];

/** The numbers `reserveOrdinals` takes out: single ones, and ranges such as `3-5`. Anything else names none. */
export function reservedOrdinals(reserved: readonly IntOrPercent[]): readonly OrdinalRange[] {
  return reserved
    .map(rangeOf)
    .filter((range) => range !== undefined)
    .sort(([left], [right]) => left - right);
}

/** First and last number of an entry; undefined for what is none. */
export function rangeOf(entry: IntOrPercent): OrdinalRange | undefined {
  if (typeof entry === 'number') return [entry, entry];
  const [first, last] = (/^(\d+)-(\d+)$/.exec(entry) ?? []).slice(1).map(Number);
  if (first === undefined || last === undefined || first > last || !Number.isSafeInteger(last)) return undefined;
  return [first, last];
}

/** The numbers of so many pods. Reserved ranges, the lowest first, are jumped over, however long they are. */
export function ordinalsOf(replicas: number, reserved: readonly OrdinalRange[]): readonly number[] {
  const ordinals: number[] = [];
  let next = 0;
  for (const [first, last] of reserved) {
    while (next < first && ordinals.length < replicas) ordinals.push(next++);
    next = Math.max(next, last + 1);
  }
  while (ordinals.length < replicas) ordinals.push(next++);
  return ordinals;
}
