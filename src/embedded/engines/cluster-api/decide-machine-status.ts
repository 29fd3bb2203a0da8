import type { Condition } from '../../controllers/kubernetes-shapes.ts';
import { findCondition } from '../../controllers/set-condition.ts';
import type { DecidedCondition, StatusCondition } from '../merge-conditions.ts';
import { condition, findStatus, mirrored, summary } from './conditions.ts';
import type { Cluster, DevMachine, KubeadmConfig, Machine, WorkloadNode } from './kinds.ts';
import { isDeleting } from './metadata.ts';

/** How far a machine's deletion is. */
export interface DeletionStep {
  readonly reason: string;
  readonly message: string;
}

export interface MachineView {
  readonly machine: Machine;
  readonly cluster: Cluster;
  readonly config: KubeadmConfig | undefined;
  readonly host: DevMachine | undefined;
  readonly node: WorkloadNode | undefined;
  readonly deletion: DeletionStep | undefined;
  readonly isUpToDate: boolean;
  readonly nowMs: number;
}

/** The conditions of a machine, in Cluster API's names and reasons. */
export function decideMachineConditions(view: MachineView): DecidedCondition[] {
  const { machine, deletion } = view;
  const bootstrap = bootstrapReady(view);
  const infrastructure = infrastructureReady(view);
  const [nodeReady, nodeHealthy] = nodeConditions(view);
  const deleting = isDeleting(machine)
    ? condition('Deleting', true, deletion?.reason ?? 'Deleting', deletion?.message ?? '')
    : condition('Deleting', false, 'NotDeleting');
  const updating = condition('Updating', false, 'NotUpdating');
  const ready = summary(
    'Ready',
    [deleting, updating, bootstrap, infrastructure, nodeHealthy],
    ['Ready', 'NotReady', 'ReadyUnknown'],
    ['Deleting', 'Updating'],
  );
  return [
    availableOf(view, ready),
    ready,
    view.isUpToDate
      ? condition('UpToDate', true, 'UpToDate')
      : condition('UpToDate', false, 'NotUpToDate', '* Machine does not match the spec of its owner'),
    bootstrap,
    infrastructure,
    nodeReady,
    nodeHealthy,
    updating,
    deleting,
    condition('Paused', false, 'NotPaused'),
  ];
}

function bootstrapReady({ machine, config }: MachineView): DecidedCondition {
  const type = 'BootstrapConfigReady';
  const ref = machine.spec.bootstrap.configRef;
  if (ref === undefined) return condition(type, true, 'DataSecretProvided');
  if (config !== undefined) {
    const otherwise = condition(
      type,
      false,
      'NotReady',
      `${ref.kind} status.initialization.dataSecretCreated is false`,
    );
    return mirrored(type, findStatus(config.status, 'Ready'), otherwise);
  }
  return isDeleting(machine)
    ? condition(type, false, 'ObjectDeleted', `${ref.kind} has been deleted`)
    : condition(type, false, 'ObjectDoesNotExist', `${ref.kind} does not exist`);
}

function infrastructureReady({ machine, host }: MachineView): DecidedCondition {
  const type = 'InfrastructureReady';
  const { kind } = machine.spec.infrastructureRef;
  if (host !== undefined) {
    const otherwise = condition(type, false, 'NotReady', `${kind} status.initialization.provisioned is false`);
    return mirrored(type, findStatus(host.status, 'Ready'), otherwise);
  }
  if (machine.status?.initialization?.infrastructureProvisioned === true) {
    const words = isDeleting(machine) ? 'has been deleted' : 'has been deleted while the Machine still exists';
    return condition(type, false, 'ObjectDeleted', `${kind} ${words}`);
  }
  return condition(type, false, 'ObjectDoesNotExist', `${kind} does not exist`);
}

