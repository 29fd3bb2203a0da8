import { nextTurn } from '../../machinery/next-turn.ts';
import type { RegisteredResource } from '../../registry/resource-strategy.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Handler } from '../api-context.ts';
import { deleteOptionsOf } from '../delete-options.ts';
import { parseListOptions } from '../list-options.ts';
import { presentList } from '../present.ts';
import { answerObject, presentationOf } from '../presentation-of.ts';
import { readCollection } from '../read-collection.ts';
import { resourceOf } from '../resource-of.ts';
import { parseSelection } from '../selection.ts';

export const handleDelete: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const { options, warnings } = deleteOptionsOf(context.registry, request, resource);
  const current = context.registry.require(resource, request.info.namespace, request.info.name);
  const { object, isGone } = context.registry.delete(resource, current, options);
  if (isGone && resource.strategy.returnsDeleted !== true) {
    return { code: 200, body: deletionStatus(resource, object), warnings };
  }
  return { ...answerObject(context, request, resource, object), warnings };
};

/** So many objects are looked at and deleted before others of the event loop have their turn. */
const deletionsPerTurn = 32;

export const handleDeleteCollection: Handler = async (context, request) => {
  const resource = resourceOf(context, request);
  const { options, warnings } = deleteOptionsOf(context.registry, request, resource);
  const list = parseListOptions(request.query, false);
  const selection = parseSelection(resource, request.query);
  const { storage } = context.registry;
  const { objects, head } = readCollection(context, resource, request.info.namespace, list, selection);
  const deleted: ClusterObject[] = [];
  for (const [at, object] of objects.entries()) {
    if (at > 0 && at % deletionsPerTurn === 0) await nextTurn();
    // A deletion may take others with it, and so may others' work in between.
    const current = storage.get(resource.definition, object.metadata.namespace, object.metadata.name);
    if (current === undefined) continue;
    context.registry.delete(resource, current, options);
    // The answer shows what was found, not what has become of it.
    deleted.push(current);
  }
  return { code: 200, list: presentList(presentationOf(context, request, resource), deleted, head), warnings };
};

function deletionStatus({ definition }: RegisteredResource, object: ClusterObject): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: object.metadata.name,
      ...(definition.group === '' ? {} : { group: definition.group }),
      kind: definition.plural,
      uid: object.metadata.uid,
    },
  };
}
