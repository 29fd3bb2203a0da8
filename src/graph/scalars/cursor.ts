import type { LongshoreBuilder } from '../builder.ts';
import { scalarInputError } from './scalar-input-error.ts';

/** As long as the cursor of a stream over hundreds of clusters. */
const maxCursorLength = 32_768;

function parseCursorInput(value: unknown): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= maxCursorLength) return value;
  throw scalarInputError('Cursor', `an opaque cursor of 1 to ${maxCursorLength} characters`, value);
}

export function registerCursor(builder: LongshoreBuilder): void {
  builder.scalarType('Cursor', {
    description: 'A place in a list or stream. Opaque: take it from an answer and give it back as it came.',
    serialize: (value) => String(value),
    parseValue: parseCursorInput,
  });
}
