import { nanosOf } from './quantity.ts';

const decimals = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const binaries = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
const nanosPerUnit = 1_000_000_000n;

/**
 * The sum as the API server prints quantities: with the largest suffix that leaves a whole number. Binary suffixes are
 * used when the first quantity that is not zero has one.
 */
export function sumQuantities(quantities: readonly unknown[]): string {
  const leading = quantities.find((quantity) => nanosOf(quantity) !== 0n);
  const total = quantities.reduce<bigint>((sum, quantity) => sum + nanosOf(quantity), 0n);
  return /[KMGTPE]i$/.test(String(leading ?? '')) ? printBinary(total) : printDecimal(total);
}

function printBinary(nanos: bigint): string {
  const units = nanos / nanosPerUnit;
  if (nanos % nanosPerUnit !== 0n || (units < 1024n && units > -1024n)) return printDecimal(nanos);
  let [value, power] = [units, 0];
  while (value % 1024n === 0n && power < binaries.length - 1) {
    value /= 1024n;
    power += 1;
  }
  return `${value}${binaries[power] ?? ''}`;
}

function printDecimal(nanos: bigint): string {
  if (nanos === 0n) return '0';
  let [value, power] = [nanos, 0];
  while (value % 1000n === 0n && power < decimals.length - 1) {
    value /= 1000n;
    power += 1;
  }
  return `${value}${decimals[power] ?? ''}`;
}
