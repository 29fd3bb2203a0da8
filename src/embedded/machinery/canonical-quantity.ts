import { printBinaryQuantity, printDecimalQuantity, printExponentQuantity } from './print-quantity.ts';
import { nanosPerMilli, nanosPerUnit, powersOf, quantityWords, scaleToNanos } from './quantity.ts';

/** The text is no quantity. The message is the real server's. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';
}

/** What almost all objects hold, and what is canonical as it stands. */
const plain = /^[1-9]\d{0,2}(?:m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi)?$/;
/** Digits are taken whole or not at all: no text makes it try the same ones in different places. */
const form = /^([+-]?)0*(?!0)(\d*)(?!\d)(?:\.(\d*)(?!\d))?([eEinumkKMGTP]*[-+]?\d*)$/;
const nanoPower = 9;
const largest = (2n ** 63n - 1n) * nanosPerUnit;

/**
 * The quantity as the API server keeps it: without fractions, with the largest suffix that leaves a whole number
 * (`0.5` becomes `500m`, `1024Mi` becomes `1Gi`). `isResource` rounds it up to thousandths, as amounts of resources are.
 * Throws `QuantityError`.
 */
export function canonicalQuantity(sent: string, isResource: boolean): string {
  if (plain.test(sent)) return sent;
  const text = sent.trim();
  const match = text === '' ? null : form.exec(text);
  if (match === null) throw new QuantityError(quantityWords);
  const [, sign = '', digits = '', fraction = '', suffix = ''] = match;
  const whole = digits === '' ? '0' : digits;
  const powers = powersOf(suffix);
  if (powers === undefined) throw new QuantityError("unable to parse quantity's suffix");
  const { ten, two } = powers;
  const places = fraction.length;
  if (two === 0) {
    const shifted = whole + fraction;
    const scale = ten - places;
    const isFast = shifted.length <= 18 && scale >= -nanoPower;
    const isRounded = isResource && scale < -3;
    if (isFast && !isRounded && scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0')) return text;
  } else if (places === 0 && 14 - whole.length - Math.trunc((two * 3) / 10) >= 0 && BigInt(whole) % 8n !== 0n) {
    return text;
  }
  const scaled = scaleToNanos(whole + fraction, places, powers);
  const rounded = isResource ? ((scaled + nanosPerMilli - 1n) / nanosPerMilli) * nanosPerMilli : scaled;
  const bounded = two > 0 && rounded > largest ? largest : rounded;
  return print(sign === '-' ? -bounded : bounded, two > 0, /^[eE][-+\d]/.test(suffix));
}

function print(nanos: bigint, isBinary: boolean, isExponent: boolean): string {
  if (isBinary) return printBinaryQuantity(nanos);
  return isExponent ? printExponentQuantity(nanos) : printDecimalQuantity(nanos);
}
