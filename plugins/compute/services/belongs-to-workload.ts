import {
  type ClusterReader,
  type GlobalId,
  type KindRef,
  type MaybePromise,
  origin,
  parseGlobalId,
} from 'longshore/sdk';
import type { PodObject } from '../api.ts';
import { workloadKinds } from '../api.ts';
import { controllerOf, workloadKindNames, workloadKindOfOwner } from './workload-kinds.ts';

/**
 * A test whether a pod belongs to the workload behind a global id, itself or through a ReplicaSet or Job. It must
 * answer at once: where the object between is not in memory, the name that its controller gives it decides.
 */
export function belongsToWorkload(
  id: string,
  readerOf: (cluster: string) => ClusterReader,
): (pod: PodObject) => boolean {
  const wanted = parseGlobalId(id);
  const kind = wanted?.of === 'kubernetes' ? kindOf(wanted) : undefined;
  if (wanted?.of !== 'kubernetes' || !kind) return () => false;
  return (pod) => {
    if (pod[origin].cluster !== wanted.cluster || pod.metadata.namespace !== wanted.namespace) return false;
    const owner = controllerOf(pod);
    const ownerKind = owner && workloadKindOfOwner(owner);
    if (!ownerKind) return false;
    if (ownerKind === kind) return owner.name === wanted.name;
    const isBetween =
      (kind === 'DEPLOYMENT' && ownerKind === 'REPLICA_SET') || (kind === 'CRON_JOB' && ownerKind === 'JOB');
    if (!isBetween) return false;
    const between = atOnce(
      readerOf(wanted.cluster).get(workloadKinds[ownerKind] as KindRef, wanted.namespace, owner.name),
    );
    const above = between && controllerOf(between);
    if (above) return workloadKindOfOwner(above) === kind && above.name === wanted.name;
    return between === undefined && isNamedBy(owner.name, wanted.name);
  };
}

function kindOf(id: Extract<GlobalId, { of: 'kubernetes' }>) {
  return workloadKindNames.find(
    (name) => workloadKinds[name].kind === id.kind && workloadKinds[name].group === id.group,
  );
}

/** `vote-6d4f9c7b8` is a ReplicaSet of `vote`, `backup-29145600` a Job of `backup`. */
function isNamedBy(name: string, owner: string): boolean {
  return name.startsWith(`${owner}-`) && /^[a-z0-9]+$/.test(name.slice(owner.length + 1));
}

function atOnce<T>(value: MaybePromise<T>): T | undefined {
  if (!(value instanceof Promise)) return value;
  value.catch(() => undefined);
  return undefined;
}
