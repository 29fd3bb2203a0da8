import type { Handler } from '../api-context.ts';
import { answerObject } from '../presentation-of.ts';
import { resourceOf } from '../resource-of.ts';

export const handleGet: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const object = context.registry.require(resource, request.info.namespace, request.info.name);
  return answerObject(context, request, resource, object);
};
