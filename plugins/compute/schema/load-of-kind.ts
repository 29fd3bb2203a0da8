import {
  type Instance,
  idOfObject,
  type KindRef,
  type KubeObject,
  type MutationTarget,
  NotFoundError,
  origin,
  type RequestContext,
  resolveNode,
  subjectOf,
} from 'longshore/sdk';

/** The object of one kind that a mutation names by its id; anything else, and what is not there for this caller, is not found. */
export async function loadOfKind<T>(
  id: string,
  kind: KindRef<T>,
  context: RequestContext,
): Promise<MutationTarget<KubeObject<T>>> {
  const node = await resolveNode(id, context);
  if (node === null || !isOfKind(node, kind)) throw new NotFoundError(`There is no ${kind.kind} with this id`);
  const { namespace, name } = node.metadata;
  return {
    value: node,
    instance: node as Instance,
    record: {
      plugin: 'compute',
      type: kind.kind,
      id: idOfObject(node),
      cluster: node[origin].cluster,
      namespace,
      kind: kind.kind,
      name,
    },
  };
}

export function isOfKind<T>(node: unknown, kind: KindRef<T>): node is KubeObject<T> {
  return (
    typeof node === 'object' &&
    node !== null &&
    origin in node &&
    subjectOf((node as KubeObject)[origin]) === subjectOf(kind)
  );
}
