import { descriptionAnnotation, keysRemovedAnnotation } from 'longshore/plugins/core';

/** Annotations that a change by form sets, or with null takes away; `now` in UTC milliseconds. */
export function changedAnnotations(
  {
    description,
    remove,
  }: { readonly description?: string | null | undefined; readonly remove?: readonly string[] | null | undefined },
  now: number,
): Readonly<Record<string, string | null>> {
  return {
    ...(description === null || description === undefined ? {} : { [descriptionAnnotation]: description || null }),
    // A cluster notes no time for what a write takes away, only for what it sets: so this sets something (CMP-95).
    ...(remove && remove.length > 0 ? { [keysRemovedAnnotation]: new Date(now).toISOString() } : {}),
  };
}
