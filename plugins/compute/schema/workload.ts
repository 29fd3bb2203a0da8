import {
  defineKubernetesList,
  type KindRef,
  type KubernetesFilter,
  kubernetesObjectRef,
  type ListRows,
  type LongshoreBuilder,
  listKubernetesObjects,
  type MaybePromise,
  mapMaybe,
  named,
  nodeRef,
  origin,
  readObject,
  registerEnum,
  registerKubernetesChanges,
  registerList,
  registerQuery,
  relatedRows,
  relationField,
  resolveTypeOfNode,
  subjectOf,
} from 'longshore/sdk';
import { anyWorkloadKinds, type WorkloadObject, workloadKinds, workloadTypeRef } from '../api.ts';
import { podsOfWorkload } from '../services/find-pods.ts';
import { desiredReplicasOf, imagesOf, readyReplicasOf, selectorOf } from '../services/workload-facts.ts';
import { isOwnedByWorkload, type WorkloadKindName, workloadKindOf } from '../services/workload-kinds.ts';
import { type WorkloadStatus, workloadStatus, workloadStatuses } from '../services/workload-status.ts';
import { registerWorkloadCounts } from './counts/workload-counts.ts';

interface WorkloadFilter extends KubernetesFilter {
  readonly kinds?: readonly WorkloadKindName[] | null | undefined;
  readonly statuses?: readonly WorkloadStatus[] | null | undefined;
  readonly includeOwned?: boolean | null | undefined;
}

const allow = { action: 'READ', subject: anyWorkloadKinds.map(subjectOf) };

/** The interface over everything that runs pods, its list and its stream. */
export function registerWorkload(builder: LongshoreBuilder): void {
  registerWorkloadInterface(builder);
  const list = defineWorkloadList(builder);
  registerQuery(builder, {
    name: 'workload',
    description: 'One workload by its kind and name; null where it is not there for you.',
    allow,
    type: workloadTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      kind: t({ type: named('WorkloadKind'), required: true, description: 'Its kind.' }),
      namespace: t.string({ required: true, description: 'Its namespace.' }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, kind, namespace, name }, context) =>
      readObject(
        context,
        workloadKinds[kind as WorkloadKindName] as KindRef,
        cluster,
        namespace,
        name,
      ) as MaybePromise<never>,
  });
  registerList(builder, {
    name: 'workloads',
    description:
      'Deployments, StatefulSets, DaemonSets, CronJobs, Jobs, ReplicaSets, and CloneSets and StatefulSets of OpenKruise, of all clusters that you may see; without those that another workload owns, unless `includeOwned` is set.',
    allow,
    list,
    rows(args, context) {
      const { kinds, includeOwned } = (args.filter ?? {}) as WorkloadFilter;
      const asked = kinds
        ? [...new Set(kinds)].map((kind): KindRef => workloadKinds[kind] as KindRef)
        : anyWorkloadKinds;
      return mapMaybe(listKubernetesObjects(asked, args, context), (found) => ({
        ...found,
        items: includeOwned ? found.items : withoutOwned(found.items),
      })) as MaybePromise<ListRows<WorkloadObject>>;
    },
  });
  registerKubernetesChanges(builder, {
    name: 'workloadChanges',
    description:
      'Workloads as they come, change and go; without those that another workload owns, unless `includeOwned` is set.',
    allow,
    kinds: anyWorkloadKinds,
    itemField: 'workload',
    itemType: workloadTypeRef,
    itemDescription: 'The workload after the change; of a deleted one the last state known.',
    list: list as never,
    isMember: (object, filter: WorkloadFilter | null | undefined) =>
      filter?.includeOwned === true || !isOwnedByWorkload(object),
  });
  registerWorkloadCounts(builder, list as never);
}

function* withoutOwned<T extends Parameters<typeof isOwnedByWorkload>[0]>(objects: Iterable<T>): Iterable<T> {
  for (const object of objects) if (!isOwnedByWorkload(object)) yield object;
}

