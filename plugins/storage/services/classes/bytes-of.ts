import { parseQuantity } from 'longshore/sdk';

/** `20Gi` as 21474836480, rounded up; undefined for what is no quantity. To compare by: beyond 2^53 it is not exact. */
export function bytesOf(quantity: string | null | undefined): number | undefined {
  return quantity ? parseQuantity(quantity)?.units : undefined;
}

/** The same to show, no more than a JSON number can say exactly. */
export function shownBytesOf(quantity: string | null | undefined): number | undefined {
  const bytes = bytesOf(quantity);
  return bytes === undefined ? undefined : Math.min(bytes, Number.MAX_SAFE_INTEGER);
}
