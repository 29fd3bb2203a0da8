import {
  type Deleted,
  type FieldBuilder,
  idOfObject,
  idOfOperation,
  type LongshoreBuilder,
  type MutationOutcome,
  type MutationSuccess,
  NotFoundError,
  type OperationHandle,
  origin,
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
      'Deletes an application. With `deleteWorkloads` its workloads go first, and where one of them cannot be deleted the application stays with what is left. Without it they go on as they are, label included: an application that is made again under the name has them again (CMP-42).',
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
  return doToWorkloads(workloads, async (workload) => {
    const obstacle = await obstacleTo('DELETE', workload, context);
    // What is being deleted already is on its way.
    return obstacle && obstacle.reason !== 'BEING_DELETED' ? obstacle : deleteOne(workload, ticket, context);
  });
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
