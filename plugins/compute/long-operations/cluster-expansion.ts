import {
  AnswerError,
  ConflictError,
  type LongOperation,
  NotFoundError,
  type StepResult,
  UpstreamError,
} from 'longshore/sdk';
import { markHosts, unmarkHosts } from '../services/machines/use-hosts.ts';
import type { ChangePlan } from '../services/managed-clusters/change-plan.ts';
import { groupsOf, isControlPlane } from '../services/managed-clusters/cluster-facts.ts';
import {
  type ClusterLook,
  changeFailed,
  clusterStep,
  finishStep,
  lookAgain,
  machinesOf,
} from '../services/managed-clusters/cluster-loop.ts';
import {
  deleteMachineAnnotation,
  groupNameLabel,
  type MachineObject,
  machineKind,
  managedClusterKind,
  registeredAnnotation,
  type TopologyGroup,
} from '../services/managed-clusters/kinds.ts';
import { labelUnits } from '../services/managed-clusters/label-units.ts';
import { expandedGroups, rolledBackGroups } from '../services/managed-clusters/plan-expansion.ts';
import { judgeMachines } from '../services/managed-clusters/watch-machines.ts';

const name = 'compute.clusterExpansions';

/** Gives a cluster more nodes, and takes them back where they do not come (CMP-14, CMP-23). */
export const clusterExpansion: LongOperation = {
  name,
  description: 'Expands clusters through Cluster API, and rolls back what fails; without it they stay half expanded.',
  timeoutMs: 60_000,
  steps: [
    clusterStep(
      name,
      'EXPAND',
      'Makes its groups larger and waits for the nodes; takes them back where one fails or the time is up.',
      async (look) => {
        if (!look.found) throw changeFailed(`Managed cluster '${look.row.name}' is gone: somebody has deleted it.`);
        return look.row.phase === 'FORWARD' ? expand(look, look.found) : rollBack(look, look.found);
      },
    ),
    finishStep(name),
  ],
};

type Found = NonNullable<ClusterLook['found']>;
const planOf = ({ row }: ClusterLook): NonNullable<ChangePlan['expand']> => {
  if (!row.plan.expand) throw changeFailed('Nothing is known of what was to be made.');
  return row.plan.expand;
};

async function expand(look: ClusterLook, found: Found): Promise<StepResult> {
  const { row, changes, context, deadlineMs, loop } = look;
  const plan = planOf(look);
  if (row.passedAt === null) {
    // What the cluster refuses has made nothing: it fails as it is.
    const isWritten = plan.after.every(({ name: group, replicas }) =>
      groupsOf(found).some((each) => each.name === group && each.replicas === replicas),
    );
    if (!isWritten) await markHosts(look);
    if (!isWritten) await writeGroups(look, found, expandedGroups(groupsOf(found), plan.after), 'expand');
    if (!(await changes.pass(row.id, context.fence))) return { againAfterMs: 0 };
    return lookAgain;
  }
  const machines = await newMachines(look);
  const verdict = judgeMachines(machines, 'JOINED', { wanted: plan.added, nowMs: context.clock.now(), deadlineMs });
  if (verdict.do === 'wait') return lookAgain;
  if (verdict.do === 'fail') {
    const news = { phase: 'ROLLING_BACK', problem: verdict.why, rollbackAt: new Date(context.clock.now()) } as const;
    await changes.note(row.id, context.fence, news);
    return { againAfterMs: 0 };
  }
  const served = loop.clusters.get(found.metadata.annotations?.[registeredAnnotation] ?? '');
  if (served?.state === 'READY') await labelUnits(look, served, machines, plan.unitLabel);
  return 'done';
}

