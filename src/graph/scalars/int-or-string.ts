import type { LongshoreBuilder } from '../builder.ts';
import { scalarInputError } from './scalar-input-error.ts';

function parseIntOrString(value: unknown): number | string {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value;
  if (typeof value === 'string' && value.length > 0 && value.length <= 63) return value;
  throw scalarInputError('IntOrString', 'a 32-bit whole number or a string of 1 to 63 characters', value);
}

export function registerIntOrString(builder: LongshoreBuilder): void {
  builder.scalarType('IntOrString', {
    description:
      'A whole number or a string, as Kubernetes has it for ports and percentages, e.g. `8080`, `"http"`, `"25%"`.',
    serialize: (value) => value,
    parseValue: parseIntOrString,
  });
}
