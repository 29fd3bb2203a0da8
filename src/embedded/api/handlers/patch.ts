import { asObject, type JsonObject } from '../../machinery/json.ts';
import { applyConfiguration } from '../../machinery/managed-fields.ts';
import { untypedShape } from '../../machinery/shape.ts';
import type { Draft, RegisteredResource } from '../../registry/resource-strategy.ts';
import { decodeObject } from '../../store/decode-object.ts';
import { apiVersionOf, toDraft } from '../../store/to-draft.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Answer, ApiContext, ApiRequest, Handler } from '../api-context.ts';
import { applyType, computePatch, parseConfiguration } from '../compute-patch.ts';
import { decodeSent } from '../field-validation.ts';
import { mediaTypeOf } from '../parse-body.ts';
import { inRequestedVersion } from '../present.ts';
import { answerObject } from '../presentation-of.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, conflict, invalid, notFound, StatusError } from '../status-error.ts';
import { writeOptionsOf } from '../write-options.ts';
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
  const patched = computePatch(seen, request.body, request.headers['content-type'], shape);
  const draft = decodeSent(resource, patched, request, warnings);
  checkAddress(draft.metadata, request);
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
  const sent = parseConfiguration(request.body);
  if (sent.apiVersion === undefined || sent.kind === undefined) {
    throw badRequest('the applied configuration must have apiVersion and kind');
  }
  const config = toDraft(resource.definition, sent);
  refuseUntyped(resource, config);
  checkAddress(config.metadata, request);
  const { managedFields } = config.metadata;
  if (Array.isArray(managedFields) && managedFields.length > 0) throw badRequest('metadata.managedFields must be nil');

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
  const draft = decodeObject(resource, applied.object);
  const options = { ...write, ...partOf(subresource), managedFields: applied.managedFields };
  if (current === undefined) {
    const created = context.registry.create(resource, draft, options);
    return answerObject(context, request, resource, created, 201);
  }
  // A lock in the configuration is meant, also where the live object would override it.
  for (const lock of ['resourceVersion', 'uid']) {
    if (config.metadata[lock] !== undefined) draft.metadata[lock] = config.metadata[lock];
  }
  return answerObject(context, request, resource, writeOver(context, resource, current, draft, options));
}

function emptyObject(config: JsonObject): Pick<ClusterObject, 'apiVersion' | 'kind'> & JsonObject {
  const { name, namespace } = asObject(config.metadata) ?? {};
  return {
    apiVersion: String(config.apiVersion),
    kind: String(config.kind),
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

/** A configuration for a custom resource says only what its schema declares. */
function refuseUntyped({ codec, definition }: RegisteredResource, config: Draft): void {
  const why = codec?.problemOfConfiguration(config);
  if (why === undefined) return;
  const { name = '', namespace = '' } = config.metadata;
  const which = `${String(namespace)}/${String(name)}; ${apiVersionOf(definition)}, Kind=${definition.kind}`;
  throw new StatusError(500, '', `failed to create typed patch object (${which}): ${why}`);
}
