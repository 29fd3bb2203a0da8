import type { LongshoreBuilder } from '../builder.ts';
import { scalarInputError } from './scalar-input-error.ts';

const largest = 2n ** 63n - 1n;
const smallest = -(2n ** 63n);

export function parseBigInt(value: unknown): bigint {
  const isText = typeof value === 'string' && /^-?\d{1,19}$/.test(value);
  if (isText || (typeof value === 'number' && Number.isSafeInteger(value)) || typeof value === 'bigint') {
    const parsed = BigInt(value as string | number | bigint);
    if (parsed >= smallest && parsed <= largest) return parsed;
  }
  throw scalarInputError('BigInt', 'a whole number of 64 bits as a string', value);
}

export function registerBigInt(builder: LongshoreBuilder): void {
  builder.scalarType('BigInt', {
    description: 'A whole number of 64 bits, as a string, e.g. `"9007199254740993"`. Used where Kubernetes has int64.',
    serialize: (value) => parseBigInt(value).toString(),
    parseValue: parseBigInt,
  });
}
