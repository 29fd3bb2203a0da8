import type { PodObject } from '../../api.ts';
import type { Obstacle } from '../operations/decide-operation.ts';
import { controllerOf } from '../workload-kinds.ts';

/** What stands against changing a pod by the form: one that somebody controls is changed by its workload. Pure. */
export function obstacleToPodEdit(pod: PodObject): Obstacle | undefined {
  const name = `Pod '${pod.metadata.name}'`;
  if (pod.metadata.deletionTimestamp !== undefined)
    return { reason: 'BEING_DELETED', message: `${name} is being deleted` };
  const owner = controllerOf(pod);
  if (!owner) return undefined;
  const message = `${name} belongs to ${owner.kind} '${owner.name}', which makes its pods alike: change that`;
  return { reason: 'MANAGED_BY_OWNER', message };
}
