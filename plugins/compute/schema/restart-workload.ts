import { idOfObject, type KindRef, type LongshoreBuilder, origin, registerMutation, subjectOf } from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { requireOperation } from '../services/operations/require-operation.ts';
import { restartPatch } from '../services/operations/restart-patch.ts';
import { anyWorkloadKinds, isWorkload } from '../services/workload-kinds.ts';
import { loadWorkload } from './load-workload.ts';
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
    async run(_input, workload, ticket, context) {
      await requireOperation('RESTART', workload, context);
      const { cluster, ...kind } = workload[origin];
      const { namespace, name, uid } = workload.metadata;
      const writer = context.cluster(cluster).writer(context.principal);
      const patch = restartPatch(context.clock.now());
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
