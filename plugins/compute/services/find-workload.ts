import { type ClusterReader, type KindRef, type KubeObject, type MaybePromise, mapMaybe } from 'longshore/sdk';
import type { PodObject, WorkloadObject } from '../api.ts';
import { workloadKinds } from '../api.ts';
import { controllerOf, workloadKindOfOwner } from './workload-kinds.ts';

/** A controller's controller's controller: deeper chains do not exist, and a circle must end. */
const maxDepth = 4;

/** The topmost workload that controls a pod; undefined for a bare pod and for one that something else controls. */
export function workloadOfPod(reader: ClusterReader, pod: PodObject): MaybePromise<WorkloadObject | undefined> {
  return climb(reader, pod, maxDepth);
}

function climb(
  reader: ClusterReader,
  object: Pick<KubeObject, 'metadata'>,
  depth: number,
): MaybePromise<WorkloadObject | undefined> {
  const owner = controllerOf(object);
  const kind = owner && workloadKindOfOwner(owner);
  if (!kind || depth === 0) return undefined;
  const found = reader.get(workloadKinds[kind] as KindRef, object.metadata.namespace, owner.name);
  const top = mapMaybe(found, (parent) => {
    // A namesake that was made later is not the owner.
    if (parent?.metadata.uid !== owner.uid) return undefined;
    return mapMaybe(climb(reader, parent, depth - 1), (above) => above ?? (parent as unknown as WorkloadObject));
  });
  return top as MaybePromise<WorkloadObject | undefined>;
}
