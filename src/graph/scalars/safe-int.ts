import type { LongshoreBuilder } from '../builder.ts';
import { scalarInputError } from './scalar-input-error.ts';

function parseSafeInt(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw scalarInputError('SafeInt', 'a whole number from -(2^53-1) to 2^53-1', value);
}

/** A resolver's wrong value is our fault and no input error: it stays in the log. */
export function serializeSafeInt(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Error('SafeInt cannot show what is no whole number');
}

export function registerSafeInt(builder: LongshoreBuilder): void {
  builder.scalarType('SafeInt', {
    description: 'A whole number that JSON carries exactly: from -(2^53-1) to 2^53-1. Used for bytes and counts.',
    serialize: serializeSafeInt,
    parseValue: parseSafeInt,
  });
}