async function rollBack(look: ClusterLook, found: Found): Promise<StepResult> {
  const { row, changes, context, running, step } = look;
  const attempt = running.record.steps.find((each) => each.name === step)?.attempts ?? 1;
  if (row.phase === 'ROLLBACK_FAILED') {
    // Somebody had it tried again.
    const news = { phase: 'ROLLING_BACK', rollbackAt: new Date(context.clock.now()), attempt } as const;
    await changes.note(row.id, context.fence, news);
    return { againAfterMs: 0 };
  }
  try {
    const left = await takeBack(look, found);
    if (left.length === 0) {
      await unmarkHosts(look);
      const why = `${row.problem ?? 'Expanding failed.'} It was rolled back.`;
      await changes.note(row.id, context.fence, { problem: why });
      await changes.end(row.id, context.fence);
      throw new RolledBack(why);
    }
    const sinceMs = row.rollbackAt?.getTime() ?? context.clock.now();
    if (context.clock.now() < sinceMs + row.plan.stageMinutes * 60_000) return lookAgain;
    throw changeFailed(
      `machines are left: ${left
        .slice(0, 5)
        .map(({ metadata }) => metadata.name)
        .join(', ')}`,
    );
  } catch (error) {
    if (error instanceof RolledBack) throw changeFailed(error.message);
    const mayPass = !(error instanceof AnswerError) || error instanceof UpstreamError || error instanceof ConflictError;
    if (mayPass) throw error;
    await changes.note(row.id, context.fence, { phase: 'ROLLBACK_FAILED' });
    throw changeFailed(
      `${row.problem ?? 'Expanding failed.'} Rolling back failed too: ${error.message}. Free by hand what is left, then ignore this step; or retry it.`,
    );
  }
}

/** Not one of the answers: only its message leaves. */
class RolledBack extends Error {
  override readonly name = 'RolledBack';
}

/** Takes back what was made; answers the machines that are still there. */
async function takeBack(look: ClusterLook, found: Found): Promise<readonly MachineObject[]> {
  const { writer, running, reach } = look;
  const { before } = planOf(look);
  const made = await newMachines(look);
  const groups = groupsOf(found);
  const wanted = rolledBackGroups(groups, before);
  if (JSON.stringify(wanted) !== JSON.stringify(groups)) {
    // Those go that were made, never those that were there.
    for (const { metadata } of made) {
      if (metadata.annotations?.[deleteMachineAnnotation] !== undefined) continue;
      if (before[metadata.labels?.[groupNameLabel] ?? ''] === null) continue;
      const patch = { metadata: { annotations: { [deleteMachineAnnotation]: 'true' } } };
      await reach('before-mark');
      await writer
        .patch(running.ticket, machineKind, metadata.namespace, metadata.name, patch, { uid: metadata.uid })
        .catch(ignoreGone);
      await reach('after-mark');
    }
    await writeGroups(look, found, wanted, 'roll-back');
  }
  return made;
}

const ignoreGone = (error: unknown): void => {
  if (!(error instanceof NotFoundError)) throw error;
};

/** Of the version that was read: who changes the topology at the same moment is not overwritten. */
async function writeGroups(
  { writer, row, running, reach }: ClusterLook,
  found: Found,
  machineDeployments: readonly TopologyGroup[],
  deed: string,
): Promise<void> {
  const { uid, resourceVersion } = found.metadata;
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  await reach(`before-${deed}`);
  const { machineDeployments: _groups, ...others } = found.spec?.topology?.workers ?? {};
  // Cluster API takes no empty list and no empty workers.
  const none = Object.keys(others).length > 0 ? { machineDeployments: null } : null;
  const workers = machineDeployments.length > 0 ? { machineDeployments } : none;
  const patch = { spec: { topology: { workers } } };
  await writer.patch(running.ticket, managedClusterKind, row.namespace, row.name, patch, { uid, ...version });
  await reach(`after-${deed}`);
}

/** Machines of the groups that change, which were not there before. */
async function newMachines(look: ClusterLook): Promise<readonly MachineObject[]> {
  const { known, before } = planOf(look);
  const there = new Set(known);
  return (await machinesOf(look)).filter(
    (machine) =>
      !there.has(machine.metadata.name) &&
      !isControlPlane(machine) &&
      (machine.metadata.labels?.[groupNameLabel] ?? '') in before,
  );
}
