import type { RegisteredResource } from '../registry/resource-strategy.ts';
import type { ClusterObject } from '../store/types.ts';
import type { ApiContext, ApiRequest, ObjectAnswer } from './api-context.ts';
import { type Presentation, presentObject } from './present.ts';
import { badRequest } from './status-error.ts';

export function presentationOf(context: ApiContext, request: ApiRequest, resource: RegisteredResource): Presentation {
  const include = request.query.get('includeObject') ?? '';
  if (include !== '' && include !== 'None' && include !== 'Metadata' && include !== 'Object') {
    throw badRequest(`unrecognized includeObject value: ${include}`);
  }
  return {
    resource,
    form: request.accepted.form,
    nowMs: context.clock.now(),
    includeObject: include === '' ? 'Metadata' : include,
  };
}

/** The usual answer: one object, shown as the request wants it. */
export function answerObject(
  context: ApiContext,
  request: ApiRequest,
  resource: RegisteredResource,
  object: ClusterObject,
  code = 200,
): ObjectAnswer {
  return { code, body: presentObject(presentationOf(context, request, resource), object) };
}
