import type { Cluster, Principal } from 'longshore/sdk';
import type { ReleaseEngine } from '../../engines/engine.ts';
import type { TaskLook } from './decide-release.ts';
import type { ReleaseView, TaskRow } from './model.ts';
import { ownUnits } from './own-units.ts';

/**
 * What a task comes to at this moment. What is collected of logs stands in the pod template (CMP-63), so it comes and goes with the pods
 * themselves and leaves a release nothing to do (REL-25, REL-26).
 */
export async function lookAtTask(
  task: Pick<TaskRow, 'kind'>,
  { release }: ReleaseView,
  engine: ReleaseEngine,
  cluster: Cluster,
  caller: Principal,
  signal: AbortSignal,
): Promise<TaskLook> {
  const { target } = release;
  if (task.kind !== 'CLEAN_WORKLOADS' || !target) return { is: 'skipped' };
  const units = ownUnits(target, await engine.observe(target, cluster.reader(caller, signal)));
  const write = engine.finish(target, units);
  return write ? { is: 'write', write } : { is: 'done' };
}