function nodeConditions(view: MachineView): readonly [DecidedCondition, DecidedCondition] {
  const { machine, cluster, node } = view;
  const both = (status: 'Unknown' | 'False', reason: string, message: string) =>
    [condition('NodeReady', status, reason, message), condition('NodeHealthy', status, reason, message)] as const;
  const { infrastructureProvisioned, controlPlaneInitialized } = cluster.status?.initialization ?? {};
  if (infrastructureProvisioned !== true) {
    const message = 'Waiting for Cluster status.initialization.infrastructureProvisioned to be true';
    return both('Unknown', 'InspectionFailed', message);
  }
  if (controlPlaneInitialized !== true) {
    return both('Unknown', 'InspectionFailed', 'Waiting for Cluster control plane to be initialized');
  }
  if (node === undefined) {
    const name = machine.status?.nodeRef?.name;
    if (name !== undefined && isDeleting(machine)) return both('False', 'NodeDeleted', `Node ${name} has been deleted`);
    if (name !== undefined) {
      return both('False', 'NodeDeleted', `Node ${name} has been deleted while the Machine still exists`);
    }
    const { providerID } = machine.spec;
    return providerID === undefined
      ? both(
          'Unknown',
          'InspectionFailed',
          `Waiting for ${machine.spec.infrastructureRef.kind} to report spec.providerID`,
        )
      : both('Unknown', 'InspectionFailed', `Waiting for a Node with spec.providerID ${providerID} to exist`);
  }
  const found = node.status?.conditions ?? [];
  const ready = findCondition(found, 'Ready');
  const problems = found.filter(isProblem).map(({ type, status, message }) => `* Node.${type}: ${message ?? status}`);
  if (ready === undefined) problems.unshift('* Node.Ready: Condition not yet reported');
  return [
    ready?.status === 'True'
      ? condition('NodeReady', true, 'NodeReady')
      : condition(
          'NodeReady',
          ready?.status ?? 'Unknown',
          ready === undefined ? 'NodeReadyUnknown' : 'NodeNotReady',
          ready?.message ?? '',
        ),
    problems.length === 0
      ? condition('NodeHealthy', true, 'NodeHealthy')
      : condition('NodeHealthy', false, 'NodeNotHealthy', problems.join('\n')),
  ];
}

function isProblem({ type, status }: Condition): boolean {
  if (type === 'Ready') return status !== 'True';
  return ['MemoryPressure', 'DiskPressure', 'PIDPressure'].includes(type) && status !== 'False';
}

function availableOf({ machine, nowMs }: MachineView, ready: DecidedCondition): DecidedCondition {
  if (ready.status !== 'True') return condition('Available', false, 'NotReady');
  const wanted = machine.spec.minReadySeconds ?? 0;
  return wanted === 0 || nowMs >= readySince(machine, nowMs) + wanted * 1_000
    ? condition('Available', true, 'Available')
    : condition('Available', false, 'WaitingForMinReadySeconds');
}

function readySince({ status }: Machine, nowMs: number): number {
  const before: StatusCondition | undefined = findStatus(status, 'Ready');
  return before?.status === 'True' ? Date.parse(before.lastTransitionTime) : nowMs;
}

/** Milliseconds until a ready machine counts as available; undefined where that is not a matter of time. */
export function untilAvailable(machine: Machine, nowMs: number): number | undefined {
  if (findStatus(machine.status, 'Available')?.reason !== 'WaitingForMinReadySeconds') return undefined;
  return Math.max(1, readySince(machine, nowMs) + (machine.spec.minReadySeconds ?? 0) * 1_000 - nowMs);
}

/** The phase that follows from what is there already, as upstream has it: a failure is told by conditions. */
export function decideMachinePhase(machine: Machine): string {
  const { initialization, nodeRef } = machine.status ?? {};
  if (isDeleting(machine)) return 'Deleting';
  if (nodeRef !== undefined && initialization?.infrastructureProvisioned === true) return 'Running';
  if (machine.spec.providerID !== undefined) return 'Provisioned';
  return initialization?.bootstrapDataSecretCreated === true ? 'Provisioning' : 'Pending';
}
