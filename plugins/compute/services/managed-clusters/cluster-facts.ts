import {
  type Condition,
  controlPlaneLabel,
  groupNameLabel,
  type MachineDeploymentObject,
  type MachineObject,
  type ManagedClusterObject,
  type TopologyGroup,
} from './kinds.ts';

/** Phases of Cluster API, as the schema writes them. */
export const clusterPhases = {
  Pending: 'PENDING',
  Provisioning: 'PROVISIONING',
  Provisioned: 'PROVISIONED',
  Deleting: 'DELETING',
  Failed: 'FAILED',
} as const;

export const machinePhases = {
  Pending: 'PENDING',
  Provisioning: 'PROVISIONING',
  Provisioned: 'PROVISIONED',
  Running: 'RUNNING',
  Updating: 'UPDATING',
  Deleting: 'DELETING',
  Deleted: 'DELETED',
  Failed: 'FAILED',
} as const;

/** How a managed cluster stands, and what is being done to it (CMP-07, CMP-14). */
export const managedClusterStates = {
  CREATING: 'It is being made; its operation tells the stage.',
  EXPANDING: 'It is getting more nodes, or goes back to those that it had.',
  EXPAND_ROLLBACK_FAILED:
    'Expanding it failed, and so did taking back what was made: free it by hand, then ignore that step; or try it again.',
  DELETING: 'It is being deleted.',
  HEALTHY: 'Its control plane and workers are as wanted.',
  UNHEALTHY: 'Something of it is not as wanted; `conditions` tell what.',
  UNKNOWN: 'Nothing has been told of it yet.',
} as const;
export type ManagedClusterState = keyof typeof managedClusterStates;

/** What the platform itself is doing to a cluster at the moment. */
export interface ChangeInProgress {
  readonly kind: 'CREATE' | 'EXPAND' | 'DELETE';
  readonly isRollbackFailed: boolean;
}

export function stateOfCluster(
  cluster: Pick<ManagedClusterObject, 'metadata' | 'status'>,
  change: ChangeInProgress | undefined,
): ManagedClusterState {
  if (cluster.metadata.deletionTimestamp !== undefined || change?.kind === 'DELETE') return 'DELETING';
  if (change?.kind === 'CREATE') return 'CREATING';
  if (change) return change.isRollbackFailed ? 'EXPAND_ROLLBACK_FAILED' : 'EXPANDING';
  if (cluster.status?.phase === 'Failed') return 'UNHEALTHY';
  const available = conditionOf(cluster.status?.conditions, 'Available');
  if (available?.status === 'True') return 'HEALTHY';
  return available?.status === 'False' ? 'UNHEALTHY' : 'UNKNOWN';
}

export const conditionOf = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((each) => each.type === type);

export const isControlPlane = ({ metadata }: Pick<MachineObject, 'metadata'>): boolean =>
  metadata.labels?.[controlPlaneLabel] !== undefined;

export const groupsOf = ({ spec }: Pick<ManagedClusterObject, 'spec'>): readonly TopologyGroup[] =>
  spec?.topology?.workers?.machineDeployments ?? [];

/** Workers that are wanted: those whose number the topology leaves open count as they are. */
export function wantedWorkers(
  cluster: Pick<ManagedClusterObject, 'spec'>,
  deployments: readonly MachineDeploymentObject[],
): number {
  return groupsOf(cluster).reduce(
    (sum, group) => sum + (group.replicas ?? replicasOf(deploymentOf(group, deployments))),
    0,
  );
}

export const deploymentOf = (
  { name }: Pick<TopologyGroup, 'name'>,
  deployments: readonly MachineDeploymentObject[],
): MachineDeploymentObject | undefined =>
  deployments.find(({ metadata }) => metadata.labels?.[groupNameLabel] === name);

const replicasOf = (deployment: MachineDeploymentObject | undefined): number => deployment?.spec?.replicas ?? 0;

/** What is done to make a machine a node (CMP-25), in this order. */
export const nodeTaskNames = {
  CONFIGURE_NODE_INFORMATION:
    'Its configuration is written: names, certificates, how it joins (condition BootstrapConfigReady).',
  PREPARE_INSTALLATION: 'The machine itself is made (condition InfrastructureReady).',
  INSTALL_NODE_COMPONENTS: 'Container runtime and kubelet are installed, until it has joined as a node.',
  POST_INSTALL: 'The node is ready to take pods (condition NodeReady).',
} as const;
export type NodeTaskName = keyof typeof nodeTaskNames;
export type NodeTaskStatus = 'NOT_EXECUTED' | 'RUNNING' | 'SUCCESS' | 'ERROR';

export interface NodeTask {
  readonly name: NodeTaskName;
  readonly status: NodeTaskStatus;
  /** Why it failed, or what it waits for. */
  readonly message: string | null;
  readonly changedAt: string | null;
}

/** The tasks of one machine, from its conditions: the first that is not done runs, or has failed where the machine has. */
export function tasksOf(machine: Pick<MachineObject, 'status'>): readonly NodeTask[] {
  const { status } = machine;
  const nodeHealthy = conditionOf(status?.conditions, 'NodeHealthy');
  const nodeReady = conditionOf(status?.conditions, 'NodeReady') ?? nodeHealthy;
  const bootstrap = conditionOf(status?.conditions, 'BootstrapConfigReady');
  const infrastructure = conditionOf(status?.conditions, 'InfrastructureReady');
  const found: readonly { name: NodeTaskName; isDone: boolean; condition: Condition | undefined }[] = [
    {
      name: 'CONFIGURE_NODE_INFORMATION',
      isDone: bootstrap?.status === 'True' || status?.initialization?.bootstrapDataSecretCreated === true,
      condition: bootstrap,
    },
    {
      name: 'PREPARE_INSTALLATION',
      isDone: infrastructure?.status === 'True' || status?.initialization?.infrastructureProvisioned === true,
      condition: infrastructure,
    },
    { name: 'INSTALL_NODE_COMPONENTS', isDone: status?.nodeRef?.name !== undefined, condition: nodeHealthy },
    { name: 'POST_INSTALL', isDone: nodeReady?.status === 'True', condition: nodeReady },
  ];
  const at = found.findIndex(({ isDone }) => !isDone);
  const failed = failureOf(machine);
  return found.map(({ name, condition }, index): NodeTask => {
    const changedAt = condition?.lastTransitionTime ?? null;
    if (at < 0 || index < at) return { name, status: 'SUCCESS', message: null, changedAt };
    if (index > at) return { name, status: 'NOT_EXECUTED', message: null, changedAt: null };
    const message = failed ?? condition?.message ?? null;
    return { name, status: failed === undefined ? 'RUNNING' : 'ERROR', message: message || null, changedAt };
  });
}

/**
 * Why a machine has failed for good, in the words of its provider; undefined where it has not. Cluster API passes it on below `deprecated`, without a phase
 * of its own; before v1beta2 there was the phase.
 */
export function failureOf({ status }: Pick<MachineObject, 'status'>): string | undefined {
  const { failureReason, failureMessage } = status?.deprecated?.v1beta1 ?? {};
  if (status?.phase !== 'Failed' && failureReason === undefined && failureMessage === undefined) return undefined;
  const told = status?.conditions?.find(
    ({ type, status: is, message }) => type !== 'Available' && type !== 'Ready' && is === 'False' && message,
  );
  return failureMessage || told?.message || failureReason || 'its provider does not say why';
}
