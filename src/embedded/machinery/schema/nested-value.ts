import { isJsonObject } from '../json.ts';

/** What stands at a path, or why nothing can be read there, in the words of Go's accessor. */
export type Nested<T> = { readonly value: T | undefined } | { readonly error: string };

/** The whole number at a dotted path such as `.spec.replicas`. */
export function nestedInteger(object: unknown, path: string): Nested<number> {
  const found = nested(object, path);
  if ('error' in found || found.value === undefined) return found as Nested<number>;
  if (typeof found.value === 'number' && Number.isInteger(found.value)) return { value: found.value };
  return wrongType(path, found.value, 'int64');
}

/** The text at a dotted path such as `.status.selector`. */
export function nestedString(object: unknown, path: string): Nested<string> {
  const found = nested(object, path);
  if ('error' in found || found.value === undefined) return found as Nested<string>;
  return typeof found.value === 'string' ? { value: found.value } : wrongType(path, found.value, 'string');
}

/** `.spec.replicas` as its steps. */
export function stepsOf(path: string): string[] {
  return path.replace(/^\./, '').split('.');
}

function nested(object: unknown, path: string): Nested<unknown> {
  let value: unknown = object;
  const walked: string[] = [];
  for (const step of stepsOf(path)) {
    if (value === undefined || value === null) return { value: undefined };
    if (!isJsonObject(value)) return wrongType(`.${walked.join('.')}.${step}`, value, 'map[string]interface{}');
    value = Object.hasOwn(value, step) ? value[step] : undefined;
    walked.push(step);
    if (value === undefined) return { value: undefined };
  }
  return { value };
}

function wrongType(path: string, value: unknown, expected: string): { readonly error: string } {
  const dotted = path.startsWith('.') ? path : `.${path}`;
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return { error: `${dotted} accessor error: ${shown} is of the type ${goTypeOf(value)}, expected ${expected}` };
}

function goTypeOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64';
    default:
      if (value === null) return '<nil>';
      return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
  }
}
