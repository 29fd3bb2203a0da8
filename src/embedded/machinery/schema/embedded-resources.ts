import { isJsonObject } from '../json.ts';
import { coerceObjectMeta, MetadataTypeError } from './object-meta.ts';
import { invalidValue } from './schema-problems.ts';
import type { StructuralSchema } from './structural-schema.ts';

/**
 * Gives the metadata of embedded resources (`x-kubernetes-embedded-resource`) the types of ObjectMeta, in place. Paths
 * of unknown fields are added to `unknown`. Throws `MetadataTypeError`.
 */
export function coerceEmbeddedResources(
  value: unknown,
  schema: StructuralSchema | undefined,
  path: string,
  unknown: string[],
): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    if (schema.items === undefined) return;
    for (const [at, item] of value.entries()) coerceEmbeddedResources(item, schema.items, `${path}[${at}]`, unknown);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const key of Object.keys(value)) {
    const below = path === '' ? key : `${path}.${key}`;
    if (schema.isEmbeddedResource) {
      if ((key === 'apiVersion' || key === 'kind') && typeof value[key] !== 'string') {
        throw refusal(below, value[key], 'must be a string');
      }
      if (key === 'metadata') value.metadata = coerceMetadata(value.metadata, below, unknown);
    }
    const property = schema.properties.get(key);
    if (property !== undefined) coerceEmbeddedResources(value[key], property, below, unknown);
    else coerceEmbeddedResources(value[key], schema.additional, `${path}[${key}]`, unknown);
  }
}

function coerceMetadata(metadata: unknown, path: string, unknown: string[]): unknown {
  try {
    return coerceObjectMeta(metadata, path, unknown);
  } catch (error) {
    if (error instanceof MetadataTypeError) throw refusal(path, metadata, error.message);
    throw error;
  }
}

function refusal(path: string, value: unknown, detail: string): MetadataTypeError {
  return new MetadataTypeError(`${path}: ${invalidValue(path, value, detail).message}`);
}
