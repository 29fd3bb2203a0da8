import type { FieldErrors } from './field-errors.ts';

/** A path inside a volume: relative, and never upwards. */
export function validateDescendingPath(path: unknown, field: string, errors: FieldErrors): void {
  if (typeof path !== 'string' || path === '') return;
  if (path.startsWith('/')) errors.invalid(field, path, 'must be a relative path');
  validateNoBacksteps(path, field, errors);
}

export function validateNoBacksteps(path: string, field: string, errors: FieldErrors): void {
  if (path.split('/').includes('..')) errors.invalid(field, path, "must not contain '..'");
}
