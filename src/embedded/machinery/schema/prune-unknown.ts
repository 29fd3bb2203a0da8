import { isJsonObject } from '../json.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** What every object has at its root, whatever its schema says. */
const typeAndMetadata = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Takes out of an object, in place, what its schema does not name: the pruning of apiextensions.k8s.io/v1. Answers the
 * paths of what went, in order (`spec.list[0].field`).
 */
export function pruneUnknown(object: unknown, schema: StructuralSchema, isRoot: boolean): string[] {
  const unknown: string[] = [];
  prune(object, isRoot ? schema.asRoot : schema, '', unknown);
  return unknown.sort();
}

function prune(value: unknown, schema: StructuralSchema | undefined, path: string, unknown: string[]): void {
  if (Array.isArray(value)) {
    if (schema?.preservesUnknown === true) {
      if (schema.items !== undefined) descendPreserved(value, schema, path, unknown);
      return;
    }
    for (let at = 0; at < value.length; at += 1) prune(value[at], schema?.items, `${path}[${at}]`, unknown);
    return;
  }
  if (!isJsonObject(value)) return;
  if (schema?.preservesUnknown === true) {
    descendPreserved(value, schema, path, unknown);
    return;
  }
  for (const key of Object.keys(value)) {
    if (schema?.isEmbeddedResource === true && typeAndMetadata.has(key)) continue;
    const property = schema?.properties.get(key);
    const below = path === '' ? key : `${path}.${key}`;
    if (property !== undefined) prune(value[key], property, below, unknown);
    else if (schema?.hasAdditional === true) prune(value[key], schema.additional, below, unknown);
    else {
      if (path !== '' || !typeAndMetadata.has(key)) unknown.push(below);
      delete value[key];
    }
  }
}

/** Below preserve-unknown-fields only what is specified is pruned again. */
function descendPreserved(value: unknown, schema: StructuralSchema, path: string, unknown: string[]): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    for (let at = 0; at < value.length; at += 1) descendPreserved(value[at], items, `${path}[${at}]`, unknown);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const key of Object.keys(value)) {
    if (schema.isEmbeddedResource && typeAndMetadata.has(key)) continue;
    const property = schema.properties.get(key);
    const below = path === '' ? key : `${path}.${key}`;
    if (property !== undefined) prune(value[key], property, below, unknown);
    else if (schema.hasAdditional) prune(value[key], schema.additional, below, unknown);
  }
}
