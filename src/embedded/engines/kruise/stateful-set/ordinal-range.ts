import type { IntOrPercent } from '../kinds.ts';

/** The numbers `reserveOrdinals` takes out: single ones, and ranges such as `3-5`. Anything else names none. */
export function reservedOrdinals(reserved: readonly IntOrPercent[]): ReadonlySet<number> {
  const ordinals = new Set<number>();
  for (const entry of reserved) {
    const [start, end] = rangeOf(entry) ?? [0, -1];
    for (let ordinal = start; ordinal <= end; ordinal += 1) ordinals.add(ordinal);
  }
  return ordinals;
}

/** First and last number of an entry; undefined for what is none. */
export function rangeOf(entry: IntOrPercent): readonly [number, number] | undefined {
  if (typeof entry === 'number') return [entry, entry];
  const range = /^(\d+)-(\d+)$/.exec(entry);
  if (range === null || Number(range[1]) > Number(range[2])) return undefined;
  return [Number(range[1]), Number(range[2])];
}

/** The numbers of so many pods, reserved ones left out. */
export function ordinalsOf(replicas: number, reserved: ReadonlySet<number>): readonly number[] {
  const ordinals: number[] = [];
  for (let ordinal = 0; ordinals.length < replicas; ordinal += 1) if (!reserved.has(ordinal)) ordinals.push(ordinal);
  return ordinals;
}
