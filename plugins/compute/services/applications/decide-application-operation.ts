import { PreconditionError, type Profile } from 'longshore/sdk';
import type { ApplicationState } from '../../api.ts';
import { workloadStopStopped } from '../../profile-keys/workloads.ts';
import type { Obstacle } from '../operations/decide-operation.ts';

export type ApplicationOperation = 'START' | 'STOP' | 'REDEPLOY';

/** What stands against doing something to an application in its state (CMP-42, CON-41). Pure. */
export function decideApplicationOperation(
  operation: ApplicationOperation,
  name: string,
  state: ApplicationState,
  stopStopped: 'REFUSE' | 'NOTHING',
): Obstacle | undefined {
  const isStopOfStopped = operation === 'STOP' && (state === 'STOPPED' || state === 'NO_WORKLOAD');
  if (isStopOfStopped && stopStopped === 'NOTHING') return undefined;
  if (state === 'NO_WORKLOAD') {
    return { reason: 'APPLICATION_EMPTY', message: `'${name}' has no workload` };
  }
  if (operation === 'START') {
    if (state === 'STOPPED') return undefined;
    return { reason: 'APPLICATION_NOT_STOPPED', message: `'${name}' is ${state}: only what is STOPPED can be started` };
  }
  return state === 'STOPPED' ? { reason: 'APPLICATION_STOPPED', message: `'${name}' is stopped` } : undefined;
}

/** Throws `PreconditionError` with what stands against it. */
export function requireApplicationOperation(
  operation: ApplicationOperation,
  name: string,
  state: ApplicationState,
  profile: Profile,
): void {
  const obstacle = decideApplicationOperation(operation, name, state, profile.get(workloadStopStopped));
  if (obstacle) throw new PreconditionError(obstacle.reason, obstacle.message);
}
