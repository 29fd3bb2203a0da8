import { nanosPerUnit } from './quantity.ts';

const decimals = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const binaries = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;

/** Billionths of a unit with the largest binary suffix that leaves a whole number; decimally below 1Ki and for fractions. */
export function printBinaryQuantity(nanos: bigint): string {
  const units = nanos / nanosPerUnit;
  if (nanos % nanosPerUnit !== 0n || (units < 1024n && units > -1024n)) return printDecimalQuantity(nanos);
  const [value, power] = reduce(units, 1024n, binaries.length - 1);
  return `${value}${binaries[power] ?? ''}`;
}

/** Billionths of a unit with the largest decimal suffix that leaves a whole number. */
export function printDecimalQuantity(nanos: bigint): string {
  if (nanos === 0n) return '0';
  const [value, power] = reduce(nanos, 1000n, decimals.length - 1);
  return `${value}${decimals[power] ?? ''}`;
}

/** The same with an exponent: `12e6`. */
export function printExponentQuantity(nanos: bigint): string {
  if (nanos === 0n) return '0';
  const [value, power] = reduce(nanos, 1000n, 100);
  return power === 3 ? String(value) : `${value}e${(power - 3) * 3}`;
}

function reduce(whole: bigint, base: bigint, most: number): [value: bigint, power: number] {
  let [value, power] = [whole, 0];
  while (value % base === 0n && power < most) {
    value /= base;
    power += 1;
  }
  return [value, power];
}
