import { isJsonObject, type JsonObject } from '../machinery/json.ts';
import { applyJsonPatch, JsonPatchConflictError, JsonPatchSyntaxError } from '../machinery/json-patch.ts';
import { applyMergePatch } from '../machinery/merge-patch.ts';
import type { Shape } from '../machinery/shape.ts';
import { untypedShape } from '../machinery/shape.ts';
import { applyStrategicMergePatch, StrategicPatchError } from '../machinery/strategic-merge-patch.ts';
import { mediaTypeOf, parseJson, parseYaml } from './parse-body.ts';
import { badRequest, entityTooLarge, unexplained, unprocessable, unsupportedMediaType } from './status-error.ts';

export const applyType = 'application/apply-patch+yaml';
const mergeType = 'application/merge-patch+json';
const jsonType = 'application/json-patch+json';
export const strategicType = 'application/strategic-merge-patch+json';
const maxOperations = 10_000;

/**
 * What a patch, other than an apply, makes of the object. `shape` is undefined where strategic merge is not served:
 * custom resources. Throws `StatusError` 400, 415 or 422.
 */
export function computePatch(
  current: JsonObject,
  body: Buffer,
  contentType: string | undefined,
  shape: Shape | undefined,
): JsonObject {
  const patched = patchedValue(current, body, mediaTypeOf(contentType), shape);
  if (!isJsonObject(patched)) throw badRequest('the patch does not leave an object');
  return patched;
}

/** The applied configuration. Throws `StatusError` 400. */
export function parseConfiguration(body: Buffer): JsonObject {
  const config = parseYaml(body);
  if (!isJsonObject(config)) throw badRequest('error decoding YAML: the configuration must be an object');
  return config;
}

function patchedValue(current: JsonObject, body: Buffer, type: string, shape: Shape | undefined): unknown {
  const isStrategic = type === strategicType && shape !== undefined;
  if (type !== mergeType && type !== jsonType && !isStrategic) {
    throw unsupportedMediaType([jsonType, mergeType, ...(shape === undefined ? [] : [strategicType]), applyType]);
  }
  const patch = parseJson(body);
  if (type === jsonType) {
    if (Array.isArray(patch) && patch.length > maxOperations) throw entityTooLarge(maxOperations);
    return guarded(() => applyJsonPatch(current, patch));
  }
  if (!isJsonObject(patch)) throw badRequest('the patch must be an object');
  if (type === mergeType) return applyMergePatch(current, patch);
  return guarded(() => applyStrategicMergePatch(current, patch, shape ?? untypedShape));
}

function guarded(apply: () => unknown): unknown {
  try {
    return apply();
  } catch (error) {
    if (error instanceof JsonPatchSyntaxError) throw badRequest(error.message);
    if (error instanceof JsonPatchConflictError) {
      throw unprocessable('the server rejected our request due to an error in our request');
    }
    if (error instanceof StrategicPatchError) throw unexplained(error.message);
    throw error;
  }
}
