import { type LongshoreBuilder, mapMaybe, origin, registerMutation, subjectOf, warnOfChange } from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { anyWorkloadKinds } from '../api.ts';
import { planRollBack } from '../services/revisions/plan-roll-back.ts';
import { revisionsOf } from '../services/revisions/workload-revisions.ts';
import { isWorkload } from '../services/workload-kinds.ts';
import { loadWorkload } from './load-workload.ts';
import { operateByPatch } from './patch-workload.ts';
import { workloadSuccess } from './workload-success.ts';

export function registerRollBackWorkload(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'rollBackWorkload',
    description:
      'Brings the pod template of a Deployment, StatefulSet or DaemonSet back to a version that the cluster keeps, as a new rollout; the number of replicas stays. With `dryRun` its `changes` are the preview. Refused with `REVISION_IS_CURRENT`, `WORKLOAD_PAUSED`, with `NO_REVISIONS` for other kinds, and with `KIND_NOT_OFFERED` where the profile rolls back no workloads of this kind (CMP-77).',
    allow: { action: 'ROLL_BACK', subject: anyWorkloadKinds.map(subjectOf) },
    input: (t) => ({
      id: t.id({ required: true, description: "The workload's id." }),
      revision: t.int({
        description: 'Number of the version; without it the one before the present, as `kubectl rollout undo` does.',
      }),
    }),
    success: workloadSuccess('The rollout back has begun; the pods follow.'),
    load: ({ id }, context) => loadWorkload(String(id), context),
    // Which template comes back is known only when it is written.
    ...warnOfChange(builder, (_input: object, workload: WorkloadObject) => workload),
    run({ revision }, workload, ticket, context) {
      const reader = context.kube(workload[origin].cluster);
      const patchOf = (current: WorkloadObject) =>
        mapMaybe(revisionsOf(reader, current), (revisions) => planRollBack(current, revisions, revision ?? undefined));
      return operateByPatch('ROLL_BACK', workload, patchOf, ticket, context);
    },
    replay: (node): WorkloadObject | null => (isWorkload(node) ? node : null),
  });
}
