import { PreconditionError } from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { tagWorkload } from './workload-kinds.ts';

/** Throws `PreconditionError` where a workload has no rollout to pause, or is already as wanted. */
export function requirePausable(object: WorkloadObject, paused: boolean): void {
  const name = `${object.kind} '${object.metadata.name}'`;
  if (object.metadata.deletionTimestamp !== undefined) {
    throw new PreconditionError('BEING_DELETED', `${name} is being deleted`);
  }
  const workload = tagWorkload(object);
  if (workload.kind !== 'DEPLOYMENT') {
    throw new PreconditionError('NOT_PAUSABLE', `${name} has no rollout that could be paused: only a Deployment has`);
  }
  const isPaused = workload.object.spec?.paused === true;
  if (isPaused === paused) {
    throw new PreconditionError(
      paused ? 'WORKLOAD_PAUSED' : 'WORKLOAD_NOT_PAUSED',
      `${name} is ${paused ? 'paused already' : 'not paused'}`,
    );
  }
}
