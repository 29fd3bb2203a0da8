import { type LongshoreBuilder, registerMutation, subjectOf } from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { anyWorkloadKinds } from '../api.ts';
import { restartPatch } from '../services/operations/restart-patch.ts';
import { isWorkload } from '../services/workload-kinds.ts';
import { loadWorkload } from './load-workload.ts';
import { operateByPatch } from './patch-workload.ts';
import { workloadSuccess } from './workload-success.ts';

export function registerRestartWorkload(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'restartWorkload',
    description:
      'Replaces all pods of a Deployment, StatefulSet or DaemonSet by a new rollout, as `kubectl rollout restart` does. With the strategy `ON_DELETE` nothing happens until pods are deleted. Refused with `WORKLOAD_PAUSED`, `WORKLOAD_STOPPED`, with `NOT_RESTARTABLE` for other kinds, and with `KIND_NOT_OFFERED` by profile (CMP-71, CMP-72).',
    batch: {
      name: 'restartWorkloads',
      description: 'Replaces all pods of each of several workloads by a new rollout.',
    },
    allow: { action: 'RESTART', subject: anyWorkloadKinds.map(subjectOf) },
    input: (t) => ({ id: t.id({ required: true, description: "The workload's id." }) }),
    success: workloadSuccess('The rollout has begun; the pods follow.'),
    load: ({ id }, context) => loadWorkload(String(id), context),
    run: (_input, workload, ticket, context) =>
      operateByPatch('RESTART', workload, () => restartPatch(context.clock.now()), ticket, context),
    replay: (node): WorkloadObject | null => (isWorkload(node) ? node : null),
  });
}
