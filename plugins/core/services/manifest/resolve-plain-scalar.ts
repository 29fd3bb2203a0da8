/** What a plain (unquoted, untagged) YAML scalar stands for. Whole numbers come exactly, whatever their size. */
export type PlainScalar = string | number | bigint | boolean | null;

const words = new Map<string, PlainScalar>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

const wholeNumber = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const decimal = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/**
 * Reads a plain scalar as kubectl does, which is neither YAML 1.1 nor 1.2 to the letter: 1.1 booleans, octal by a
 * leading zero, underscores in numbers, but times and sexagesimal numbers (`22:22`) stay text.
 * Source: `resolve` in https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
 */
export function resolvePlainScalar(text: string): PlainScalar {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (text.startsWith('.')) return decimal.test(text) ? Number(text) : text;
  if (!/^[-+0-9]/.test(text)) return text;

  const digits = text.replaceAll('_', '');
  const whole = wholeNumber.exec(digits);
  if (whole) return toBigInt(whole[1] ?? '', whole[2] ?? '');
  if (!decimal.test(digits)) return text;
  const value = Number(digits);
  return Number.isFinite(value) ? value : text;
}

function toBigInt(sign: string, digits: string): bigint {
  const isOldOctal = /^0[0-7]+$/.test(digits);
  const value = BigInt(isOldOctal ? `0o${digits.slice(1)}` : digits.toLowerCase());
  return sign === '-' ? -value : value;
}
