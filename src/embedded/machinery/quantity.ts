const pattern = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(n|u|m|k|Ki|Mi|Gi|Ti|Pi|Ei|M|G|T|P|E|[eE][+-]?\d+)?$/;

/** Powers of ten by which a decimal suffix multiplies, in nano units so that every suffix stays whole. */
const decimal: Readonly<Record<string, number>> = { n: 0, u: 3, m: 6, '': 9, k: 12, M: 15, G: 18, T: 21, P: 24, E: 27 };
const binary: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };

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

/** The quantity in billionths of its unit, rounded up as Kubernetes does. */
export function nanosOf(value: unknown): bigint {
  const match = isQuantity(value) ? pattern.exec(String(value)) : null;
  if (match === null) return 0n;
  const [, sign, digits = '0', suffix = ''] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const exponent = /^[eE][+-]?\d/.test(suffix) ? 9 + Number(suffix.slice(1)) : (decimal[suffix] ?? 9);
  const factor = binary[suffix] === undefined ? 1n : 1024n ** BigInt(binary[suffix]);
  const scaled = scale(BigInt(`${whole}${fraction}` || '0') * factor, exponent - fraction.length);
  return sign === '-' ? -scaled : scaled;
}

function scale(value: bigint, powerOfTen: number): bigint {
  // Beyond this nothing real is measured; the bound keeps hostile exponents cheap.
  const bounded = Math.max(-60, Math.min(60, powerOfTen));
  if (bounded >= 0) return value * 10n ** BigInt(bounded);
  const divisor = 10n ** BigInt(-bounded);
  return (value + divisor - 1n) / divisor;
}
