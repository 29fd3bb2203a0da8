import {
  dryRunTicket,
  idOfObject,
  type KindRef,
  type KubeObject,
  type MaybePromise,
  type MutationOutcome,
  type OperationHandle,
  origin,
  patchAsRead,
  type RequestContext,
} from 'longshore/sdk';

/**
 * Writes a merge patch that is made of the object as it is at that moment: lists are replaced as a whole, so that one that has changed
 * since is read again. Throws `ConflictError` where it never stands still, and whatever `patchOf` throws.
 */
export async function patchBalancer<T extends KubeObject>(
  object: T,
  patchOf: (current: T) => MaybePromise<object>,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<MutationOutcome<T>> {
  const { cluster, ...kind } = object[origin];
  const { namespace, name, uid } = object.metadata;
  const writer = context.cluster(cluster).writer(context.principal);
  const write = (of: OperationHandle, patch: object, resourceVersion?: string) =>
    writer.patch(of, kind as KindRef, namespace, name, patch, { uid, ...(resourceVersion ? { resourceVersion } : {}) });
  const written = await patchAsRead({
    object,
    patchOf,
    write: (patch, resourceVersion) => write(ticket, patch, resourceVersion),
    readLive: async () => (await write(dryRunTicket, {})).object as never,
  });
  return {
    value: written.object as unknown as T,
    resultId: idOfObject(object),
    before: written.before,
    after: written.object,
    warnings: written.warnings,
  };
}

/**
 * Deletes an object in the very state that was judged: one that has changed since is read and judged again. Throws what `judge` throws, and
 * `ConflictError` where it never stands still.
 */
export async function deleteAsJudged<T extends KubeObject>(
  object: T,
  judge: (current: T) => Promise<unknown>,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<void> {
  const { cluster, ...kind } = object[origin];
  const { namespace, name, uid } = object.metadata;
  const writer = context.cluster(cluster).writer(context.principal);
  await patchAsRead({
    object,
    patchOf: async (current) => {
      await judge(current);
      return {};
    },
    write: async (_patch, resourceVersion) => {
      await writer.delete(ticket, kind as KindRef, namespace, name, { uid, resourceVersion });
      return { object: object as never, warnings: [] };
    },
    readLive: async () =>
      (await writer.patch(dryRunTicket, kind as KindRef, namespace, name, {}, { uid })).object as never,
  });
}
