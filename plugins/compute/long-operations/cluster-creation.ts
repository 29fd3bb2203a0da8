import { ConflictError, dryRunTicket, type LongOperation, readLive, type StepResult } from 'longshore/sdk';
import type { ChangePlan } from '../services/managed-clusters/change-plan.ts';
import { groupsOf } from '../services/managed-clusters/cluster-facts.ts';
import {
  type ClusterLook,
  changeFailed,
  clusterStep,
  finishStep,
  kubeconfigOf,
  lookAgain,
  machinesOf,
} from '../services/managed-clusters/cluster-loop.ts';
import {
  type MachineObject,
  machineKind,
  managedClusterKind,
  operationAnnotation,
  registeredAnnotation,
} from '../services/managed-clusters/kinds.ts';
import { labelUnits } from '../services/managed-clusters/label-units.ts';
import { judgeMachines, type MachineGoal } from '../services/managed-clusters/watch-machines.ts';

const name = 'compute.clusterCreations';

/** Makes a cluster through Cluster API in the stages of CMP-07, and serves it. */
export const clusterCreation: LongOperation = {
  name,
  description: 'Makes clusters through Cluster API and serves them; without it none is ever made.',
  timeoutMs: 60_000,
  steps: [
    clusterStep(
      name,
      'PREPARE_WORKSPACE',
      'Asks the management cluster whether it would take the cluster; nothing is made.',
      prepare,
    ),
    clusterStep(name, 'CREATE_NODES', 'Writes the cluster, and waits until its machines are there.', createNodes),
    clusterStep(name, 'INSTALL_KUBERNETES', 'Waits until all machines have joined as nodes.', async (look) => {
      if (!look.found) throw gone(look);
      return awaitMachines(look, look.found, 'JOINED');
    }),
    clusterStep(
      name,
      'REGISTER_CLUSTER',
      'Serves the cluster by the kubeconfig that Cluster API made, and labels its nodes.',
      register,
    ),
    finishStep(name),
  ],
};

const gone = ({ row }: ClusterLook) => changeFailed(`Managed cluster '${row.name}' is gone: somebody has deleted it.`);
const planOf = ({ row }: ClusterLook): NonNullable<ChangePlan['create']> => {
  if (!row.plan.create) throw changeFailed('Nothing is known of what was to be made.');
  return row.plan.create;
};
const isOurs = ({ metadata }: NonNullable<ClusterLook['found']>, { row }: ClusterLook): boolean =>
  metadata.annotations?.[operationAnnotation] === row.id;

async function prepare(look: ClusterLook): Promise<StepResult> {
  const { found, writer } = look;
  const { manifest } = planOf(look);
  if (found) throw new ConflictError(`There is a managed cluster '${manifest.metadata.name}' already.`);
  await writer.create(dryRunTicket, managedClusterKind, manifest);
  return 'done';
}

async function createNodes(look: ClusterLook): Promise<StepResult> {
  const { row, found, writer, running, changes, context, reach } = look;
  if (found) {
    if (!isOurs(found, look)) throw new ConflictError(`There is a managed cluster '${row.name}' already.`);
    if (row.uid === null) await changes.note(row.id, context.fence, { uid: found.metadata.uid });
    return awaitMachines(look, found, 'MADE');
  }
  if (row.uid !== null) throw gone(look);
  if (!(await changes.pass(row.id, context.fence))) return { againAfterMs: 0 };
  const { manifest } = planOf(look);
  const { metadata } = manifest;
  const annotations = { ...metadata.annotations, [operationAnnotation]: row.id };
  await reach('before-create');
  await writer.create(running.ticket, managedClusterKind, { ...manifest, metadata: { ...metadata, annotations } });
  await reach('after-create');
  return lookAgain;
}

async function awaitMachines(
  look: ClusterLook,
  found: NonNullable<ClusterLook['found']>,
  goal: MachineGoal,
): Promise<StepResult> {
  const { row, running, changes, context, step, deadlineMs } = look;
  const machines = await machinesOf(look);
  const { steps } = running.record;
  const attempt = steps.find((each) => each.name === step)?.attempts ?? 1;
  const wanted =
    (found.spec?.topology?.controlPlane?.replicas ?? 1) +
    groupsOf(found).reduce((sum, { replicas }) => sum + (replicas ?? 0), 0);
  const verdict = judgeMachines(machines, goal, {
    wanted,
    nowMs: context.clock.now(),
    deadlineMs,
    // Somebody decided to go on without those that could not be made.
    forgivesFailed: goal === 'JOINED' && steps.some((each) => each.name === 'CREATE_NODES' && each.isIgnored),
  });
  if (verdict.do === 'done') return 'done';
  if (verdict.do === 'wait') return lookAgain;
  if (attempt > 1 && attempt !== row.attempt) {
    // Tried again: Cluster API makes others in the place of those that go (CMP-08).
    await removeMachines(verdict.failed, look);
    await changes.note(row.id, context.fence, { attempt });
    return lookAgain;
  }
  // What was deleted a moment ago may still be seen.
  const isFresh = attempt > 1 && (await stillThere(verdict.failed, look)).length === 0;
  if (isFresh) return lookAgain;
  throw changeFailed(`${verdict.why} Retry to have them made anew.`);
}

async function removeMachines(machines: readonly MachineObject[], look: ClusterLook): Promise<void> {
  for (const machine of await stillThere(machines, look)) {
    const { namespace, name: machineName, uid } = machine.metadata;
    await look.reach('before-remove-machine');
    await look.writer.delete(look.running.ticket, machineKind, namespace, machineName, { uid });
    await look.reach('after-remove-machine');
  }
}

async function stillThere(
  machines: readonly MachineObject[],
  { writer }: ClusterLook,
): Promise<readonly MachineObject[]> {
  const found = await Promise.all(
    machines.map(({ metadata }) => readLive(writer, machineKind, metadata.namespace, metadata.name)),
  );
  return found.flatMap((machine) => (machine && machine.metadata.deletionTimestamp === undefined ? [machine] : []));
}

async function register(look: ClusterLook): Promise<StepResult> {
  const { row, found, running, context, loop, deadlineMs, writer, reach } = look;
  if (!found) throw gone(look);
  const { profile, description, unitLabel } = planOf(look);
  const kubeconfig = await kubeconfigOf(look);
  if (kubeconfig === undefined) {
    if (context.clock.now() < deadlineMs) return lookAgain;
    throw changeFailed(`There is no Secret '${row.name}-kubeconfig' with a kubeconfig of it.`);
  }
  await reach('before-register');
  await loop.registrar.register(
    { name: row.name, kubeconfig, profile, description },
    running.principal,
    running.ticket,
    context.signal,
  );
  await reach('after-register');
  if (found.metadata.annotations?.[registeredAnnotation] !== row.name) {
    const patch = { metadata: { annotations: { [registeredAnnotation]: row.name } } };
    await writer.patch(running.ticket, managedClusterKind, row.namespace, row.name, patch, { uid: found.metadata.uid });
  }
  const served = loop.clusters.get(row.name);
  if (served?.state !== 'READY') {
    if (context.clock.now() < deadlineMs) return lookAgain;
    throw changeFailed(`Cluster '${row.name}' is registered, and does not answer.`);
  }
  await labelUnits(look, served, await machinesOf(look), unitLabel);
  return 'done';
}
