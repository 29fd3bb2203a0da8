import { parseQuantity } from 'longshore/sdk';

/** `20Gi` as 21474836480, rounded up; undefined for what is no quantity. Exact up to 2^53, and no more than that. */
export function bytesOf(quantity: string | null | undefined): number | undefined {
  const units = quantity ? parseQuantity(quantity)?.units : undefined;
  return units === undefined ? undefined : Math.min(units, Number.MAX_SAFE_INTEGER);
}
