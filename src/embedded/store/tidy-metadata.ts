import { asList, asObject, isEqualJson, type JsonObject } from '../machinery/json.ts';

/**
 * Takes out of an object's metadata what says nothing: empty lists and maps, which nobody then manages, and owners that
 * are named twice, of which the writer is warned.
 */
export function tidyMetadata(metadata: JsonObject, warn: ((sentence: string) => void) | undefined): void {
  for (const key of ['labels', 'annotations', 'finalizers', 'ownerReferences']) {
    const value = metadata[key];
    if (Array.isArray(value) ? value.length === 0 : isEqualJson(value, {})) delete metadata[key];
  }
  const kept: unknown[] = [];
  const twice: string[] = [];
  for (const reference of asList(metadata.ownerReferences)) {
    if (kept.some((known) => isEqualJson(known, reference))) twice.push(String(asObject(reference)?.uid ?? ''));
    else kept.push(reference);
  }
  if (twice.length === 0) return;
  metadata.ownerReferences = kept;
  warn?.(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${twice.join(', ')}`,
  );
}
