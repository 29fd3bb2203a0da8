import type { FieldErrors } from './field-errors.ts';
import { problemsOfPortName } from './names.ts';

/** In the order in which most refusals list them. */
export const protocols = ['SCTP', 'TCP', 'UDP'];

const rangeWords = 'must be between 1 and 65535, inclusive';

export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

export function validatePortNumber(value: unknown, field: string, errors: FieldErrors): void {
  if (!isPort(value)) errors.invalid(field, value ?? 0, rangeWords);
}

/** A port by number, or by the name a container gives it. */
export function validatePortNumberOrName(value: unknown, field: string, errors: FieldErrors): void {
  if (typeof value === 'string') errors.eachInvalid(field, value, problemsOfPortName(value));
  else validatePortNumber(value, field, errors);
}
