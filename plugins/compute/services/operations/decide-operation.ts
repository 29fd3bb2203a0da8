import type { Profile } from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { manualScaleWhenStopped, manualScaleWithPolicy } from '../../profile-keys/replicas.ts';
import { workloadStopStopped } from '../../profile-keys/workloads.ts';
import { isInstanceSet, isPausedInstanceSet, updatesInPlace } from '../instances/instance-set.ts';
import { controllerOf, type TaggedWorkload, tagWorkload } from '../workload-kinds.ts';
import { isStopped } from './stopped-state.ts';
import {
  isOffered,
  type WorkloadOperation,
  type WorkloadOperationRow,
  workloadOperations,
} from './workload-operations.ts';

/** What stands against an operation: a member of `PreconditionReason`, and the sentence. */
export interface Obstacle {
  readonly reason: string;
  readonly message: string;
}

/** What is known when an operation is decided on. */
export interface OperationCase {
  readonly operation: WorkloadOperation;
  readonly workload: WorkloadObject;
  /** Of the workload's place. */
  readonly profile: Profile;
  /** The HorizontalPodAutoscaler that scales it, with its name where the caller may see it. */
  readonly autoscaler: Autoscaler | undefined;
}

interface Autoscaler {
  readonly name: string | undefined;
}

/** What stands against doing something to a workload in its present state, the first thing only; rights apart. Pure. */
export function decideOperation({ operation, workload, profile, autoscaler }: OperationCase): Obstacle | undefined {
  const row: WorkloadOperationRow = workloadOperations[operation];
  const tagged = tagWorkload(workload);
  const name = `${workload.kind} '${workload.metadata.name}'`;
  if (workload.metadata.deletionTimestamp !== undefined) {
    return { reason: 'BEING_DELETED', message: `${name} is being deleted` };
  }
  if (!row.kinds.includes(tagged.kind)) {
    return { reason: row.otherwise.reason, message: `${name} ${row.otherwise.says}` };
  }
  if (!isOffered(operation, tagged.kind, profile)) {
    const message = `${name}: the profile '${profile.name}' does not offer ${operation} for a ${workload.kind}`;
    return { reason: 'KIND_NOT_OFFERED', message };
  }
  return ownerAgainst(operation, tagged, name) ?? stateAgainst(operation, tagged, name, profile, autoscaler);
}

/** Changes that an owner would set back. A Job's owner never touches it again, and what is deleted is made anew. */
function ownerAgainst(
  operation: WorkloadOperation,
  { kind, object }: TaggedWorkload,
  name: string,
): Obstacle | undefined {
  const owner = controllerOf(object);
  if (!owner || kind === 'JOB' || operation === 'DELETE') return undefined;
  const message = `${name} belongs to ${owner.kind} '${owner.name}', which would set it back: change that`;
  return { reason: 'MANAGED_BY_OWNER', message };
}

function stateAgainst(
  operation: WorkloadOperation,
  workload: TaggedWorkload,
  name: string,
  profile: Profile,
  autoscaler: Autoscaler | undefined,
): Obstacle | undefined {
  const stopped = isStopped(workload.object);
  const paused = isPaused(workload);
  switch (operation) {
    case 'EDIT':
    case 'DELETE':
      return undefined;
    case 'STOP':
      if (isFinished(workload)) return { reason: 'WORKLOAD_FINISHED', message: `${name} has finished` };
      // CON-41: where stopping what is stopped is nothing, it is no obstacle.
      if (!stopped || profile.get(workloadStopStopped) === 'NOTHING') return undefined;
      return { reason: 'WORKLOAD_STOPPED', message: `${name} is stopped already` };
    case 'START':
      return stopped ? undefined : { reason: 'WORKLOAD_NOT_STOPPED', message: `${name} is not stopped` };
    case 'SCALE':
      if (stopped && profile.get(manualScaleWhenStopped) === 'REFUSE') {
        return { reason: 'WORKLOAD_STOPPED', message: `${name} is stopped: start it before you scale it` };
      }
      if (autoscaler === undefined || profile.get(manualScaleWithPolicy) === 'ALLOW') return undefined;
      return {
        reason: 'AUTOSCALED',
        message: `${name} is scaled by ${wordsFor(autoscaler)}: change that, or delete it first`,
      };
    case 'RESTART':
      if (paused) return { reason: 'WORKLOAD_PAUSED', message: `${name} is paused: resume it before you restart it` };
      if (stopped) return { reason: 'WORKLOAD_STOPPED', message: `${name} is stopped: there is nothing to restart` };
      if (!updatesInPlace(workload)) return undefined;
      return {
        reason: 'NOT_RESTARTABLE',
        message: `${name} updates its pods in place, which restarts none of them: delete its pods instead`,
      };
    case 'PAUSE':
      return paused ? { reason: 'WORKLOAD_PAUSED', message: `${name} is paused already` } : undefined;
    case 'RESUME':
      return paused ? undefined : { reason: 'WORKLOAD_NOT_PAUSED', message: `${name} is not paused` };
    case 'ROLL_BACK':
      if (paused) return { reason: 'WORKLOAD_PAUSED', message: `${name} is paused: resume it before you roll it back` };
      // Its stop is in the template: an earlier one would start it.
      if (stopped && workload.kind === 'DAEMON_SET') {
        return { reason: 'WORKLOAD_STOPPED', message: `${name} is stopped: start it before you roll it back` };
      }
      return undefined;
    case 'KILL_INSTANCES':
    case 'START_INSTANCES':
      return undefined;
    case 'UPDATE_INSTANCES':
      if (paused) return { reason: 'WORKLOAD_PAUSED', message: `${name} is paused: resume it before you update it` };
      return undefined;
  }
}

function wordsFor({ name }: Autoscaler): string {
  return name === undefined ? 'a HorizontalPodAutoscaler' : `HorizontalPodAutoscaler '${name}'`;
}

function isPaused(workload: TaggedWorkload): boolean {
  if (isInstanceSet(workload)) return isPausedInstanceSet(workload.object);
  return workload.kind === 'DEPLOYMENT' && workload.object.spec?.paused === true;
}

function isFinished(workload: TaggedWorkload): boolean {
  if (workload.kind !== 'JOB') return false;
  const conditions = workload.object.status?.conditions ?? [];
  return conditions.some(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
}
