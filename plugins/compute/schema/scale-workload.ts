import {
  type FieldBuilder,
  type KindRef,
  type LongshoreBuilder,
  type MutationSuccess,
  named,
  origin,
  type ProfilePlace,
  registerMutation,
  subjectOf,
  warnOfChange,
} from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { anyWorkloadKinds } from '../api.ts';
import { checkReplicas } from '../services/check-scale.ts';
import { checkNames } from '../services/instances/check-names.ts';
import { isWorkload } from '../services/workload-kinds.ts';
import { loadWorkload } from './load-workload.ts';
import { costPerHourField } from './metering/cost-per-hour.ts';
import { writeAsRead } from './patch-workload.ts';
import { type InstanceWish, requireScaling, scaleInstances } from './scale-instances.ts';
import { workloadSuccess } from './workload-success.ts';

const { description, fields } = workloadSuccess('The number of replicas is set; the pods follow.');
const scaleSuccess = {
  description,
  fields: (t: FieldBuilder<MutationSuccess<WorkloadObject>>) => ({
    ...fields(t),
    costPerHour: costPerHourField(t, (workload) => workload),
  }),
};

export function registerScaleWorkload(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'scaleWorkload',
    description:
      'Sets how many pods a Deployment, StatefulSet or bare ReplicaSet has. Refused with `NOT_SCALABLE` for other kinds, with `MANAGED_BY_OWNER` for the ReplicaSet of a Deployment, and by profile with `KIND_NOT_OFFERED`, with `WORKLOAD_STOPPED`, with `AUTOSCALED` where a HorizontalPodAutoscaler scales it, and where the pods would share a disk of one node (CMP-54, CMP-71, CMP-78).',
    batch: { name: 'scaleWorkloads', description: 'Sets how many pods each of several workloads has.' },
    allow: { action: 'SCALE', subject: anyWorkloadKinds.map(subjectOf) },
    input: (t) => ({
      id: t.id({ required: true, description: "The workload's id." }),
      replicas: t.int({
        required: true,
        description: "Pods wanted: `replicas.min` to `replicas.max` of the cluster's profile.",
      }),
      removeInstances: t.stringList({
        description:
          'Scaling in a TApp or CloneSet: names of the instances to take away, as many as `replicas` is fewer. Without it Kubernetes chooses; other kinds refuse it with `INSTANCES_ALIKE` (CMP-79).',
      }),
      newInstanceImages: t.field({
        type: [named('ContainerImageInput')],
        description:
          'Scaling out a TApp or CloneSet: images of the new instances; those that are there stay as they are. Other kinds refuse it with `INSTANCES_ALIKE` (CMP-79).',
      }),
    }),
    success: scaleSuccess,
    validate: ({ removeInstances }) => (removeInstances ? checkNames(removeInstances, 'removeInstances') : []),
    load: ({ id }, context) => loadWorkload(String(id), context),
    check: ({ replicas }, workload, { services }) => checkReplicas(replicas, services.profiles.at(placeOf(workload))),
    // Another number is nobody's harm; another image is another template.
    ...warnOfChange(
      builder,
      ({ newInstanceImages }: { readonly newInstanceImages?: unknown }, workload: WorkloadObject) =>
        newInstanceImages ? workload : undefined,
    ),
    run({ replicas, removeInstances, newInstanceImages }, workload, ticket, context) {
      if (removeInstances || newInstanceImages) {
        const wish = {
          replicas,
          removeInstances,
          newInstanceImages: newInstanceImages as InstanceWish['newInstanceImages'],
        };
        return scaleInstances(workload, wish, ticket, context);
      }
      const { cluster, ...kind } = workload[origin];
      const { namespace = '', name, uid } = workload.metadata;
      const writer = context.cluster(cluster).writer(context.principal);
      const decided = async (current: WorkloadObject): Promise<object> => {
        await requireScaling(current, replicas, context);
        return {};
      };
      return writeAsRead(workload, decided, context, (_patch, resourceVersion) =>
        writer.scale(ticket, kind as KindRef, namespace, name, replicas, { uid, resourceVersion }),
      );
    },
    replay: (node): WorkloadObject | null => (isWorkload(node) ? node : null),
  });
}

/** Where a workload's profile is asked for. */
function placeOf({ metadata, [origin]: { cluster } }: WorkloadObject): ProfilePlace {
  return { cluster, namespace: metadata.namespace };
}
