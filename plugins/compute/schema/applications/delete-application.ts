import {
  checkDeletion,
  type Deleted,
  type FieldBuilder,
  idOfObject,
  idOfOperation,
  type KubeObject,
  type LongshoreBuilder,
  type MutationOutcome,
  type MutationSuccess,
  NotFoundError,
  type OperationHandle,
  origin,
  PreconditionError,
  type RequestContext,
  registerMutation,
  replayDeletion,
} from 'longshore/sdk';
import { type Application, applicationSubject, type WorkloadObject } from '../../api.ts';
import { instanceOfApplication, recordedFields, recordTargetOf } from '../../services/applications/applications.ts';
import { applicationsServiceRef } from '../../services/applications/applications-service.ts';
import { obstacleTo } from '../../services/operations/require-operation.ts';
import { changesOf, kindOf } from './application-operations.ts';
import { doToWorkloads, loadAllWorkloads, requireOnEach, type WorkloadResult } from './do-to-workloads.ts';
import { findApplication } from './load-applications.ts';
import { workloadResultRef } from './workload-result.ts';

type DeletedApplication = Pick<Deleted, 'id'> & { readonly results?: readonly WorkloadResult[] };

/** Deleting applications, with their workloads or without (CMP-42). */
export function registerDeleteApplication(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteApplication',
    description:
      'Deletes an application with its alarm policies. With `deleteWorkloads` its workloads go first: nothing is deleted where one of them may not be or is still needed, which is an `InUseError` or asks for `acknowledge: [IN_USE]` as at `deleteWorkload`. Without it they go on as they are, label included: an application that is made again under the name has them again (CMP-42).',
    batch: { name: 'deleteApplications', description: 'Deletes several applications.' },
    allow: { action: 'DELETE', subject: applicationSubject },
    mustConfirm: 'BY_PROFILE',
    input: (t) => ({
      id: t.id({ required: true, description: "The application's global id." }),
      deleteWorkloads: t.boolean({ required: true, description: 'Whether its workloads are deleted too.' }),
    }),
    load: async ({ id }, context) => {
      const application = await findApplication(String(id), context);
      return {
        value: application,
        instance: instanceOfApplication(application),
        record: recordTargetOf(application),
      };
    },
    warn: {
      codes: ['IN_USE'],
      find: async ({ deleteWorkloads }, application, context) => {
        if (!deleteWorkloads) return [];
        const workloads = await loadAllWorkloads(application, context);
        // What may not be deleted at all is not asked about.
        requireOnEach('DELETE', workloads, context);
        const found = await Promise.all(
          workloads.map((workload) => checkDeletion(workload as KubeObject, undefined, context)),
        );
        return found.flat();
      },
    },
    run: async ({ deleteWorkloads }, application, ticket, context) => {
      const results = deleteWorkloads ? await deleteAll(application, ticket, context) : [];
      const failed = results.find(({ error }) => error !== undefined);
      if (failed?.error) throw failed.error;
      await context.service(applicationsServiceRef).remove(application.uuid, ticket);
      const value: DeletedApplication = { id: application.id, results };
      const recorded = [{ before: recordedFields(application), after: undefined }, ...changesOf(results)];
      return { value, resultId: idOfOperation(ticket), recorded };
    },
    replay: (node, context): Promise<DeletedApplication | null> => replayDeletion(node, context),
    success: {
      description: 'The application is deleted.',
      fields: (t: FieldBuilder<MutationSuccess<DeletedApplication>>) => ({
        id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }),
        results: t.field({
          type: [workloadResultRef],
          description:
            'The workloads that were deleted with it, as they were; empty where the answer is given again by its idempotency key.',
          resolve: ({ value }) => [...(value.results ?? [])],
        }),
      }),
    },
  });
}

async function deleteAll(
  application: Application,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly WorkloadResult[]> {
  const workloads = await loadAllWorkloads(application, context);
  requireOnEach('DELETE', workloads, context);
  for (const workload of workloads) {
    const obstacle = await obstacleTo('DELETE', workload, context);
    // What is being deleted already is on its way.
    if (obstacle && obstacle.reason !== 'BEING_DELETED') throw new PreconditionError(obstacle.reason, obstacle.message);
  }
  return doToWorkloads(workloads, (workload) => deleteOne(workload, ticket, context));
}

async function deleteOne(
  workload: WorkloadObject,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<MutationOutcome<WorkloadObject>> {
  const { namespace, name, uid } = workload.metadata;
  const writer = context.cluster(workload[origin].cluster).writer(context.principal);
  const options = { uid, propagationPolicy: 'Background' } as const;
  try {
    if (workload.metadata.deletionTimestamp === undefined) {
      await writer.delete(ticket, kindOf(workload), namespace, name, options);
    }
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
  return { value: workload, resultId: idOfObject(workload), before: workload, after: undefined };
}
