import {
  idOfObject,
  type KindRef,
  type MaybePromise,
  type MutationOutcome,
  NotFoundError,
  type OperationHandle,
  origin,
  patchAsRead,
  type RequestContext,
  readLive,
} from 'longshore/sdk';
import { type NodeObject, nodeKind } from '../../api.ts';

/**
 * Writes a merge patch that is decided on the node as its cluster has it at that moment; undefined where nothing is to be written. Kubelets write
 * their nodes all the time, so a node that changed meanwhile is decided on anew. Throws `NotFoundError` for one that is gone, or another of its name.
 */
export async function patchNode(
  node: NodeObject,
  patchOf: (current: NodeObject) => MaybePromise<object | undefined>,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<MutationOutcome<NodeObject>> {
  const { name, uid } = node.metadata;
  const writer = context.cluster(node[origin].cluster).writer(context.principal);
  const live = async (): Promise<NodeObject> => {
    const found = await readLive(writer, nodeKind, undefined, name);
    if (found?.metadata.uid !== uid) throw new NotFoundError(`Node '${name}' is not there any more`);
    return found;
  };
  let isAsWanted = false;
  const { object, warnings, before } = await patchAsRead({
    object: await live(),
    async patchOf(current) {
      const patch = await patchOf(current);
      isAsWanted = patch === undefined;
      return patch ?? {};
    },
    write: async (patch, resourceVersion) => {
      if (isAsWanted) return { object: await live(), warnings: [] };
      return writer.patch(ticket, nodeKind as KindRef, undefined, name, patch, { uid, resourceVersion });
    },
    readLive: live,
  });
  return { value: object as NodeObject, resultId: idOfObject(node), before, after: object, warnings };
}
