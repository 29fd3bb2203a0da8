import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  clusterRef,
  defineKubernetesList,
  enumValue,
  idOfOperation,
  type LongshoreBuilder,
  mapMaybe,
  named,
  operationRecordRef,
  origin,
  type RequestContext,
  registerEnum,
  registerKubernetesType,
  relatedRows,
  relationField,
  resolveNode,
  typeRef,
} from 'longshore/sdk';
import { type ClusterChange, clusterChangesRef } from '../../services/managed-clusters/cluster-changes.ts';
import {
  clusterPhases,
  deploymentOf,
  groupsOf,
  isControlPlane,
  machinePhases,
  managedClusterStates,
  type NodeTask,
  nodeTaskNames,
  stateOfCluster,
  tasksOf,
} from '../../services/managed-clusters/cluster-facts.ts';
import {
  clusterKey,
  flavorAnnotation,
  groupNameLabel,
  type MachineDeploymentObject,
  type MachineObject,
  type ManagedClusterObject,
  machineDeploymentKind,
  machineKind,
  managedClusterKind,
  registeredAnnotation,
  type TopologyGroup,
} from '../../services/managed-clusters/kinds.ts';
import { diskOf, machineDiskRef, registerMachineDisk } from './machine-disk.ts';

interface MachineGroup {
  readonly group: TopologyGroup;
  readonly deployment: MachineDeploymentObject | undefined;
  readonly unit: string | undefined;
}

export const managedClusterRef = typeRef<ManagedClusterObject>('ManagedCluster');
const groupRef = typeRef<MachineGroup>('MachineGroup');
const machineRef = typeRef<MachineObject>('ManagedMachine');
const taskRef = typeRef<NodeTask>('NodeTask');

/** Clusters that Cluster API makes and keeps, as their management cluster has them (CMP-07, CMP-25). */
export function registerManagedCluster(builder: LongshoreBuilder): void {
  registerEnums(builder);
  registerMachines(builder);
  registerKubernetesType(builder, {
    ref: managedClusterRef,
    kind: managedClusterKind,
    description:
      'A cluster that Cluster API makes and keeps: the kind Cluster (cluster.x-k8s.io/v1beta2) of a management cluster. Once it is made it is served as `registeredCluster`.',
    fields: (t) => ({
      state: t.field({
        type: named('ManagedClusterState'),
        description: 'How it stands, and what the platform is doing to it (CMP-07, CMP-14).',
        resolve: async (cluster, _args, context) => {
          const change = await changeOf(cluster, context);
          const isRollbackFailed = change?.phase === 'ROLLBACK_FAILED';
          return stateOfCluster(cluster, change && { kind: change.kind, isRollbackFailed }) as never;
        },
      }),
      operation: t.field({
        type: operationRecordRef,
        nullable: true,
        description:
          'What the platform is doing to it at the moment, with its steps; null where nothing, and for who may not see it.',
        resolve: async (cluster, _args, context) => {
          const change = await changeOf(cluster, context);
          if (!change) return null;
          return (await resolveNode(
            idOfOperation({ id: change.id, isDryRun: false, note: () => undefined }),
            context,
          )) as never;
        },
      }),
      phase: t.field({
        type: named('ManagedClusterPhase'),
        description: 'How far Cluster API is with it.',
        resolve: ({ status }) => enumValue(clusterPhases, status?.phase) as never,
      }),
      rawPhase: t.string({
        nullable: true,
        description: 'The phase as Cluster API writes it; null before it has looked.',
        resolve: ({ status }) => status?.phase ?? null,
      }),
      kubernetesVersion: t.string({
        nullable: true,
        description: 'The version of Kubernetes that it shall have, e.g. `v1.35.2`.',
        resolve: ({ spec }) => spec?.topology?.version ?? null,
      }),
      clusterClass: t.string({
        nullable: true,
        description: 'Name of the ClusterClass that it is made by; null for one without a topology.',
        resolve: ({ spec }) => spec?.topology?.classRef?.name ?? null,
      }),
      podCidrs: t.stringList({
        description: 'Networks of its pods; empty where its provider chooses.',
        resolve: ({ spec }) => [...(spec?.clusterNetwork?.pods?.cidrBlocks ?? [])],
      }),
      serviceCidrs: t.stringList({
        description: 'Networks of its Services; empty where its provider chooses.',
        resolve: ({ spec }) => [...(spec?.clusterNetwork?.services?.cidrBlocks ?? [])],
      }),
      desiredControlPlaneCount: t.int({
        nullable: true,
        description: 'How many control-plane nodes it shall have; null where nobody says.',
        resolve: ({ spec, status }) =>
          spec?.topology?.controlPlane?.replicas ?? status?.controlPlane?.desiredReplicas ?? null,
      }),
      readyControlPlaneCount: t.int({
        description: 'How many of them are ready.',
        resolve: ({ status }) => status?.controlPlane?.readyReplicas ?? 0,
      }),
      desiredWorkerCount: t.int({
        nullable: true,
        description: 'How many workers it shall have; null before anybody has counted.',
        resolve: ({ status }) => status?.workers?.desiredReplicas ?? null,
      }),
      readyWorkerCount: t.int({
        description: 'How many of them are ready.',
        resolve: ({ status }) => status?.workers?.readyReplicas ?? 0,
      }),
      machineGroups: t.field({
        type: [groupRef],
        description: 'Its groups of workers, in the order of its topology.',
        resolve: (cluster, _args, context) => {
          const unitLabel = context.service(tenancyServiceRef).deploymentUnitLabel;
          return mapMaybe(deploymentsOf(cluster, context), (deployments) =>
            groupsOf(cluster).map((group) => ({
              group,
              deployment: deploymentOf(group, deployments),
              unit: group.metadata?.labels?.[unitLabel],
            })),
          );
        },
      }),
      machines: t.field({
        type: [machineRef],
        description: 'Its machines with what is done to make nodes of them, those of the control plane first (CMP-25).',
        resolve: (cluster, _args, context) =>
          mapMaybe(machinesOf(cluster, context), (machines) => machines.toSorted(byRole)),
      }),
      registeredCluster: t.field({
        type: clusterRef,
        nullable: true,
        description: 'The cluster that it is served as; null until that is so, and for who may not see it.',
        resolve: ({ metadata }, _args, { clusters }) =>
          clusters.get(metadata.annotations?.[registeredAnnotation] ?? '') ?? null,
      }),
    }),
  });
  registerRelation(builder);
}

