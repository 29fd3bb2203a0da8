import { asObject, asObjectList, cloneJson, ensureObject } from '../../machinery/json.ts';
import type { Draft } from '../../registry/resource-strategy.ts';
import type { Handler } from '../api-context.ts';
import { parseObjectBody } from '../parse-body.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, conflict } from '../status-error.ts';
import { writeOptionsOf } from '../write-options.ts';

/** POST on `pods/<name>/binding`: what a scheduler does once it has decided. */
export const handlePodBinding: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const current = context.registry.require(resource, request.info.namespace, request.info.name);
  const node = asObject(parseObjectBody(request.body, request.headers['content-type'])?.target)?.name;
  if (typeof node !== 'string' || node === '') throw badRequest('target.name: Required value');
  const bound = asObject(current.spec)?.nodeName;
  if (typeof bound === 'string' && bound !== '') {
    throw conflict(
      resource.definition,
      current.metadata.name,
      `pod ${current.metadata.name} is already assigned to node ${JSON.stringify(bound)}`,
    );
  }
  const write = { ...writeOptionsOf(request), subresource: 'binding' };
  const draft = cloneJson(current) as unknown as Draft;
  ensureObject(draft, 'spec').nodeName = node;
  const assigned = context.registry.update(resource, current, draft, write);
  if (write.dryRun !== true) {
    const status = cloneJson(assigned) as unknown as Draft;
    const conditions = asObjectList(asObject(status.status)?.conditions).filter((each) => each.type !== 'PodScheduled');
    ensureObject(status, 'status').conditions = [
      ...conditions,
      {
        type: 'PodScheduled',
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: context.registry.environment.now(),
      },
    ];
    context.registry.update(resource, assigned, status, { ...write, subresource: 'status' });
  }
  return { code: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
};
