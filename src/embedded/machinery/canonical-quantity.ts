import { printBinaryQuantity, printDecimalQuantity, printExponentQuantity } from './print-quantity.ts';

/** The text is no quantity. The message is the real server's. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';
}

/** What almost all objects hold, and what is canonical as it stands. */
const plain = /^[1-9]\d{0,2}(?:m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi)?$/;
const form = /^([+-]?)(?:0*)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
const decimalPowers: Readonly<Record<string, number>> = {
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
const binaryPowers: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const nano = 9;
const nanosPerMilli = 1_000_000n;
const largest = (2n ** 63n - 1n) * 10n ** BigInt(nano);

/**
 * The quantity as the API server keeps it: without fractions, with the largest suffix that leaves a whole number
 * (`0.5` becomes `500m`, `1024Mi` becomes `1Gi`). `isResource` rounds it up to thousandths, as amounts of resources are.
 * Throws `QuantityError`.
 */
export function canonicalQuantity(sent: string, isResource: boolean): string {
  if (plain.test(sent)) return sent;
  const text = sent.trim();
  const match = text === '' ? null : form.exec(text);
  if (match === null) {
    throw new QuantityError(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  const [, sign = '', digits = '', fraction = '', suffix = ''] = match;
  const whole = digits === '' ? '0' : digits;
  const exponent = exponentOf(suffix);
  const binary = binaryPowers[suffix];
  const places = fraction.length;
  if (binary === undefined) {
    const shifted = whole + fraction;
    const scale = exponent - places;
    const isFast = shifted.length <= 18 && scale >= -nano;
    const isRounded = isResource && scale < -3;
    if (isFast && !isRounded && scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0')) return text;
  } else if (places === 0 && 14 - whole.length - Math.trunc((binary * 3) / 10) >= 0 && BigInt(whole) % 8n !== 0n) {
    return text;
  }
  const scaled = scaleUp(BigInt(whole + fraction) * 2n ** BigInt(binary ?? 0), nano + exponent - places);
  const rounded = isResource ? ((scaled + nanosPerMilli - 1n) / nanosPerMilli) * nanosPerMilli : scaled;
  const bounded = binary !== undefined && rounded > largest ? largest : rounded;
  return print(sign === '-' ? -bounded : bounded, binary !== undefined, /^[eE][-+\d]/.test(suffix));
}

function print(nanos: bigint, isBinary: boolean, isExponent: boolean): string {
  if (isBinary) return printBinaryQuantity(nanos);
  return isExponent ? printExponentQuantity(nanos) : printDecimalQuantity(nanos);
}

/** The power of ten; zero for binary suffixes. */
function exponentOf(suffix: string): number {
  const known = decimalPowers[suffix];
  if (known !== undefined) return known;
  if (binaryPowers[suffix] !== undefined) return 0;
  if (/^[eE][-+]?\d+$/.test(suffix)) return Number(suffix.slice(1));
  throw new QuantityError("unable to parse quantity's suffix");
}

/** Rounded up, so that nobody who asks for something gets nothing. */
function scaleUp(value: bigint, power: number): bigint {
  // Beyond this nothing real is measured; the bound keeps hostile exponents cheap.
  const bounded = Math.max(-60, Math.min(60, power));
  if (bounded >= 0) return value * 10n ** BigInt(bounded);
  const divisor = 10n ** BigInt(-bounded);
  return (value + divisor - 1n) / divisor;
}
