import type { Draft, RegisteredResource } from '../../registry/resource-strategy.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { ApiContext, ApiRequest, Handler } from '../api-context.ts';
import { decodeSent } from '../field-validation.ts';
import { requireObjectBody } from '../parse-body.ts';
import { inRequestedVersion } from '../present.ts';
import { answerObject } from '../presentation-of.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, notFound } from '../status-error.ts';
import { writeOptionsOf } from '../write-options.ts';

/** PUT on an object or on one of its subresources that carry the whole object. */
export const handleUpdate: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const { namespace, name, subresource } = request.info;
  const warnings: string[] = [];
  const body = requireObjectBody(request, resource.definition.kind);
  const draft = decodeSent(resource, body, request, warnings);
  checkAddress(draft.metadata, request);
  const write = { ...writeOptionsOf(request), warn: (sentence: string): void => void warnings.push(sentence) };
  const current = context.registry.storage.get(resource.definition, namespace, name);
  if (current === undefined) {
    if (subresource !== '' || resource.strategy.createsOnUpdate !== true) throw notFound(resource.definition, name);
    const created = context.registry.create(resource, withoutLock(draft), write);
    return { ...answerObject(context, request, resource, created, 201), warnings };
  }
  const updated = writeOver(context, resource, current, draft, { ...write, ...partOf(subresource) });
  return { ...answerObject(context, request, resource, updated), warnings };
};

/**
 * Name and namespace of what was sent must be those of the path; the namespace may be left out. Throws `StatusError` 400.
 */
export function checkAddress(metadata: Record<string, unknown>, request: ApiRequest): void {
  const { namespace, name } = request.info;
  const sentName = metadata.name ?? '';
  const sentNamespace = metadata.namespace ?? '';
  if (sentName === '') {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (sentName !== name) {
    throw badRequest(`the name of the object (${String(sentName)}) does not match the name on the URL (${name})`);
  }
  if (namespace !== undefined && sentNamespace !== '' && sentNamespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (namespace !== undefined) metadata.namespace = namespace;
}

/** Updates the object as the request's version sees it. */
export function writeOver(
  context: ApiContext,
  resource: RegisteredResource,
  current: ClusterObject,
  draft: Parameters<ApiContext['registry']['update']>[2],
  write: Parameters<ApiContext['registry']['update']>[3],
): ClusterObject {
  return context.registry.update(resource, inRequestedVersion(resource, current), draft, write);
}

export function partOf(subresource: string): { subresource?: string } {
  return subresource === '' ? {} : { subresource };
}

function withoutLock(draft: Draft): Draft {
  delete draft.metadata.resourceVersion;
  delete draft.metadata.uid;
  return draft;
}
