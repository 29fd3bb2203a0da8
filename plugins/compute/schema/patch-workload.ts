import {
  dryRunTicket,
  idOfObject,
  type KindRef,
  type MaybePromise,
  type MutationOutcome,
  type OperationHandle,
  origin,
  patchAsRead,
  type RequestContext,
  type WriteResult,
} from 'longshore/sdk';
import type { PodObject, WorkloadObject } from '../api.ts';
import { requireOperation } from '../services/operations/require-operation.ts';
import type { WorkloadOperation } from '../services/operations/workload-operations.ts';

/**
 * Does an operation by a merge patch. Whether it may be done, and the patch, are decided on the version of the workload that is then
 * written. Throws `PreconditionError` as `requireOperation` does.
 */
export function operateByPatch(
  operation: WorkloadOperation,
  workload: WorkloadObject,
  patchOf: (current: WorkloadObject) => MaybePromise<object>,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<MutationOutcome<WorkloadObject>> {
  const decided = async (current: WorkloadObject): Promise<object> => {
    await requireOperation(operation, current, context);
    return patchOf(current);
  };
  return patchWorkload(workload, decided, ticket, context);
}

/** Writes a merge patch that is made of the workload, or bare pod, as it is at that moment: one that has changed since is read again. */
export async function patchWorkload<T extends WorkloadObject | PodObject>(
  workload: T,
  patchOf: (current: T) => MaybePromise<object>,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<MutationOutcome<T>> {
  const { cluster, ...kind } = workload[origin];
  const { namespace, name, uid } = workload.metadata;
  const writer = context.cluster(cluster).writer(context.principal);
  return writeAsRead(workload, patchOf, context, (patch, resourceVersion) =>
    writer.patch(ticket, kind as KindRef, namespace, name, patch, { uid, resourceVersion }),
  );
}

/** Writes what is decided on the workload as it is at that moment, by whatever way: one that has changed since is read again. */
export async function writeAsRead<T extends WorkloadObject | PodObject>(
  workload: T,
  patchOf: (current: T) => MaybePromise<object>,
  context: RequestContext,
  write: (patch: object, resourceVersion: string) => Promise<WriteResult<unknown>>,
): Promise<MutationOutcome<T>> {
  const { cluster, ...kind } = workload[origin];
  const { namespace, name, uid } = workload.metadata;
  const writer = context.cluster(cluster).writer(context.principal);
  const { object, warnings, before } = await patchAsRead({
    object: workload,
    patchOf,
    write,
    readLive: async () =>
      (await writer.patch(dryRunTicket, kind as KindRef, namespace, name, {}, { uid })).object as never,
  });
  return {
    value: object as unknown as T,
    resultId: idOfObject(workload),
    before,
    after: object,
    warnings,
  };
}

/** The outcome where nothing had to be written. */
export function unchangedWorkload(workload: WorkloadObject): MutationOutcome<WorkloadObject> {
  return { value: workload, resultId: idOfObject(workload), before: workload, after: workload };
}
