import {
  type LongshoreBuilder,
  named,
  origin,
  PreconditionError,
  registerMutation,
  subjectOf,
  ValidationError,
  warnOfChange,
} from 'longshore/sdk';
import type { AdvancedStatefulSetObject, PodObject, WorkloadObject } from '../api.ts';
import { anyWorkloadKinds } from '../api.ts';
import { checkReplicas } from '../services/check-scale.ts';
import { podsOfWorkload } from '../services/find-pods.ts';
import { checkNames } from '../services/instances/check-names.ts';
import { isInstanceSet, keptByPartition, type TaggedInstanceSet } from '../services/instances/instance-set.ts';
import type { ContainerImage } from '../services/instances/plan-instance-update.ts';
import { planInstanceUpdate } from '../services/instances/plan-instance-update.ts';
import { planKill, planStart } from '../services/instances/plan-kill.ts';
import { revisionsOf } from '../services/revisions/workload-revisions.ts';
import { isWorkload, tagWorkload } from '../services/workload-kinds.ts';
import { loadWorkload } from './load-workload.ts';
import { operateByPatch } from './patch-workload.ts';
import { workloadSuccess } from './workload-success.ts';

const replay = (node: unknown): WorkloadObject | null => (isWorkload(node) ? node : null);
const ofAnyKind = anyWorkloadKinds.map(subjectOf);

/** Instances of a TApp are killed, started and updated one by one (CMP-79, CMP-80, CMP-88). */
export function registerWorkloadInstances(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'killWorkloadInstances',
    description:
      'Ends some instances of a TApp and keeps the others, each under its number; they stay away until `startWorkloadInstances`. Refused with `INSTANCES_ALIKE` for other kinds of workloads (CMP-79).',
    allow: { action: 'STOP', subject: ofAnyKind },
    input: (t) => ({
      id: t.id({ required: true, description: "The TApp's id." }),
      instances: t.stringList({ required: true, description: 'Names of the instances, as `instances` has them.' }),
    }),
    success: workloadSuccess('The instances end.'),
    validate: ({ instances }) => checkNames(instances),
    load: ({ id }, context) => loadWorkload(String(id), context),
    run({ instances }, workload, ticket, context) {
      const patchOf = (current: WorkloadObject) => planKill(current as AdvancedStatefulSetObject, instances);
      return operateByPatch('KILL_INSTANCES', workload, patchOf, ticket, context);
    },
    replay,
  });
  registerMutation(builder, {
    name: 'startWorkloadInstances',
    description:
      'Brings instances of a TApp back that were killed, under their old numbers. Refused with `INSTANCES_ALIKE` for other kinds of workloads (CMP-79).',
    allow: { action: 'START', subject: ofAnyKind },
    input: (t) => ({
      id: t.id({ required: true, description: "The TApp's id." }),
      instances: t.stringList({ required: true, description: 'Names of the instances, as `instances` has them.' }),
    }),
    success: workloadSuccess('The instances come back.'),
    validate: ({ instances }) => checkNames(instances),
    load: ({ id }, context) => loadWorkload(String(id), context),
    run({ instances }, workload, ticket, context) {
      const { cluster } = workload[origin];
      const profile = context.services.profiles.at({ cluster, namespace: workload.metadata.namespace });
      const planned = (current: WorkloadObject) => {
        const patch = planStart(current as AdvancedStatefulSetObject, instances);
        const issues = checkReplicas(patch.spec.replicas, profile).map((issue) => ({ ...issue, path: ['instances'] }));
        if (issues.length > 0) throw new ValidationError(issues);
        return patch;
      };
      return operateByPatch('START_INSTANCES', workload, planned, ticket, context);
    },
    replay,
  });
  registerUpdateInstances(builder);
}

function registerUpdateInstances(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateWorkloadInstances',
    description:
      'Gives all instances of a TApp or CloneSet another image, or only some: an upgrade, a gray upgrade, or the way back to an earlier image. The others go on with what they run, so several versions may run at once; one of an older version than the last two that is made anew comes back with one of these. Refused with `INSTANCES_ALIKE` for other kinds of workloads, with `WORKLOAD_PAUSED`, and with `ROLLOUT_UNFINISHED` where some are named while others are still being made, ended or updated (CMP-79, CMP-80).',
    allow: { action: 'UPDATE', subject: ofAnyKind },
    input: (t) => ({
      id: t.id({ required: true, description: "The workload's id." }),
      instances: t.stringList({
        description: 'Names of the instances, as `instances` has them; all of them without it.',
      }),
      images: t.field({
        type: [named('ContainerImageInput')],
        required: true,
        description: 'Another image for one container or more.',
      }),
    }),
    success: workloadSuccess('The instances are being updated.'),
    validate: ({ instances }) => (instances ? checkNames(instances) : []),
    load: ({ id }, context) => loadWorkload(String(id), context),
    ...warnOfChange(builder, (_input: object, workload: WorkloadObject) => workload),
    run({ instances, images }, workload, ticket, context) {
      const reader = context.kube(workload[origin].cluster);
      const patchOf = async (current: WorkloadObject): Promise<object> => {
        const tagged = tagWorkload(current);
        if (!isInstanceSet(tagged)) throw new Error('compute.update-instances: it has no instances');
        const pods = await podsOfWorkload(reader, current);
        if (instances) requireFinished(tagged, pods);
        const { kind, object: set } = tagged;
        return planInstanceUpdate({
          kind,
          set,
          pods,
          revisions: await revisionsOf(reader, current),
          instances: instances ?? undefined,
          images: images as readonly ContainerImage[],
        });
      };
      return operateByPatch('UPDATE_INSTANCES', workload, patchOf, ticket, context);
    },
    replay,
  });
}

/** While it has not done what it was told, nobody can say which instances are meant to stay as they are. */
function requireFinished({ object }: TaggedInstanceSet, pods: readonly PodObject[]): void {
  const { status, spec, metadata } = object;
  const isSeen = metadata.generation === undefined || (status?.observedGeneration ?? 0) >= metadata.generation;
  const replicas = spec?.replicas ?? 1;
  const isUpdated = (status?.updatedReplicas ?? 0) >= replicas - keptByPartition(object);
  const isComplete = pods.length === replicas && pods.every((pod) => pod.metadata.deletionTimestamp === undefined);
  if (isSeen && isUpdated && isComplete) return;
  const message = `${object.kind} '${metadata.name}' still makes, ends or updates other instances: wait for them, or update all`;
  throw new PreconditionError('ROLLOUT_UNFINISHED', message);
}
