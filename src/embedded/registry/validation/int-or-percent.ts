import type { FieldErrors } from './field-errors.ts';

const percentWords =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A count, or a share such as `25%`; neither may be negative. */
export function validateIntOrPercent(value: unknown, field: string, errors: FieldErrors): void {
  if (typeof value === 'string') {
    if (!/^[0-9]+%$/.test(value)) errors.invalid(field, value, percentWords);
  } else errors.notNegative(field, value);
}

export function validateAtMostAll(value: unknown, field: string, errors: FieldErrors): void {
  if (typeof value === 'string' && /^[0-9]+%$/.test(value) && Number.parseInt(value, 10) > 100) {
    errors.invalid(field, value, 'must not be greater than 100%');
  }
}

/** Whether it comes to nothing; what is no number counts as nothing. */
export function isNothing(value: unknown): boolean {
  return typeof value === 'string' ? (Number.parseInt(value, 10) || 0) === 0 : (value ?? 0) === 0;
}
