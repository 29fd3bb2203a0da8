import type { Handler } from '../api-context.ts';
import { decodeSent } from '../field-validation.ts';
import { requireObjectBody } from '../parse-body.ts';
import { answerObject } from '../presentation-of.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, pathNotFound } from '../status-error.ts';
import { writeOptionsOf } from '../write-options.ts';

export const handleCreate: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const { namespace, name } = request.info;
  if (name !== '' || (resource.definition.namespaced && namespace === undefined)) throw pathNotFound();
  const body = requireObjectBody(request, resource.definition.kind);
  const warnings: string[] = [];
  const draft = decodeSent(resource, body, request, warnings);
  if (namespace !== undefined) {
    const sent = draft.metadata.namespace ?? '';
    if (sent !== '' && sent !== namespace) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    draft.metadata.namespace = namespace;
  }
  const warn = (sentence: string): void => void warnings.push(sentence);
  const created = context.registry.create(resource, draft, { ...writeOptionsOf(request), warn });
  return { ...answerObject(context, request, resource, created, 201), warnings };
};
