import { asList, asObject, isEqualJson, type JsonObject } from '../machinery/json.ts';

const fieldsOfReference = ['apiVersion', 'kind', 'name', 'uid', 'controller', 'blockOwnerDeletion'];

/**
 * Takes out of an object's metadata what says nothing: empty lists and maps, which nobody then manages, and owners that
 * are named twice, of which the writer is warned.
 */
export function tidyMetadata(metadata: JsonObject, warn: ((sentence: string) => void) | undefined): void {
  for (const key of ['labels', 'annotations', 'finalizers', 'ownerReferences']) {
    const value = metadata[key];
    if (Array.isArray(value) ? value.length === 0 : isEqualJson(value, {})) delete metadata[key];
  }
  const kept = new Map<string, unknown>();
  const twice: string[] = [];
  for (const reference of asList(metadata.ownerReferences)) {
    const fields = asObject(reference) ?? {};
    const key = JSON.stringify(fieldsOfReference.map((name) => fields[name]));
    if (kept.has(key)) twice.push(String(fields.uid ?? ''));
    else kept.set(key, reference);
  }
  if (twice.length === 0) return;
  metadata.ownerReferences = [...kept.values()];
  warn?.(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${twice.join(', ')}`,
  );
}
