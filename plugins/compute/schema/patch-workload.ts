import {
  dryRunTicket,
  idOfObject,
  type KindRef,
  type MutationOutcome,
  type OperationHandle,
  origin,
  type RequestContext,
} from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { patchAsRead } from '../services/patch-as-read.ts';

/** Writes a merge patch that is made of the workload as it is at that moment: one that has changed since is read again. */
export async function patchWorkload(
  workload: WorkloadObject,
  patchOf: (current: WorkloadObject) => object,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<MutationOutcome<WorkloadObject>> {
  const { cluster, ...kind } = workload[origin];
  const { namespace, name, uid } = workload.metadata;
  const writer = context.cluster(cluster).writer(context.principal);
  const { object, warnings } = await patchAsRead({
    object: workload,
    patchOf,
    write: (patch, resourceVersion) =>
      writer.patch(ticket, kind as KindRef, namespace, name, patch, { uid, resourceVersion }),
    readLive: async () =>
      (await writer.patch(dryRunTicket, kind as KindRef, namespace, name, {}, { uid })).object as never,
  });
  return {
    value: object as unknown as WorkloadObject,
    resultId: idOfObject(workload),
    before: workload,
    after: object,
    warnings,
  };
}

/** The outcome where nothing had to be written. */
export function unchangedWorkload(workload: WorkloadObject): MutationOutcome<WorkloadObject> {
  return { value: workload, resultId: idOfObject(workload), before: workload, after: workload };
}