function defineWorkloadList(builder: LongshoreBuilder) {
  return defineKubernetesList(builder, {
    name: 'Workload',
    node: workloadTypeRef,
    plural: 'workloads',
    isNamespaced: true,
    filter: (t) => ({
      kinds: t.field({ type: [named('WorkloadKind')], description: 'Of one of these kinds.' }),
      statuses: t.field({ type: [named('WorkloadStatus')], description: 'In one of these states.' }),
      includeOwned: t.boolean({
        description:
          "Also those that another workload owns: a Deployment's ReplicaSets, a CronJob's Jobs. Default false.",
      }),
    }),
    matches(filter) {
      const kinds = filter.kinds ? new Set(filter.kinds as readonly WorkloadKindName[]) : undefined;
      const statuses = filter.statuses ? new Set(filter.statuses as readonly WorkloadStatus[]) : undefined;
      return (object) => {
        const kind = workloadKindOf(object);
        if (kinds && (kind === undefined || !kinds.has(kind))) return false;
        return !statuses || statuses.has(workloadStatus(object));
      };
    },
    orders: {
      KIND: { description: 'By kind.', value: (object) => object.kind },
      STATUS: { description: 'By status.', value: workloadStatus },
      READY: { description: 'By number of ready pods.', value: readyReplicasOf },
      DESIRED: { description: 'By number of wanted pods.', value: desiredReplicasOf },
    },
  });
}

function registerWorkloadInterface(builder: LongshoreBuilder): void {
  registerEnum(builder, 'WorkloadStatus', 'How a workload does, in one word for every kind.', workloadStatuses);
  registerEnum(builder, 'WorkloadKind', 'The kinds that implement `Workload`.', {
    DEPLOYMENT: 'Deployment (apps/v1).',
    STATEFUL_SET: 'StatefulSet (apps/v1).',
    DAEMON_SET: 'DaemonSet (apps/v1).',
    REPLICA_SET: 'ReplicaSet (apps/v1).',
    JOB: 'Job (batch/v1).',
    CRON_JOB: 'CronJob (batch/v1).',
    CLONE_SET: 'CloneSet (apps.kruise.io/v1alpha1), where OpenKruise is installed.',
    ADVANCED_STATEFUL_SET: 'StatefulSet of OpenKruise (apps.kruise.io/v1beta1), a TApp, where it is installed.',
  });
  builder.interfaceType(workloadTypeRef, {
    description:
      'What makes pods and keeps them: Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, and CloneSet and Advanced StatefulSet of OpenKruise.',
    interfaces: [nodeRef, kubernetesObjectRef],
    resolveType: (workload, context) => resolveTypeOfNode(workload as never, context),
    fields: (t) => ({
      status: t.field({
        type: named('WorkloadStatus'),
        description: 'How it does, from its spec, status and conditions.',
        resolve: (workload) => workloadStatus(workload) as never,
      }),
      desiredReplicas: t.int({
        nullable: true,
        description: 'Pods wanted: replicas, nodes that match (DaemonSet), parallelism (Job). Null for a CronJob.',
        resolve: (workload) => desiredReplicasOf(workload) ?? null,
      }),
      readyReplicas: t.int({
        nullable: true,
        description: 'Pods that are ready. Null for a CronJob.',
        resolve: (workload) => readyReplicasOf(workload) ?? null,
      }),
      images: t.stringList({ description: 'Images of its main containers, without duplicates.', resolve: imagesOf }),
      selector: t.string({
        nullable: true,
        description: 'Label selector that finds its pods, as Kubernetes writes it. Null for a CronJob.',
        resolve: (workload) => selectorOf(workload) ?? null,
      }),
      pods: relationField(builder, t as never, {
        description: 'Pods that it controls, itself or through its ReplicaSets or Jobs.',
        of: 'Pod',
        rows: (workload: WorkloadObject, context) =>
          relatedRows(context, workload[origin].cluster, (reader) => podsOfWorkload(reader, workload)),
      }) as never,
    }),
  });
}
