import { cloneJson, isJsonObject, setMember } from '../json.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** Fills the schema's defaults in, in place: where a member is missing, or null where null is not allowed. */
export function applyDefaults(value: unknown, schema: StructuralSchema | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    for (let at = 0; at < value.length; at += 1) {
      if (isUnwantedNull(value[at], items)) value[at] = cloneJson(items.default ?? null);
      applyDefaults(value[at], items);
    }
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [name, property] of schema.defaulted) {
    if (!Object.hasOwn(value, name) || isUnwantedNull(value[name], property)) {
      setMember(value, name, cloneJson(property.default));
    }
  }
  for (const key of Object.keys(value)) {
    const property = schema.properties.get(key);
    if (property === undefined && isUnwantedNull(value[key], schema.additional)) {
      setMember(value, key, cloneJson(schema.additional?.default ?? null));
    }
    applyDefaults(value[key], property ?? schema.additional);
  }
}

/** Takes nulls out, in place, where null is not allowed and no default will replace it. */
export function dropUnwantedNulls(value: unknown, schema: StructuralSchema | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) dropUnwantedNulls(item, schema?.items);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const key of Object.keys(value)) {
    const member = schema?.member(key);
    if (isUnwantedNull(value[key], member) && member?.default === undefined) delete value[key];
    else dropUnwantedNulls(value[key], member);
  }
}

function isUnwantedNull(value: unknown, schema: StructuralSchema | undefined): boolean {
  return value === null && schema !== undefined && !schema.isNullable;
}
