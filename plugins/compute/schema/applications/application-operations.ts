import {
  type FieldBuilder,
  type KindRef,
  type LongshoreBuilder,
  type MutationOutcome,
  type MutationSuccess,
  origin,
  type RequestContext,
  registerMutation,
  ValidationError,
} from 'longshore/sdk';
import { type Application, applicationSubject, applicationTypeRef, type WorkloadObject } from '../../api.ts';
import { observeWorkloads } from '../../services/applications/application-state.ts';
import { instanceOfApplication, isApplication, recordTargetOf } from '../../services/applications/applications.ts';
import {
  type ApplicationOperation,
  requireApplicationOperation,
} from '../../services/applications/decide-application-operation.ts';
import { checkDisksOf } from '../../services/operations/check-disks-of.ts';
import { obstacleTo } from '../../services/operations/require-operation.ts';
import { restartPatch } from '../../services/operations/restart-patch.ts';
import { isStopped, replicasToStart, startPatch, stopPatch } from '../../services/operations/stopped-state.ts';
import { requireQuotaOfMore } from '../../services/quotas/require-quota.ts';
import { patchWorkload } from '../patch-workload.ts';
import { doToWorkloads, loadAllWorkloads, requireOnEach, type WorkloadResult } from './do-to-workloads.ts';
import { findApplication } from './load-applications.ts';
import { profileOfApplication } from './profile-of-application.ts';
import { workloadResultRef } from './workload-result.ts';

type Ticket = Parameters<typeof patchWorkload>[2];
type Work = (
  workload: WorkloadObject,
  ticket: Ticket,
  context: RequestContext,
) => Promise<MutationOutcome<WorkloadObject>>;

/** What is done to an application and, as far as that is new to each, to all of its workloads (CMP-42). */
export function registerApplicationOperations(builder: LongshoreBuilder): void {
  registerOperation(builder, {
    operation: 'STOP',
    name: 'stopApplication',
    action: 'STOP',
    description:
      'Stops all workloads of an application, as `stopWorkload` does. Refused with `APPLICATION_STOPPED` where it is STOPPED already, unless the profile lets that pass, and with `APPLICATION_EMPTY` without workloads (CMP-42).',
    batch: { name: 'stopApplications', description: 'Stops several applications.' },
    success: 'Its workloads are stopped; their pods follow.',
    work: (workload, ticket, context) =>
      patchWorkload(workload, (current) => (isStopped(current) ? {} : stopPatch(current)), ticket, context),
  });
  registerOperation(builder, {
    operation: 'START',
    name: 'startApplication',
    action: 'START',
    description:
      'Starts all workloads of a STOPPED application, as `startWorkload` does. Refused with `APPLICATION_NOT_STOPPED` in any other state, and with `APPLICATION_EMPTY` without workloads (CMP-42).',
    batch: { name: 'startApplications', description: 'Starts several stopped applications.' },
    success: 'Its workloads are started; their pods follow.',
    work: startWorkload,
  });
  registerOperation(builder, {
    operation: 'REDEPLOY',
    name: 'redeployApplication',
    action: 'RESTART',
    description:
      'Replaces all pods of an application by new ones, as `restartWorkload` does; what has no rollout is left out. Refused with `APPLICATION_STOPPED` where it is STOPPED, and with `APPLICATION_EMPTY` without workloads (CMP-42).',
    batch: { name: 'redeployApplications', description: 'Replaces all pods of several applications.' },
    success: 'The rollouts have begun; the pods follow.',
    work: (workload, ticket, context) =>
      patchWorkload(workload, () => restartPatch(context.clock.now()), ticket, context),
  });
}

interface OperationSpecification {
  readonly operation: ApplicationOperation;
  readonly name: string;
  readonly action: 'START' | 'STOP' | 'RESTART';
  readonly description: string;
  readonly batch: { readonly name: string; readonly description: string };
  readonly success: string;
  readonly work: Work;
}

function registerOperation(builder: LongshoreBuilder, spec: OperationSpecification): void {
  const { operation, name, action, description, batch, work } = spec;
  registerMutation(builder, {
    name,
    description,
    // What profiles call it: APPLICATION_REDEPLOY (CORE-26).
    batch: { ...batch, verb: operation },
    allow: { action, subject: applicationSubject },
    mustConfirm: 'BY_PROFILE',
    input: (t) => ({ id: t.id({ required: true, description: "The application's global id." }) }),
    success: { description: spec.success, fields: applicationWithResults },
    load: async ({ id }, context) => {
      const application = await findApplication(String(id), context);
      return {
        value: application,
        instance: instanceOfApplication(application),
        record: recordTargetOf(application),
      };
    },
    run: async (_input, application, ticket, context) => {
      const workloads = await loadAllWorkloads(application, context);
      const { state } = observeWorkloads(workloads);
      const profile = await profileOfApplication(application, context);
      requireApplicationOperation(operation, application.name, state, profile);
      requireOnEach(action, workloads, context);
      const results = await doToWorkloads(workloads, async (workload) => {
        const obstacle = await obstacleTo(action, workload, context);
        return obstacle ?? work(workload, ticket, context);
      });
      return { value: { application, results }, resultId: application.id, recorded: changesOf(results) };
    },
    replay: (node): ApplicationWithResults | null => (isApplication(node) ? { application: node, results: [] } : null),
  });
}

async function startWorkload(
  workload: WorkloadObject,
  ticket: Ticket,
  context: RequestContext,
): Promise<MutationOutcome<WorkloadObject>> {
  const { cluster } = workload[origin];
  const profile = context.services.profiles.at({ cluster, namespace: workload.metadata.namespace });
  const replicasOf = (current: WorkloadObject) => replicasToStart(current, profile);
  const misfits = await checkDisksOf(workload, replicasOf(workload), ['id'], context);
  if (misfits.length > 0) throw new ValidationError(misfits);
  await requireQuotaOfMore(workload, replicasOf(workload), context);
  return patchWorkload(workload, (current) => startPatch(current, replicasOf(current)), ticket, context);
}

export interface ApplicationWithResults {
  readonly application: Application;
  readonly results: readonly WorkloadResult[];
}

export const changesOf = (results: readonly WorkloadResult[]) => results.flatMap(({ changed }) => changed ?? []);

/** What mutations on several workloads of an application answer. */
export function applicationWithResults(t: FieldBuilder<MutationSuccess<ApplicationWithResults>>) {
  return {
    application: t.field({
      type: applicationTypeRef,
      description: 'The application.',
      resolve: ({ value }) => value.application,
    }),
    results: t.field({
      type: [workloadResultRef],
      description: 'What became of each workload; empty where the answer is given again by its idempotency key.',
      resolve: ({ value }) => [...value.results],
    }),
  };
}

/** A workload's kind as its writer wants it. */
export function kindOf(workload: WorkloadObject): KindRef {
  const { cluster: _cluster, ...kind } = workload[origin];
  return kind as KindRef;
}
