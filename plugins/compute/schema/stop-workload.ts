import { type LongshoreBuilder, origin, registerMutation, subjectOf, ValidationError } from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { anyWorkloadKinds } from '../api.ts';
import { checkDisksOf } from '../services/operations/check-disks-of.ts';
import { requireOperation } from '../services/operations/require-operation.ts';
import { isStopped, replicasToStart, startPatch, stopPatch } from '../services/operations/stopped-state.ts';
import { requireQuotaOfMore } from '../services/quotas/require-quota.ts';
import { isWorkload } from '../services/workload-kinds.ts';
import { loadWorkload } from './load-workload.ts';
import { operateByPatch, unchangedWorkload } from './patch-workload.ts';
import { workloadSuccess } from './workload-success.ts';

const replay = (node: unknown): WorkloadObject | null => (isWorkload(node) ? node : null);

/** Stopping a workload and starting it again (CMP-72). */
export function registerStopWorkload(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'stopWorkload',
    description:
      'Stops a workload: its pods end and free what they hold, it stays. Deployments, StatefulSets and bare ReplicaSets are scaled to 0 and remember how many pods they had; a DaemonSet selects nodes that there are none of; Jobs and CronJobs are suspended. Refused with `WORKLOAD_STOPPED` where it is stopped already and the profile does not let that pass, with `WORKLOAD_FINISHED`, `MANAGED_BY_OWNER`, and with `KIND_NOT_OFFERED` where the profile stops no workloads of this kind (CMP-71, CMP-72).',
    batch: { name: 'stopWorkloads', description: 'Stops several workloads.' },
    allow: { action: 'STOP', subject: anyWorkloadKinds.map(subjectOf) },
    input: (t) => ({ id: t.id({ required: true, description: "The workload's id." }) }),
    success: workloadSuccess('It is stopped; its pods follow. Nothing was done where it was stopped already.'),
    load: ({ id }, context) => loadWorkload(String(id), context),
    async run(_input, workload, ticket, context) {
      if (isStopped(workload)) {
        await requireOperation('STOP', workload, context);
        return unchangedWorkload(workload);
      }
      const patchOf = (current: WorkloadObject) => (isStopped(current) ? {} : stopPatch(current));
      return operateByPatch('STOP', workload, patchOf, ticket, context);
    },
    replay,
  });
  registerMutation(builder, {
    name: 'startWorkload',
    description:
      'Starts a stopped workload with as many pods as it had, as far as the profile allows them now, or as many as new ones have where it was scaled to 0 by hand; suspended Jobs and CronJobs go on. Refused with `WORKLOAD_NOT_STOPPED`, `MANAGED_BY_OWNER`, with `KIND_NOT_OFFERED` by profile, and where more pods would share a disk of one node than the profile allows (CMP-54, CMP-71, CMP-72).',
    batch: { name: 'startWorkloads', description: 'Starts several stopped workloads.' },
    allow: { action: 'START', subject: anyWorkloadKinds.map(subjectOf) },
    input: (t) => ({ id: t.id({ required: true, description: "The workload's id." }) }),
    success: workloadSuccess('It is started; its pods follow.'),
    load: ({ id }, context) => loadWorkload(String(id), context),
    async run(_input, workload, ticket, context) {
      const { cluster } = workload[origin];
      const profile = context.services.profiles.at({ cluster, namespace: workload.metadata.namespace });
      const patchOf = async (current: WorkloadObject) => {
        const replicas = replicasToStart(current, profile);
        const misfits = await checkDisksOf(current, replicas, ['id'], context);
        if (misfits.length > 0) throw new ValidationError(misfits);
        await requireQuotaOfMore(current, replicas, context);
        return startPatch(current, replicas);
      };
      return operateByPatch('START', workload, patchOf, ticket, context);
    },
    replay,
  });
}
