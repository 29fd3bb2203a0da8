import type { FieldErrors } from '../../../registry/validation/field-errors.ts';

/** What is wrong with an object, as webhooks of controller-runtime tell it; undefined when nothing is. */
export function toldProblems(kind: string, group: string, name: unknown, errors: FieldErrors): string | undefined {
  const lines = [...new Set(errors.causes.map(({ field, message }) => `${field}: ${message}`))];
  if (lines.length === 0) return undefined;
  const told = lines.length === 1 ? String(lines[0]) : `[${lines.join(', ')}]`;
  return `${kind}.${group} ${JSON.stringify(name)} is invalid: ${told}`;
}
