import { badRequest } from '../api/status-error.ts';
import { cloneJson, isJsonObject, type JsonObject } from '../machinery/json.ts';
import { jsonKindOf } from '../machinery/json-kind.ts';
import type { Draft } from '../registry/resource-strategy.ts';
import type { ResourceDefinition } from './types.ts';

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(definition: Pick<ResourceDefinition, 'group' | 'version'>): string {
  return definition.group === '' ? definition.version : `${definition.group}/${definition.version}`;
}

/**
 * A private copy of what was sent, with apiVersion and kind filled in where they were left out.
 * Throws `StatusError` 400 for anything that is not an object of this resource.
 */
export function toDraft(
  definition: ResourceDefinition,
  sent: unknown,
  nulls: 'drop-nulls' | 'keep-nulls' = 'drop-nulls',
): Draft {
  if (!isJsonObject(sent)) throw badRequest('the object provided is unrecognized (must be of type Object)');
  const apiVersion = apiVersionOf(definition);
  const draft: JsonObject = cloneJson(sent);
  const sentVersion = draft.apiVersion ?? apiVersion;
  const sentKind = draft.kind ?? definition.kind;
  if (sentVersion !== apiVersion || sentKind !== definition.kind) {
    throw badRequest(
      `the API version in the data (${String(sentVersion)}, Kind=${String(sentKind)}) does not match the expected API version (${apiVersion}, Kind=${definition.kind})`,
    );
  }
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = draft;
  if (metadata !== undefined && metadata !== null && !isJsonObject(metadata)) {
    throw badRequest(
      `${definition.kind} in version "${definition.version}" cannot be handled as a ${definition.kind}: json: cannot unmarshal ${jsonKindOf(metadata)} into Go struct field ${definition.kind}.metadata of type v1.ObjectMeta`,
    );
  }
  const ownMetadata = metadata ?? {};
  if (nulls === 'drop-nulls') {
    dropNulls(rest);
    dropNulls(ownMetadata);
  }
  return { kind: definition.kind, apiVersion, metadata: ownMetadata, ...rest };
}

/** Typed decoding reads null as absent; so do we, except inside free-form values of lists. */
function dropNulls(object: JsonObject): void {
  for (const [key, value] of Object.entries(object)) {
    if (value === null) delete object[key];
    else if (isJsonObject(value)) dropNulls(value);
    else if (Array.isArray(value)) for (const item of value) if (isJsonObject(item)) dropNulls(item);
  }
}
