import { type LongshoreBuilder, registerMutation, subjectOf } from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { anyWorkloadKinds } from '../api.ts';
import { pausePatch } from '../services/operations/pause-patch.ts';
import { isWorkload } from '../services/workload-kinds.ts';
import { loadWorkload } from './load-workload.ts';
import { operateByPatch } from './patch-workload.ts';
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
    run: (_input, workload, ticket, context) =>
      operateByPatch(action, workload, (current) => pausePatch(current, paused), ticket, context),
    replay: (node): WorkloadObject | null => (isWorkload(node) ? node : null),
  });
}
