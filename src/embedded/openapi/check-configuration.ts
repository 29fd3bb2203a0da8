import { isJsonObject, type JsonObject } from '../machinery/json.ts';
import { fieldElement, formatPath, itemElement, type PathElement } from '../machinery/path-element.ts';
import { printGoValue } from '../machinery/print-go-value.ts';
import type { Shape } from '../machinery/shape.ts';
import { shapeOfType } from './shape-of-type.ts';
import { type TypeExpression, type TypeInfo, typeInfo } from './type-table.ts';

/**
 * What keeps a configuration from being applied: fields the type lacks, values of another type, list elements of the
 * same key. Each with its path, in the real server's words.
 */
export function checkConfiguration(typeName: string, config: JsonObject): string[] {
  const type = typeInfo(typeName);
  return type === undefined ? [] : checkStruct(type, config, shapeOfType(typeName), []);
}

function checkStruct(type: TypeInfo, object: JsonObject, shape: Shape, path: readonly PathElement[]): string[] {
  const errors: string[] = [];
  for (const name of Object.keys(object).sort()) {
    const field = type.fields.get(name);
    const place = [...path, fieldElement(name)];
    if (field === undefined) {
      // What stands behind an unknown field of the same object is not looked at.
      errors.push(`${formatPath(place)}: field not declared in schema`);
      break;
    }
    errors.push(...checkValue(field.type, object[name], shape.field(name), place));
  }
  return errors;
}

function checkValue(type: TypeExpression, value: unknown, shape: Shape, path: readonly PathElement[]): string[] {
  if (value === null || value === undefined) return [];
  if (type.kind === 'list') return checkList(type.of, value, shape, path);
  if (type.kind === 'map') {
    if (!isJsonObject(value)) return [wrong('map', value, path)];
    return Object.keys(value)
      .sort()
      .flatMap((key) => checkValue(type.of, value[key], shape.field(key), [...path, fieldElement(key)]));
  }
  switch (type.name) {
    case 'string':
    case 'byte':
      return typeof value === 'string'
        ? []
        : [`${formatPath(path)}: expected string, got &value.valueUnstructured{Value:${JSON.stringify(value)}}`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [wrong('boolean', value, path)];
    case 'int32':
    case 'int64':
    case 'number':
    case 'double':
      return typeof value === 'number'
        ? []
        : [`${formatPath(path)}: expected numeric (int or float), got ${goKindOf(value)}`];
    case 'quantity':
      return typeof value === 'object' ? [wrong('any scalar', value, path)] : [];
    default: {
      const struct = typeInfo(type.name);
      if (struct === undefined) return [];
      return isJsonObject(value) ? checkStruct(struct, value, shape, path) : [wrong('map', value, path)];
    }
  }
}

function checkList(of: TypeExpression, value: unknown, shape: Shape, path: readonly PathElement[]): string[] {
  if (!Array.isArray(value)) return [wrong('list', value, path)];
  const errors: string[] = [];
  const seen = new Set<PathElement>();
  const repeated = new Set<PathElement>();
  const odd = shape.list === 'map' ? value.findIndex((item) => !isJsonObject(item)) : -1;
  if (odd >= 0) {
    const what = value[odd] === null ? 'a null element' : 'non-map elements';
    return [`${formatPath(path)}: element ${odd}: associative list with keys may not have ${what}`];
  }
  value.forEach((item, at) => {
    const element = shape.list === 'atomic' ? `i:${at}` : itemElement(item, shape);
    if (seen.has(element)) repeated.add(element);
    seen.add(element);
    errors.push(...checkValue(of, item, shape.item, [...path, element]));
  });
  for (const element of repeated) {
    errors.push(`${formatPath(path)}: duplicate entries for key ${formatPath([element])}`);
  }
  return errors;
}

function wrong(expected: string, value: unknown, path: readonly PathElement[]): string {
  return `${formatPath(path)}: expected ${expected}, got &{${printGoValue(value)}}`;
}

function goKindOf(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  return typeof value === 'object' ? 'map[string]interface {}' : typeof value === 'boolean' ? 'bool' : typeof value;
}
