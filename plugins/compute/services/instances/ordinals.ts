import type { AdvancedStatefulSetObject } from '../../api.ts';

/** More than anybody has; what is reserved beyond is not looked at. */
const most = 10_000;

/** The numbers that `reserveOrdinals` leaves out, ascending; anything in it that names none is passed over. */
export function reservedOrdinals({ spec }: AdvancedStatefulSetObject): readonly number[] {
  const numbers = new Set<number>();
  for (const entry of spec?.reserveOrdinals ?? []) {
    const [first, last = first] = String(entry).split('-').map(Number);
    if (first === undefined || last === undefined || !Number.isSafeInteger(first) || !Number.isSafeInteger(last))
      continue;
    for (let number = first; number <= last && numbers.size < most; number += 1) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** The numbers of so many instances, from 0 on, past those that are reserved. */
export function ordinalsOf(replicas: number, reserved: readonly number[]): readonly number[] {
  const taken = new Set(reserved);
  const numbers: number[] = [];
  for (let next = 0; numbers.length < Math.min(replicas, most); next += 1) if (!taken.has(next)) numbers.push(next);
  return numbers;
}

/** The numbers of the instances that it is meant to have. */
export function wantedOrdinals(set: AdvancedStatefulSetObject): readonly number[] {
  return ordinalsOf(set.spec?.replicas ?? 1, reservedOrdinals(set));
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
