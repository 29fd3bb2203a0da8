import type { Instance } from '../../access/subject-facts.ts';
import { NotFoundError } from '../../kernel/answer-error.ts';
import { type KindRef, subjectOf } from '../../kube/kind-ref.ts';
import { type KubeObject, origin } from '../../kube/kube-object.ts';
import { idOfObject } from '../global-id.ts';
import type { MutationTarget } from '../makers/mutation/mutation-spec.ts';
import { resolveNode } from '../nodes/resolve-nodes.ts';
import type { RequestContext } from '../request-context.ts';

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
      // Of the plugin that gives the kind its type, whoever's mutation it is.
      plugin: context.services.registry.kinds.get(subjectOf(kind))?.plugin ?? 'core',
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
