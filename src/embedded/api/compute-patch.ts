import { isJsonObject, type JsonObject } from '../machinery/json.ts';
import { applyJsonPatch, JsonPatchConflictError, JsonPatchSyntaxError } from '../machinery/json-patch.ts';
import { applyMergePatch } from '../machinery/merge-patch.ts';
import type { Shape } from '../machinery/shape.ts';
import { untypedShape } from '../machinery/shape.ts';
import { applyStrategicMergePatch, StrategicPatchError } from '../machinery/strategic-merge-patch.ts';
import { jsonErrorWords } from './json-error-words.ts';
import { cannotRead, mediaTypeOf, readYaml, yamlErrorWords } from './parse-body.ts';
import {
  badRequest,
  entityTooLarge,
  StatusError,
  unexplained,
  unprocessable,
  unsupportedMediaType,
} from './status-error.ts';

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
  const config = readConfiguration(body);
  if (config === null) return {};
  if (isJsonObject(config)) return config;
  const why = cannotRead(config, 'map[string]interface {}');
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${why}`);
}

function readConfiguration(body: Buffer): unknown {
  try {
    return readYaml(body);
  } catch (error) {
    throw badRequest(`error decoding YAML: error converting YAML to JSON: ${yamlErrorWords(error)}`);
  }
}

function patchedValue(current: JsonObject, body: Buffer, type: string, shape: Shape | undefined): unknown {
  const isStrategic = type === strategicType && shape !== undefined;
  if (type !== mergeType && type !== jsonType && !isStrategic) {
    if (shape !== undefined) throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
    throw unsupportedMediaType([jsonType, mergeType, applyType]);
  }
  const patch = parsePatch(body, type);
  if (type === jsonType) {
    if (Array.isArray(patch) && patch.length > maxOperations) throw entityTooLarge(maxOperations);
    return guarded(() => applyJsonPatch(current, patch));
  }
  if (patch === null) {
    if (isStrategic) return current;
    throw badRequest('Invalid JSON Patch');
  }
  if (!isJsonObject(patch)) throw badRequest(`${prefixOf(type)}${cannotRead(patch, 'map[string]interface {}')}`);
  if (type === mergeType) return applyMergePatch(current, patch);
  return guarded(() => applyStrategicMergePatch(current, patch, shape ?? untypedShape));
}

function parsePatch(body: Buffer, type: string): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`${prefixOf(type)}${jsonErrorWords(error, text)}`);
  }
}

function prefixOf(type: string): string {
  return type === strategicType ? '' : 'error decoding patch: ';
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
