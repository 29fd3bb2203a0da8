import { printBinaryQuantity, printDecimalQuantity } from './print-quantity.ts';
import { nanosOf } from './quantity.ts';

/**
 * The sum as the API server prints quantities: with the largest suffix that leaves a whole number. Binary suffixes are
 * used when the first quantity that is not zero has one.
 */
export function sumQuantities(quantities: readonly unknown[]): string {
  const leading = quantities.find((quantity) => nanosOf(quantity) !== 0n);
  const total = quantities.reduce<bigint>((sum, quantity) => sum + nanosOf(quantity), 0n);
  return /[KMGTPE]i$/.test(String(leading ?? '')) ? printBinaryQuantity(total) : printDecimalQuantity(total);
}
