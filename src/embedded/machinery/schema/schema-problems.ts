import { isJsonObject, type JsonObject } from '../json.ts';

/** What is wrong with a value, as `details.causes` reports it. */
export interface SchemaProblem {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** The field of problems that lie in no single one. */
export const noField = '<nil>';

/** A value as messages print it: members in order of their names, and nothing HTML would read. */
export function printValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === undefined ? 'null' : JSON.stringify(value);
  return printInOrder(sorted(value));
}

/** The same with members in the order in which they are given. */
export function printInOrder(value: unknown): string {
  const hexOf = (mark: string): string => mark.charCodeAt(0).toString(16).padStart(2, '0');
  return JSON.stringify(value).replace(/[<>&]/g, (mark) => `\\u00${hexOf(mark)}`);
}

export function invalidValue(field: string, value: unknown, detail: string): SchemaProblem {
  return problem('FieldValueInvalid', field, `Invalid value: ${printValue(value)}`, detail);
}

export function invalidType(field: string, value: unknown, detail: string): SchemaProblem {
  return problem('FieldValueTypeInvalid', field, `Invalid value: ${printValue(value)}`, detail);
}

export function requiredValue(field: string, detail = ''): SchemaProblem {
  return problem('FieldValueRequired', field, 'Required value', detail);
}

export function forbiddenValue(field: string, detail: string): SchemaProblem {
  return problem('FieldValueForbidden', field, 'Forbidden', detail);
}

export function duplicateValue(field: string, value: unknown): SchemaProblem {
  return problem('FieldValueDuplicate', field, `Duplicate value: ${printValue(value)}`, '');
}

export function unsupportedValue(field: string, value: unknown, supported: readonly unknown[]): SchemaProblem {
  const list = supported.map((each) => JSON.stringify(typeof each === 'string' ? each : printValue(each))).join(', ');
  return problem(
    'FieldValueNotSupported',
    field,
    `Unsupported value: ${printValue(value)}`,
    list === '' ? '' : `supported values: ${list}`,
  );
}

export function tooLong(field: string, maxLength: number): SchemaProblem {
  return problem('FieldValueTooLong', field, 'Too long', `may not be more than ${counted(maxLength, 'byte')}`);
}

export function tooMany(field: string, actual: number, max: number): SchemaProblem {
  return problem('FieldValueTooMany', field, `Too many: ${actual}`, `must have at most ${counted(max, 'item')}`);
}

function problem(reason: string, field: string, head: string, detail: string): SchemaProblem {
  return { reason, message: detail === '' ? head : `${head}: ${detail}`, field };
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const made: JsonObject = {};
  for (const key of Object.keys(value).sort()) made[key] = sorted(value[key]);
  return made;
}
