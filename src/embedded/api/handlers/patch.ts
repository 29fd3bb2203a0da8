import { asObject, asString, type JsonObject } from '../../machinery/json.ts';
import { applyConfiguration } from '../../machinery/managed-fields.ts';
import { printGoValue } from '../../machinery/print-go-value.ts';
import { untypedShape } from '../../machinery/shape.ts';
import { checkConfiguration } from '../../openapi/check-configuration.ts';
import { DecodeError, decodeTyped } from '../../openapi/decode-typed.ts';
import type { Draft, RegisteredResource } from '../../registry/resource-strategy.ts';
import { decodeObject } from '../../store/decode-object.ts';
import { apiVersionOf, toDraft } from '../../store/to-draft.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Answer, ApiContext, ApiRequest, Handler } from '../api-context.ts';
import { applyType, computePatch, parseConfiguration, strategicType } from '../compute-patch.ts';
import { typeNameOf } from '../decode-built-in.ts';
import { decodeSent, fieldValidationOf } from '../field-validation.ts';
import { mediaTypeOf } from '../parse-body.ts';
import { inRequestedVersion } from '../present.ts';
import { answerObject } from '../presentation-of.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, conflict, invalid, notFound, type StatusError, unexplained } from '../status-error.ts';
import { writeOptionsOf } from '../write-options.ts';
import { duplicateYamlKeys } from '../yaml-duplicates.ts';
import { checkAddress, partOf, writeOver } from './update.ts';

const patchOptions = { group: 'meta.k8s.io', plural: 'patchoptions', kind: 'PatchOptions' };

export const handlePatch: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  if (mediaTypeOf(request.headers['content-type']) === applyType) return apply(context, request, resource);
  const { namespace, name, subresource } = request.info;
  if (request.query.get('force') !== null) {
    throw invalid(patchOptions, '', [
      { reason: 'FieldValueForbidden', message: 'Forbidden: may not be specified for non-apply patch', field: 'force' },
    ]);
  }
  const current = context.registry.require(resource, namespace, name);
  const shape = resource.customResource === undefined ? (resource.strategy.shape ?? untypedShape) : undefined;
  const seen = inRequestedVersion(resource, current) as unknown as JsonObject;
  const warnings: string[] = [];
  const isStrategic = mediaTypeOf(request.headers['content-type']) === strategicType;
  const computed = computePatch(seen, request.body, request.headers['content-type'], shape);
  // A strategic merge knows what it merges into, whatever the patch says of it.
  const patched = isStrategic ? { ...computed, apiVersion: seen.apiVersion, kind: seen.kind } : computed;
  // A strategic patch is quoted as it came, any other by what it made of the object.
  const shown = (): string =>
    isStrategic ? printGoValue(JSON.parse(request.body.toString('utf8'))) : JSON.stringify(patched);
  const draft = decodeSent(resource, patched, request, warnings, { manner: isStrategic ? 'merged' : 'json', shown });
  checkAddress(draft.metadata, request);
  demandUid(resource, current, draft.metadata.uid);
  const warn = (sentence: string): void => void warnings.push(sentence);
  const write = { ...writeOptionsOf(request), ...partOf(subresource), warn };
  const updated = writeOver(context, resource, current, draft, write);
  return { ...answerObject(context, request, resource, updated), warnings };
};

