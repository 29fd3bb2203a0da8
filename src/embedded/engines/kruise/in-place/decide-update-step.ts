import type { UpdatePolicy } from '../kinds.ts';
import type { LifecycleState } from '../lifecycle.ts';

export interface UpdateStepInput {
  readonly policy: UpdatePolicy;
  /** Whether the change of templates can be done in a running pod. */
  readonly canUpdateInPlace: boolean;
  readonly state: LifecycleState;
  /** Whether the workload has a hook before updates, and whether it holds this pod back. */
  readonly hasHook: boolean;
  readonly isHeld: boolean;
}

/**
 * How one pod comes to the new revision: `replace` deletes it, `prepare` asks those who hold it to let go, `hold` puts
 * their labels and finalizers on again first, and `refuse` is what InPlaceOnly does with what needs a new pod.
 */
export type UpdateStep = 'replace' | 'change' | 'prepare' | 'hold' | 'wait' | 'refuse';

export function decideUpdateStep(input: UpdateStepInput): UpdateStep {
  if (input.policy === 'ReCreate') return 'replace';
  if (!input.canUpdateInPlace) return input.policy === 'InPlaceOnly' ? 'refuse' : 'replace';
  switch (input.state) {
    case '':
    case 'PreparingNormal':
    case 'Normal':
      return input.isHeld ? 'prepare' : 'change';
    case 'Updated':
      // Without a hook there is nothing to put on: the pod becomes Normal by itself first.
      return input.hasHook ? 'hold' : 'wait';
    case 'PreparingUpdate':
      return input.isHeld ? 'wait' : 'change';
    case 'Updating':
      return 'change';
    case 'PreparingDelete':
      return 'wait';
  }
}
