import { isJsonObject } from '../json.ts';
import type { StructuralSchema } from './structural-schema.ts';

/**
 * Why a configuration cannot be applied as an object of this schema, in the words of structured merge: a field that
 * is not declared, a value of another type, an element of a keyed list without its keys. Undefined when it can.
 */
export function problemOfConfiguration(config: unknown, schema: StructuralSchema): string | undefined {
  const found: string[] = [];
  if (isJsonObject(config) && !schema.preservesUnknown) {
    for (const [key, value] of Object.entries(config)) {
      if (key === 'apiVersion' || key === 'kind' || key === 'metadata') continue;
      const member = schema.member(key);
      if (member !== undefined) walk(value, member, `.${key}`, found);
      else if (!schema.hasAdditional) found.push(`.${key}: field not declared in schema`);
    }
  }
  if (found.length <= 1) return found[0];
  return ['errors:', ...found.map((words) => `  ${words}`)].join('\n');
}

function walk(value: unknown, schema: StructuralSchema, path: string, found: string[]): void {
  if (value === null || value === undefined || schema.isIntOrString) return;
  if (schema.preservesUnknown && schema.properties.size === 0) return;
  const wanted = expected(schema.type);
  if (wanted !== undefined && !isOf(schema.type, value)) {
    found.push(`${path}: expected ${wanted}, got ${describe(value)}`);
    return;
  }
  if (Array.isArray(value)) walkList(value, schema, path, found);
  if (!isJsonObject(value)) return;
  for (const [key, member] of Object.entries(value)) {
    const property = schema.member(key);
    if (schema.isEmbeddedResource && ['apiVersion', 'kind', 'metadata'].includes(key)) continue;
    if (property !== undefined) walk(member, property, `${path}.${key}`, found);
    else if (!schema.hasAdditional && !schema.preservesUnknown) {
      found.push(`${path}.${key}: field not declared in schema`);
    }
  }
}

function walkList(list: readonly unknown[], schema: StructuralSchema, path: string, found: string[]): void {
  const { items, listMapKeys } = schema;
  if (items === undefined) return;
  for (const [at, item] of list.entries()) {
    const hasKey = listMapKeys.some(
      (key) => (isJsonObject(item) && item[key] !== undefined) || items.properties.get(key)?.default !== undefined,
    );
    if (schema.listType === 'map' && !hasKey) {
      const keys = listMapKeys.map((key) => JSON.stringify(key)).join(' ');
      found.push(
        `${path}: element ${at}: associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`,
      );
    } else walk(item, items, `${path}[${at}]`, found);
  }
}

function expected(type: string): string | undefined {
  switch (type) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'integer':
    case 'number':
      return 'numeric (int or float)';
    case 'array':
      return 'list';
    case 'object':
      return 'map';
    default:
      return undefined;
  }
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isJsonObject(value);
  return typeof value === (type === 'integer' ? 'number' : type);
}

function describe(value: unknown): string {
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `&value.valueUnstructured{Value:${typeof value === 'string' ? JSON.stringify(value) : shown}}`;
}