/** Server-side apply: creates what is missing, else merges under the rules of field ownership. */
function apply(context: ApiContext, request: ApiRequest, resource: RegisteredResource): Answer {
  const { namespace, name, subresource } = request.info;
  const write = writeOptionsOf(request);
  const manager = request.query.get('fieldManager') ?? '';
  if (manager === '') {
    throw invalid(patchOptions, '', [
      { reason: 'FieldValueRequired', message: 'Required value: is required for apply patch', field: 'fieldManager' },
    ]);
  }
  const validation = fieldValidationOf(request);
  const sent = parseConfiguration(request.body);
  const named = describeSent(sent);
  demandSentType(resource, sent, named);
  const config = prepareConfiguration(resource, sent, named);
  const { metadata } = config;
  if (metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  if ((metadata.name ?? '') === '') metadata.name = name;
  checkAddress(metadata, request);

  const current = context.registry.storage.get(resource.definition, namespace, name);
  if (current === undefined && subresource !== '') throw notFound(resource.definition, name);
  if (current === undefined && (config.metadata.uid ?? '') !== '') {
    throw conflict(
      resource.definition,
      name,
      `uid mismatch: the provided object specified uid ${String(config.metadata.uid)}, and no existing object was found`,
    );
  }
  const live = current === undefined ? emptyObject(config) : inRequestedVersion(resource, current);
  const applied = applyConfiguration({
    live: live as JsonObject,
    managedFields: current?.metadata.managedFields,
    config,
    sent,
    shape: resource.strategy.shape ?? untypedShape,
    manager: {
      name: manager,
      operation: 'Apply',
      apiVersion: apiVersionOf(resource.definition),
      ...partOf(subresource),
    },
    isForced: request.query.get('force') === 'true',
    time: context.registry.environment.now(),
  });
  const warnings = doubledKeys(request, validation);
  const draft = decodeApplied(resource, applied.object, named);
  const options = { ...write, ...partOf(subresource), managedFields: applied.managedFields };
  if (current === undefined) {
    const created = context.registry.create(resource, draft, options);
    return { ...answerObject(context, request, resource, created, 201), warnings };
  }
  demandUid(resource, current, config.metadata.uid);
  // A lock in the configuration is meant, also where the live object would override it.
  const lock = config.metadata.resourceVersion;
  if (lock !== undefined) draft.metadata.resourceVersion = lock;
  const updated = writeOver(context, resource, current, draft, options);
  return { ...answerObject(context, request, resource, updated), warnings };
}

/** A patch is no precondition: another uid is a change of what cannot change, and found twice. */
function demandUid({ definition }: RegisteredResource, { metadata }: ClusterObject, uid: unknown): void {
  if ((uid ?? '') === '' || uid === metadata.uid) return;
  const message = `Invalid value: ${JSON.stringify(uid)}: field is immutable`;
  const cause = { reason: 'FieldValueInvalid', message, field: 'metadata.uid' };
  throw invalid(definition, metadata.name, [cause, cause]);
}

function emptyObject(config: JsonObject): Pick<ClusterObject, 'apiVersion' | 'kind'> & JsonObject {
  const { name, namespace } = asObject(config.metadata) ?? {};
  return {
    apiVersion: String(config.apiVersion),
    kind: String(config.kind),
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

/** The configuration as a draft, when it says only what its type, or the schema of the custom resource, declares. */
function prepareConfiguration(resource: RegisteredResource, sent: JsonObject, named: string): Draft {
  const typeName = typeNameOf(resource);
  const problems = typeName === undefined ? [] : checkConfiguration(typeName, sent);
  const listed = problems.length > 1 ? `errors:${problems.map((each) => `\n  ${each}`).join('')}` : problems[0];
  if (listed !== undefined) throw untyped(named, listed);
  const config = toDraft(resource.definition, sent, typeName === undefined ? 'drop-nulls' : 'keep-nulls');
  const why = resource.codec?.problemOfConfiguration?.(config);
  if (why !== undefined) throw untyped(named, why);
  return config;
}

function untyped(named: string, why: string): StatusError {
  return unexplained(`failed to create typed patch object (${named}): ${why}`);
}

function demandSentType({ definition }: RegisteredResource, { apiVersion, kind }: JsonObject, named: string): void {
  if (apiVersion === apiVersionOf(definition) && kind === definition.kind) return;
  throw badRequest(`invalid object type: ${typeIn(named)}`);
}

function decodeApplied(resource: RegisteredResource, object: JsonObject, named: string): Draft {
  const typeName = typeNameOf(resource);
  if (typeName === undefined) return decodeObject(resource, object);
  const draft = toDraft(resource.definition, object, 'keep-nulls');
  try {
    decodeTyped(typeName, draft, 'applied');
    return draft;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw unexplained(
      `failed to convert new object (${named}) to proper version: unable to convert unstructured object to ${typeIn(named)}: ${error.message}`,
    );
  }
}

/** `default/web; apps/v1, Kind=Deployment`, of what was sent alone. */
function describeSent(sent: JsonObject): string {
  const { namespace, name } = asObject(sent.metadata) ?? {};
  const apiVersion = asString(sent.apiVersion) ?? '/';
  const type = `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${asString(sent.kind) ?? ''}`;
  return `${asString(namespace) ?? ''}/${asString(name) ?? ''}; ${type}`;
}

function typeIn(named: string): string {
  return named.slice(named.indexOf('; ') + 2);
}

/** Keys that the YAML text sets twice, to be warned of. Throws `StatusError` 400 where they are refused. */
function doubledKeys(request: ApiRequest, validation: 'Ignore' | 'Warn' | 'Strict'): string[] {
  const doubled = validation === 'Ignore' ? [] : duplicateYamlKeys(request.body);
  if (validation !== 'Strict' || doubled.length === 0) return [...new Set(doubled)];
  const lines = doubled.map((line) => `\n  ${line}`).join('');
  throw badRequest(`error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:${lines}`);
}
