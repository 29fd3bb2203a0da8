import { toDraft } from '../../store/to-draft.ts';
import type { Handler } from '../api-context.ts';
import { parseObjectBody } from '../parse-body.ts';
import { answerObject } from '../presentation-of.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, pathNotFound } from '../status-error.ts';
import { writeOptionsOf } from '../write-options.ts';

export const handleCreate: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const { namespace, name } = request.info;
  if (name !== '' || (resource.definition.namespaced && namespace === undefined)) throw pathNotFound();
  const body = parseObjectBody(request.body, request.headers['content-type']);
  const draft = toDraft(resource.definition, body);
  if (namespace !== undefined) {
    const sent = draft.metadata.namespace ?? '';
    if (sent !== '' && sent !== namespace) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    draft.metadata.namespace = namespace;
  }
  const created = context.registry.create(resource, draft, writeOptionsOf(request));
  return answerObject(context, request, resource, created, 201);
};
