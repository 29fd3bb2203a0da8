import { parseQuantity } from 'longshore/sdk';

interface Amount {
  readonly units: number;
  readonly milliunits: number;
}

/** Quantities of a cluster are few and repeat in every pod; the bound only guards against a cluster of odd ones. */
const maxKnown = 5_000;
const known = new Map<string, Amount | undefined>();

/** `500m` as 500, `2` as 2000: cores in thousandths, rounded up. Undefined for what is no quantity. */
export function millicoresOf(quantity: string | undefined): number | undefined {
  return amountOf(quantity)?.milliunits;
}

/** `2Gi` as 2147483648: whole units (bytes, counts), rounded up. Undefined for what is no quantity. */
export function unitsOf(quantity: string | undefined): number | undefined {
  return amountOf(quantity)?.units;
}

function amountOf(quantity: string | undefined): Amount | undefined {
  if (quantity === undefined) return undefined;
  if (known.has(quantity)) return known.get(quantity);
  const parsed = parseQuantity(quantity);
  const amount = parsed && { units: toSafe(parsed.units), milliunits: toSafe(parsed.milliunits) };
  if (known.size >= maxKnown) known.clear();
  known.set(quantity, amount);
  return amount;
}

/** Beyond 2^53 a JSON number would lie; nothing real is that large. */
function toSafe(amount: number): number {
  return Math.max(Math.min(amount, Number.MAX_SAFE_INTEGER), Number.MIN_SAFE_INTEGER);
}
