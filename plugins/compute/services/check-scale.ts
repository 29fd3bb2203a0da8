import { PreconditionError, type Profile, type ValidationIssue } from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { mostUnlessSaid, replicasMax, replicasMin } from '../profile-keys/replicas.ts';
import { controllerOf, tagWorkload } from './workload-kinds.ts';

/** Against the profile of the workload's cluster (CON-01, CMP-78). */
export function checkReplicas(replicas: number, profile: Profile): ValidationIssue[] {
  const min = profile.get(replicasMin);
  const max = profile.get(replicasMax) ?? mostUnlessSaid;
  if (replicas >= min && replicas <= max) return [];
  const message = `replicas must be ${min} to ${max} by the profile '${profile.name}', got ${replicas}`;
  return [{ path: ['replicas'], code: replicas < min ? 'too_small' : 'too_big', message }];
}

/** Throws `PreconditionError` where a number of replicas cannot be set, or would be set back by a controller. */
export function requireScalable(object: WorkloadObject): void {
  const name = `${object.kind} '${object.metadata.name}'`;
  if (object.metadata.deletionTimestamp !== undefined) {
    throw new PreconditionError('BEING_DELETED', `${name} is being deleted`);
  }
  const { kind } = tagWorkload(object);
  if (kind !== 'DEPLOYMENT' && kind !== 'STATEFUL_SET' && kind !== 'REPLICA_SET') {
    throw new PreconditionError(
      'NOT_SCALABLE',
      `${name} has no number of replicas to set: only a Deployment, StatefulSet or ReplicaSet can be scaled`,
    );
  }
  const owner = kind === 'REPLICA_SET' ? controllerOf(object) : undefined;
  if (owner) {
    throw new PreconditionError(
      'MANAGED_BY_OWNER',
      `${name} belongs to ${owner.kind} '${owner.name}', which would set its replicas back: scale that`,
    );
  }
}
