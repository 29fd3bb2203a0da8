import type { WorkloadObject } from '../../api.ts';
import { strategyPatch } from '../instances/instance-set.ts';
import { tagWorkload } from '../workload-kinds.ts';

/** The merge patch that pauses a rollout, or goes on with it. */
export function pausePatch(workload: WorkloadObject, paused: boolean): object {
  const { kind } = tagWorkload(workload);
  if (kind === 'CLONE_SET' || kind === 'ADVANCED_STATEFUL_SET') return { spec: strategyPatch(kind, { paused }) };
  return { spec: { paused: paused || null } };
}
