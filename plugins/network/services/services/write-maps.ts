import type { LabelForm, Maybe } from './service-form.ts';

type Json = Record<string, unknown>;

/** Sets a field of a manifest: undefined keeps what is there, null takes it away. */
export function setField(object: Json, key: string, value: unknown): void {
  if (value === undefined) return;
  if (value === null) delete object[key];
  else object[key] = value;
}

/** Sets and takes away labels or annotations; those that are not named stay. `own` are the platform's. */
export function mergeMap(
  metadata: Json,
  field: 'labels' | 'annotations',
  entries: Maybe<readonly LabelForm[]>,
  gone: Maybe<readonly string[]>,
  own: Readonly<Record<string, Maybe<string>>>,
): void {
  const map = { ...(metadata[field] as Json | undefined) };
  for (const key of gone ?? []) delete map[key];
  for (const { key, value } of entries ?? []) map[key] = value;
  for (const [key, value] of Object.entries(own)) setField(map, key, value);
  if (Object.keys(map).length > 0) metadata[field] = map;
  else delete metadata[field];
}
