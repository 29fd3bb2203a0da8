import { asList, isJsonObject, type JsonObject } from '../json.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** What tells an item of a list of type map from the others. Fields it does not have are left out. */
export function listMapKeyOf(item: unknown, names: readonly string[]): JsonObject {
  const key: JsonObject = {};
  for (const name of [...names].sort()) if (isJsonObject(item) && item[name] !== undefined) key[name] = item[name];
  return key;
}

/** Finds what an item was in the old list; only in lists of type map is anything known of that. */
export function correlateItems(
  old: unknown,
  schema: StructuralSchema | undefined,
): (item: unknown) => JsonObject | undefined {
  if (schema?.listType !== 'map') return () => undefined;
  const textOf = (item: JsonObject): string => JSON.stringify(listMapKeyOf(item, schema.listMapKeys));
  const byKey = new Map<string, JsonObject>();
  for (const item of asList(old)) {
    if (!isJsonObject(item)) continue;
    const key = textOf(item);
    if (!byKey.has(key)) byKey.set(key, item);
  }
  return (item) => (isJsonObject(item) ? byKey.get(textOf(item)) : undefined);
}
