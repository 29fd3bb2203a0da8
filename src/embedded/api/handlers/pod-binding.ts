import { asObject, asObjectList, asString } from '../../machinery/json.ts';
import { assignPod } from '../../store/assign-pod.ts';
import { toDraft } from '../../store/to-draft.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Handler } from '../api-context.ts';
import { parseObjectBody } from '../parse-body.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, conflict } from '../status-error.ts';
import { writeOptionsOf } from '../write-options.ts';

/** POST on `pods/<name>/binding`: what a scheduler does once it has decided. */
export const handlePodBinding: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const { registry } = context;
  const current = registry.require(resource, request.info.namespace, request.info.name);
  const body = parseObjectBody(request.body, request.headers['content-type']);
  const node = asObject(body?.target)?.name;
  if (typeof node !== 'string' || node === '') throw badRequest('target.name: Required value');
  const objection = objectionTo(current, asObject(body?.metadata)?.uid);
  if (objection !== undefined) {
    throw conflict({ ...resource.definition, plural: 'pods/binding' }, current.metadata.name, objection);
  }
  const annotations = textMembers(asObject(body?.metadata)?.annotations);
  const nodes = registry.catalog.find('', 'nodes');
  const nodeLabels =
    nodes === undefined ? undefined : registry.storage.get(nodes.definition, undefined, node)?.metadata.labels;
  const assigned = assignPod(current, {
    node,
    now: registry.environment.now(),
    ...(nodeLabels === undefined ? {} : { nodeLabels }),
    ...(annotations === undefined ? {} : { annotations }),
  });
  const write = { ...writeOptionsOf(request), subresource: 'binding' };
  registry.update(resource, current, toDraft(resource.definition, assigned), write);
  return { code: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
};

/** Why the pod cannot be bound; undefined when it can. */
function objectionTo(pod: ClusterObject, uid: unknown): string | undefined {
  const { name } = pod.metadata;
  if (typeof uid === 'string' && uid !== '' && uid !== pod.metadata.uid) {
    return `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid ?? ''}`;
  }
  if (pod.metadata.deletionTimestamp !== undefined) return `pod ${name} is being deleted, cannot be assigned to a host`;
  const bound = asString(asObject(pod.spec)?.nodeName) ?? '';
  if (bound !== '') return `pod ${name} is already assigned to node ${JSON.stringify(bound)}`;
  if (asObjectList(asObject(pod.spec)?.schedulingGates).length > 0) {
    return `pod ${name} has non-empty .spec.schedulingGates`;
  }
  return undefined;
}

function textMembers(value: unknown): Record<string, string> | undefined {
  const members = asObject(value);
  if (members === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
