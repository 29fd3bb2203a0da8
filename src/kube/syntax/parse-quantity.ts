/** An amount as Kubernetes writes it, e.g. `500m` or `2Gi`. */
export interface Quantity {
  /** The form the API machinery prints: no fraction, the largest suffix that keeps the value exact. */
  readonly canonical: string;
  /** As a JavaScript number; exact up to 2^53. */
  readonly value: number;
  /** Whole units, rounded up: bytes for `2Gi`. */
  readonly units: number;
  /** Whole thousandths, rounded up: millicores for `0.5`. */
  readonly milliunits: number;
}

const nano = 1_000_000_000n;
const maxUnits = 2n ** 63n - 1n;
const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryPowers: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };
const decimalSuffixes = Object.entries(decimalExponents).sort(([, a], [, b]) => b - a);
const binarySuffixes = Object.entries(binaryPowers).sort(([, a], [, b]) => b - a);

/**
 * Parses by the rules of `k8s.io/apimachinery/pkg/api/resource`: below a billionth it rounds up (away from zero), beyond
 * 2^63-1 it is capped. Undefined where the text is no quantity.
 */
export function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?)(\d+\.?\d*|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?|[eE][+-]?\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = '', suffix = ''] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const mantissa = BigInt(`${whole}${fraction}`);
  const isBinary = suffix in binaryPowers;
  const isExponent = /^[eE][+-]?\d/.test(suffix);
  const exponent = isExponent ? Number(suffix.slice(1)) : (decimalExponents[suffix] ?? 0);
  const factor = isBinary ? 1024n ** BigInt(binaryPowers[suffix] ?? 0) : 1n;
  const size = cap(scale(mantissa * factor, exponent - fraction.length + 9));
  const nanos = sign === '-' ? -size : size;
  return {
    canonical: print(nanos, isBinary ? 'binary' : isExponent ? 'exponent' : 'decimal'),
    value: Number(nanos / nano) + Number(nanos % nano) / 1e9,
    units: Number(divideUp(nanos, nano)),
    milliunits: Number(divideUp(nanos, 1_000_000n)),
  };
}

/** `mantissa * 10^exponent`, rounded up. */
function scale(mantissa: bigint, exponent: number): bigint {
  return exponent >= 0 ? mantissa * 10n ** BigInt(exponent) : divideUp(mantissa, 10n ** BigInt(-exponent));
}

function cap(nanos: bigint): bigint {
  return nanos > maxUnits * nano ? maxUnits * nano : nanos;
}

/** Towards positive infinity, as `Quantity.Value()` does. */
function divideUp(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor > 0n ? quotient + 1n : quotient;
}

function print(nanos: bigint, form: 'binary' | 'decimal' | 'exponent'): string {
  if (nanos === 0n) return '0';
  const isWhole = nanos % nano === 0n;
  const units = nanos / nano;
  if (form === 'binary' && isWhole && (units >= 1024n || units <= -1024n)) {
    for (const [suffix, power] of binarySuffixes) {
      if (units % 1024n ** BigInt(power) === 0n) return `${units / 1024n ** BigInt(power)}${suffix}`;
    }
    return units.toString();
  }
  for (const [suffix, exponent] of decimalSuffixes) {
    const divisor = 10n ** BigInt(exponent + 9);
    if (nanos % divisor !== 0n) continue;
    const number = (nanos / divisor).toString();
    return form === 'exponent' ? `${number}${exponent === 0 ? '' : `e${exponent}`}` : `${number}${suffix}`;
  }
  return nanos.toString();
}
