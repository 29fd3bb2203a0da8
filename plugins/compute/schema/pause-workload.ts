import { idOfObject, type KindRef, type LongshoreBuilder, origin, registerMutation, subjectOf } from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { pausePatch } from '../services/operations/pause-patch.ts';
import { requireOperation } from '../services/operations/require-operation.ts';
import { anyWorkloadKinds, isWorkload } from '../services/workload-kinds.ts';
import { loadWorkload } from './load-workload.ts';
import { workloadSuccess } from './workload-success.ts';

/** Two mutations with one way: pausing a rollout, and going on with it. */
export function registerPauseWorkload(builder: LongshoreBuilder): void {
  registerPausing(builder, {
    name: 'pauseWorkload',
    action: 'PAUSE',
    paused: true,
    description:
      'Pauses the rollout of a Deployment, CloneSet or Advanced StatefulSet: its pods run on, changes of its template wait until `resumeWorkload`. Refused with `NOT_PAUSABLE` for other kinds and with `WORKLOAD_PAUSED` where it is paused already; by profile with `KIND_NOT_OFFERED` (CMP-72).',
    done: 'Its rollout is paused.',
  });
  registerPausing(builder, {
    name: 'resumeWorkload',
    action: 'RESUME',
    paused: false,
    description:
      'Goes on with the rollout of a paused Deployment, CloneSet or Advanced StatefulSet. Refused with `NOT_PAUSABLE` for other kinds and with `WORKLOAD_NOT_PAUSED` where it is not paused; by profile with `KIND_NOT_OFFERED` (CMP-72).',
    done: 'It goes on with its rollout.',
  });
}

interface Pausing {
  readonly name: 'pauseWorkload' | 'resumeWorkload';
  readonly action: 'PAUSE' | 'RESUME';
  readonly paused: boolean;
  readonly description: string;
  readonly done: string;
}

function registerPausing(
  builder: LongshoreBuilder,
  { name: mutation, action, paused, description, done }: Pausing,
): void {
  registerMutation(builder, {
    name: mutation,
    description,
    allow: { action, subject: anyWorkloadKinds.map(subjectOf) },
    input: (t) => ({ id: t.id({ required: true, description: "The workload's id." }) }),
    success: workloadSuccess(done),
    load: ({ id }, context) => loadWorkload(String(id), context),
    async run(_input, workload, ticket, context) {
      await requireOperation(action, workload, context);
      const { cluster, ...kind } = workload[origin];
      const { namespace, name, uid } = workload.metadata;
      const writer = context.cluster(cluster).writer(context.principal);
      const patch = pausePatch(workload, paused);
      const { object, warnings } = await writer.patch(ticket, kind as KindRef, namespace, name, patch, { uid });
      return {
        value: object as unknown as WorkloadObject,
        resultId: idOfObject(workload),
        before: workload,
        after: object,
        warnings,
      };
    },
    replay: (node): WorkloadObject | null => (isWorkload(node) ? node : null),
  });
}
