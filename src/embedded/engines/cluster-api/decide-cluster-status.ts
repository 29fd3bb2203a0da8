import type { DecidedCondition } from '../merge-conditions.ts';
import { aggregate, condition, findStatus, isTrue, mirrored, stated, summary } from './conditions.ts';
import { countReplicas, versionsOf } from './decide-replica-status.ts';
import type { Cluster, ControlPlane, DevCluster, Machine, MachineDeployment } from './kinds.ts';
import { isControlPlaneMachine, isDeleting } from './metadata.ts';

export interface ClusterView {
  readonly cluster: Cluster;
  readonly infrastructure: DevCluster | undefined;
  readonly controlPlane: ControlPlane | undefined;
  readonly deployments: readonly MachineDeployment[];
  readonly machines: readonly Machine[];
  /** Whether the cluster's API answers. */
  readonly isReachable: boolean;
  readonly deletion: { readonly reason: string; readonly message: string } | undefined;
}

export function decideClusterPhase({ cluster }: Pick<ClusterView, 'cluster'>): string {
  const { spec, status } = cluster;
  const { host, port } = spec.controlPlaneEndpoint ?? {};
  if (isDeleting(cluster)) return 'Deleting';
  if (status?.initialization?.infrastructureProvisioned === true && host !== undefined && port !== undefined) {
    return 'Provisioned';
  }
  return spec.infrastructureRef !== undefined || spec.controlPlaneRef !== undefined ? 'Provisioning' : 'Pending';
}

/** The counters of a cluster's status, of its control plane and of its workers. */
export function decideClusterCounts({ controlPlane, deployments, machines }: ClusterView): object {
  const planes = machines.filter(isControlPlaneMachine);
  const workers = machines.filter((machine) => !isControlPlaneMachine(machine));
  const desired = deployments.reduce((sum, { spec }) => sum + (spec.replicas ?? 1), 0);
  return {
    ...(controlPlane === undefined
      ? {}
      : {
          controlPlane: {
            desiredReplicas: controlPlane.spec.replicas ?? 1,
            ...countReplicas(planes),
            ...versionsOf(planes),
          },
        }),
    workers: { desiredReplicas: desired, ...countReplicas(workers), ...versionsOf(workers) },
  };
}

/** The conditions of a cluster but the one of its topology, in Cluster API's names and reasons. */
export function decideClusterConditions(view: ClusterView): DecidedCondition[] {
  const { cluster, controlPlane, deployments, machines, deletion } = view;
  const parts = [infrastructureReady(view), controlPlaneInitialized(view), controlPlaneAvailable(view)] as const;
  const workers = aggregate(
    'WorkersAvailable',
    deployments.map(({ metadata, status }) => ({ name: metadata.name, condition: findStatus(status, 'Available') })),
    ['Available', 'NotAvailable', 'NoWorkers'],
    'MachineDeployment',
  );
  const planes = machines.filter(isControlPlaneMachine);
  const others = machines.filter((machine) => !isControlPlaneMachine(machine));
  const over = (type: string, own: string, of: readonly Machine[], good: string, bad: string): DecidedCondition =>
    aggregate(
      type,
      of.map(({ metadata, status }) => ({ name: metadata.name, condition: findStatus(status, own) })),
      [good, bad, 'NoReplicas'],
      'Machine',
    );
  const probe = view.isReachable
    ? condition('RemoteConnectionProbe', true, 'ProbeSucceeded')
    : condition('RemoteConnectionProbe', false, 'ProbeFailed', 'Remote connection not established yet');
  const deleting = isDeleting(cluster)
    ? condition('Deleting', true, deletion?.reason ?? 'Deleting', deletion?.message ?? '')
    : condition('Deleting', false, 'NotDeleting');
  const moving = (type: string): DecidedCondition => {
    const owners = [
      ...(controlPlane === undefined ? [] : [{ kind: 'KubeadmControlPlane', object: controlPlane }]),
      ...deployments.map((object) => ({ kind: 'MachineDeployment', object })),
    ].filter(({ object }) => isTrue(object.status, type));
    const lines = owners.map(
      ({ kind, object }) => `* ${kind} ${object.metadata.name}: ${findStatus(object.status, type)?.message ?? ''}`,
    );
    return stated(type, owners.length > 0, lines.join('\n'));
  };
  const topology = findStatus(cluster.status, 'TopologyReconciled');
  const needed = [
    deleting,
    probe,
    parts[0],
    parts[2],
    workers,
    ...(cluster.spec.topology === undefined
      ? []
      : [
          topology ??
            condition(
              'TopologyReconciled',
              'Unknown',
              'NotYetReported',
              'Condition TopologyReconciled not yet reported',
            ),
        ]),
  ];
  return [
    summary('Available', needed, ['Available', 'NotAvailable', 'AvailableUnknown'], ['Deleting']),
    ...parts,
    workers,
    over('ControlPlaneMachinesReady', 'Ready', planes, 'Ready', 'NotReady'),
    over('WorkerMachinesReady', 'Ready', others, 'Ready', 'NotReady'),
    over('ControlPlaneMachinesUpToDate', 'UpToDate', planes, 'UpToDate', 'NotUpToDate'),
    over('WorkerMachinesUpToDate', 'UpToDate', others, 'UpToDate', 'NotUpToDate'),
    probe,
    moving('RollingOut'),
    moving('ScalingUp'),
    moving('ScalingDown'),
    condition('Remediating', false, 'NotRemediating'),
    deleting,
    cluster.spec.paused === true
      ? condition('Paused', true, 'Paused', 'Cluster spec.paused is set to true')
      : condition('Paused', false, 'NotPaused'),
  ];
}

function infrastructureReady({ cluster, infrastructure }: ClusterView): DecidedCondition {
  const type = 'InfrastructureReady';
  if (infrastructure === undefined) {
    const message = cluster.spec.infrastructureRef === undefined ? 'Waiting for cluster topology to be reconciled' : '';
    return condition(type, false, 'ObjectDoesNotExist', message);
  }
  const otherwise = condition(type, false, 'NotReady', 'DevCluster status.initialization.provisioned is false');
  return mirrored(type, findStatus(infrastructure.status, 'Ready'), otherwise);
}

function controlPlaneInitialized({ cluster, controlPlane }: ClusterView): DecidedCondition {
  const type = 'ControlPlaneInitialized';
  const isInitialized =
    cluster.status?.initialization?.controlPlaneInitialized === true ||
    controlPlane?.status?.initialization?.controlPlaneInitialized === true;
  if (isInitialized) return condition(type, true, 'Initialized');
  return condition(type, false, 'NotInitialized', 'Control plane not yet initialized');
}

function controlPlaneAvailable({ controlPlane }: ClusterView): DecidedCondition {
  const type = 'ControlPlaneAvailable';
  if (controlPlane === undefined) return condition(type, false, 'ObjectDoesNotExist');
  const otherwise = condition(type, false, 'NotAvailable', 'Control plane not yet initialized');
  return mirrored(type, findStatus(controlPlane.status, 'Available'), otherwise);
}
