const pattern = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(n|u|m|k|Ki|Mi|Gi|Ti|Pi|Ei|M|G|T|P|E|[eE][+-]?\d+)?$/;

/** What a suffix multiplies by: a power of ten and one of two. */
export interface SuffixPowers {
  readonly ten: number;
  readonly two: number;
}

const tens: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const twos: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
/** Beyond this nothing real is measured; the bound keeps hostile exponents cheap. */
const mostTen = 60;

export const nanosPerUnit = 1_000_000_000n;
export const nanosPerMilli = 1_000_000n;

/** Why a text is no quantity, in the real server's words. */
export const quantityWords =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Whether the value is a quantity: `500m`, `1.5Gi`, `2e3`, or a plain number. */
export function isQuantity(value: unknown): value is string | number {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' && pattern.test(value);
}

/** Negative, zero or positive, exactly: quantities are compared as whole nano units. Anything else counts as zero. */
export function compareQuantities(left: unknown, right: unknown): number {
  const difference = nanosOf(left) - nanosOf(right);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** The quantity in billionths of its unit, rounded up as Kubernetes does. Anything else counts as zero. */
export function nanosOf(value: unknown): bigint {
  const match = isQuantity(value) ? pattern.exec(String(value)) : null;
  if (match === null) return 0n;
  const [, sign, digits = '0', suffix = ''] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const nanos = scaleToNanos(`${whole}${fraction}`, fraction.length, powersOf(suffix) ?? { ten: 0, two: 0 });
  return sign === '-' ? -nanos : nanos;
}

/** The quantity as the nearest number of its unit: 0.25 for `250m`, 1024 for `1Ki`. Anything else counts as zero. */
export function unitsOf(value: unknown): number {
  const nanos = nanosOf(value);
  return Number(nanos / nanosPerUnit) + Number(nanos % nanosPerUnit) / Number(nanosPerUnit);
}

/** How many whole steps of so many billionths the quantity needs: what is begun counts. */
export function stepsOf(value: unknown, stepNanos: bigint): bigint {
  const nanos = nanosOf(value);
  return nanos > 0n ? divideUp(nanos, stepNanos) : nanos / stepNanos;
}

/** Undefined for what is no suffix. */
export function powersOf(suffix: string): SuffixPowers | undefined {
  const ten = tens[suffix];
  if (ten !== undefined) return { ten, two: 0 };
  const two = twos[suffix];
  if (two !== undefined) return { ten: 0, two };
  if (!/^[eE][-+]?\d+$/.test(suffix)) return undefined;
  return { ten: Math.max(-mostTen, Math.min(mostTen, Number(suffix.slice(1)))), two: 0 };
}

/** Billionths of `digits`, the last `places` of which stand behind the point; rounded up, so that nobody who asks for something gets nothing. */
export function scaleToNanos(digits: string, places: number, { ten, two }: SuffixPowers): bigint {
  const value = BigInt(digits) * 2n ** BigInt(two);
  const power = 9 + ten - places;
  return power >= 0 ? value * 10n ** BigInt(power) : divideUp(value, 10n ** BigInt(-power));
}

function divideUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}
