import { isJsonObject } from '../json.ts';
import { listMapKeyOf } from './list-map-keys.ts';
import { duplicateValue, invalidValue, type SchemaProblem } from './schema-problems.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** Lists of type set hold no element twice, lists of type map no key twice (`x-kubernetes-list-type`). */
export function validateListTypes(object: unknown, schema: StructuralSchema | undefined): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  walk(object, schema, '', problems);
  return problems;
}

function walk(value: unknown, schema: StructuralSchema | undefined, path: string, problems: SchemaProblem[]): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    if (schema.listType === 'set') {
      for (const at of repeated(value)) problems.push(duplicateValue(`${path}[${at}]`, value[at]));
    } else if (schema.listType === 'map') walkMap(value, schema, path, problems);
    if (schema.items === undefined) return;
    for (const [at, item] of value.entries()) walk(item, schema.items, `${path}[${at}]`, problems);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const key of Object.keys(value)) {
    const property = schema.properties.get(key);
    if (property !== undefined) walk(value[key], property, path === '' ? key : `${path}.${key}`, problems);
    else walk(value[key], schema.additional, `${path}[${key}]`, problems);
  }
}

function walkMap(list: readonly unknown[], schema: StructuralSchema, path: string, problems: SchemaProblem[]): void {
  const wrong = list.findIndex((item) => item !== null && !isJsonObject(item));
  if (wrong !== -1) {
    const detail = 'must be an object for an array of list-type map';
    problems.push(invalidValue(`${path}[${wrong}]`, list[wrong], detail));
    return;
  }
  const keys = list.map((item) => listMapKeyOf(item, schema.listMapKeys));
  for (const at of repeated(keys)) problems.push(duplicateValue(`${path}[${at}]`, keys[at]));
}

/** Where an element comes for the second time; further repetitions are not reported. */
function repeated(list: readonly unknown[]): number[] {
  const seen = new Map<string, number>();
  const found: number[] = [];
  for (const [at, item] of list.entries()) {
    const text = JSON.stringify(item);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    if (times === 2) found.push(at);
  }
  return found;
}
