import { PreconditionError, type ValidationIssue } from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { controllerOf, tagWorkload } from './workload-kinds.ts';

export const maxReplicas = 1_000;

export function checkReplicas(replicas: number): ValidationIssue[] {
  if (Number.isInteger(replicas) && replicas >= 0 && replicas <= maxReplicas) return [];
  const message = `replicas must be 0 to ${maxReplicas}, got ${replicas}`;
  return [{ path: ['replicas'], code: replicas < 0 ? 'too_small' : 'too_big', message }];
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