const openChanges = {};
async function changeOf(cluster: ManagedClusterObject, context: RequestContext): Promise<ClusterChange | undefined> {
  context.reads.touch();
  const open = await context.memo(openChanges, () => context.service(clusterChangesRef).open());
  const { namespace, name } = cluster.metadata;
  const own = open.filter(
    (row) => row.cluster === cluster[origin].cluster && row.namespace === namespace && row.name === name,
  );
  return own.find(({ kind }) => kind === 'DELETE') ?? own[0];
}

const byRole = (one: MachineObject, other: MachineObject): number =>
  Number(isControlPlane(other)) - Number(isControlPlane(one)) || (one.metadata.name < other.metadata.name ? -1 : 1);

const keyOf = ({ metadata }: ManagedClusterObject): string => clusterKey(metadata.namespace, metadata.name);
const machinesOf = (cluster: ManagedClusterObject, context: RequestContext) =>
  context.kube(cluster[origin].cluster).byIndex(machineKind, 'cluster', keyOf(cluster));
const deploymentsOf = (cluster: ManagedClusterObject, context: RequestContext) =>
  context.kube(cluster[origin].cluster).byIndex(machineDeploymentKind, 'cluster', keyOf(cluster));

function registerRelation(builder: LongshoreBuilder): void {
  defineKubernetesList(builder, {
    name: 'ManagedCluster',
    node: managedClusterRef,
    plural: 'managed clusters',
    isNamespaced: true,
    filter: (t) => ({
      phases: t.field({ type: [named('ManagedClusterPhase')], description: 'In one of these phases.' }),
    }),
    matches({ phases }) {
      const wanted = phases as readonly string[] | null | undefined;
      return ({ status }) => !wanted || wanted.includes(enumValue(clusterPhases, status?.phase));
    },
    orders: {
      PHASE: { description: 'By phase, as text.', value: ({ status }) => status?.phase },
      KUBERNETES_VERSION: {
        description: 'By version of Kubernetes, as text.',
        value: ({ spec }) => spec?.topology?.version,
      },
    },
  });
  builder.objectField(clusterRef, 'managedClusters', (t) =>
    relationField(builder, t, {
      description:
        'Clusters that this one makes and keeps by Cluster API, as far as you may see them; none where it is no management cluster.',
      of: 'ManagedCluster',
      rows: ({ name }, context) => relatedRows(context, name, (reader) => reader.list(managedClusterKind)),
    }),
  );
}

