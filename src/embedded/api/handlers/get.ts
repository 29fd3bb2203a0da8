import type { Handler } from '../api-context.ts';
import { problemOfVersion } from '../list-options.ts';
import { answerObject } from '../presentation-of.ts';
import { resourceOf } from '../resource-of.ts';
import { StatusError, tooLargeResourceVersion } from '../status-error.ts';

export const handleGet: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const resourceVersion = request.query.get('resourceVersion') ?? '';
  const problem = problemOfVersion(resourceVersion);
  // The one refusal of a read without a reason.
  if (problem !== undefined) throw new StatusError(500, '', problem);
  const { revision } = context.registry.storage;
  if (Number(resourceVersion) > revision) throw tooLargeResourceVersion(resourceVersion, String(revision));
  const object = context.registry.require(resource, request.info.namespace, request.info.name);
  return answerObject(context, request, resource, object);
};