function registerMachines(builder: LongshoreBuilder): void {
  registerMachineDisk(builder);
  builder.objectType(groupRef, {
    description: 'A group of workers of a managed cluster: a MachineDeployment of its topology.',
    fields: (t) => ({
      name: t.string({ description: 'Its name in the topology.', resolve: ({ group }) => group.name }),
      class: t.string({
        description: 'The class of its machines in the ClusterClass.',
        resolve: ({ group }) => group.class,
      }),
      zone: t.string({
        nullable: true,
        description: 'Where its machines are: their failure domain; null where the provider chooses.',
        resolve: ({ group }) => group.failureDomain ?? null,
      }),
      deploymentUnit: t.string({
        nullable: true,
        description: 'The deployment unit that its nodes are of; null for none.',
        resolve: ({ unit }) => unit ?? null,
      }),
      flavor: t.string({
        nullable: true,
        description: 'What one of its machines is, such as `4C-8GiB`; null where its class decides.',
        resolve: ({ group }) => {
          const said = group.variables?.overrides?.find(({ name }) => name === 'nodeFlavor')?.value;
          return typeof said === 'string' ? said : (group.metadata?.annotations?.[flavorAnnotation] ?? null);
        },
      }),
      systemDisk: t.field({
        type: machineDiskRef,
        nullable: true,
        description: 'The disk with the system of each; null where its class decides.',
        resolve: ({ group }) => diskOf(group, 'systemDisk'),
      }),
      dataDisk: t.field({
        type: machineDiskRef,
        nullable: true,
        description:
          'The disk of each for images, logs and data of pods; null where its class decides, or there is none.',
        resolve: ({ group }) => diskOf(group, 'dataDisk'),
      }),
      desiredCount: t.int({
        nullable: true,
        description: 'How many machines it shall have; null where an autoscaler decides and none is there yet.',
        resolve: ({ group, deployment }) => group.replicas ?? deployment?.spec?.replicas ?? null,
      }),
      readyCount: t.int({
        description: 'How many of them are ready.',
        resolve: ({ deployment }) => deployment?.status?.readyReplicas ?? 0,
      }),
    }),
  });
  builder.objectType(taskRef, {
    description: 'Something that is done to make a machine a node (CMP-25).',
    fields: (t) => ({
      name: t.field({
        type: named('NodeTaskName'),
        description: 'What is done.',
        resolve: ({ name }) => name as never,
      }),
      status: t.field({
        type: named('NodeTaskStatus'),
        description: 'How far it is.',
        resolve: ({ status }) => status as never,
      }),
      message: t.string({
        nullable: true,
        description: 'Why it failed, or what it waits for.',
        resolve: ({ message }) => message,
      }),
      changedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when it is so, as far as Cluster API says.',
        resolve: ({ changedAt }) => changedAt,
      }),
    }),
  });
  builder.objectType(machineRef, {
    description: 'A machine of a managed cluster: the kind Machine (cluster.x-k8s.io/v1beta2).',
    fields: (t) => ({
      name: t.string({ description: 'Its name.', resolve: ({ metadata }) => metadata.name }),
      isControlPlane: t.boolean({ description: 'Whether it is one of the control plane.', resolve: isControlPlane }),
      group: t.string({
        nullable: true,
        description: 'The group that it is of; null for the control plane.',
        resolve: ({ metadata }) => metadata.labels?.[groupNameLabel] ?? null,
      }),
      zone: t.string({
        nullable: true,
        description: 'Where it is.',
        resolve: ({ spec }) => spec?.failureDomain ?? null,
      }),
      phase: t.field({
        type: named('ManagedMachinePhase'),
        description: 'How far it is.',
        resolve: ({ status }) => enumValue(machinePhases, status?.phase) as never,
      }),
      nodeName: t.string({
        nullable: true,
        description: 'The node that it became; null until it has joined.',
        resolve: ({ status }) => status?.nodeRef?.name ?? null,
      }),
      tasks: t.field({
        type: [taskRef],
        description: 'What is done to it, in order.',
        resolve: (machine) => [...tasksOf(machine)],
      }),
    }),
  });
}

const enumOf = (values: Readonly<Record<string, string>>, words: Readonly<Record<string, string>>) =>
  Object.fromEntries([...new Set(Object.values(values))].map((value) => [value, words[value] ?? value]));

function registerEnums(builder: LongshoreBuilder): void {
  const unknown = { UNKNOWN: 'One that this version does not know, or none yet.' };
  registerEnum(builder, 'ManagedClusterState', 'How a managed cluster stands.', managedClusterStates);
  registerEnum(builder, 'ManagedClusterPhase', 'How far Cluster API is with a cluster.', {
    ...enumOf(clusterPhases, {
      PENDING: 'Nothing is made yet.',
      PROVISIONING: 'Its infrastructure is being made.',
      PROVISIONED: 'It has an endpoint.',
      DELETING: 'It is being deleted.',
      FAILED: 'It needs somebody.',
    }),
    ...unknown,
  });
  registerEnum(builder, 'ManagedMachinePhase', 'How far Cluster API is with a machine.', {
    ...enumOf(machinePhases, {
      PENDING: 'It waits for its configuration.',
      PROVISIONING: 'It is being made.',
      PROVISIONED: 'It is there, and no node yet.',
      RUNNING: 'It is a node.',
      UPDATING: 'It is changed in place.',
      DELETING: 'It is being deleted.',
      DELETED: 'It is gone.',
      FAILED: 'It needs somebody.',
    }),
    ...unknown,
  });
  registerEnum(builder, 'NodeTaskName', 'What is done to make a machine a node (CMP-25).', nodeTaskNames);
  registerEnum(builder, 'NodeTaskStatus', 'How far such a task is.', {
    NOT_EXECUTED: 'Others come first.',
    RUNNING: 'It is being done.',
    SUCCESS: 'It is done.',
    ERROR: 'It has failed.',
  });
}
