import {
  type ClusterReader,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
  obstacleToChange,
  origin,
  PreconditionError,
  type RequestContext,
} from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { decideOperation, type Obstacle } from './decide-operation.ts';
import { findAutoscaler } from './find-autoscaler.ts';
import type { WorkloadOperation } from './workload-operations.ts';

/**
 * What stands against doing something to a workload now, as far as the reader sees it, rights apart: by itself, see `decideOperation`, or
 * since another plugin is at work on it.
 */
export function obstacleTo(
  operation: WorkloadOperation,
  workload: WorkloadObject,
  context: RequestContext,
  reader?: ClusterReader,
): MaybePromise<Obstacle | undefined> {
  return mapMaybe(
    obstacleInItself(operation, workload, context, reader),
    (own) => own ?? obstacleToChange(workload as KubeObject, context),
  ) as MaybePromise<Obstacle | undefined>;
}

/** The same without what other plugins do. */
export function obstacleInItself(
  operation: WorkloadOperation,
  workload: WorkloadObject,
  context: RequestContext,
  reader: ClusterReader = context.kube(workload[origin].cluster),
): MaybePromise<Obstacle | undefined> {
  const { cluster } = workload[origin];
  const profile = context.services.profiles.at({ cluster, namespace: workload.metadata.namespace });
  // Only scaling asks who else scales.
  if (operation !== 'SCALE') return decideOperation({ operation, workload, profile, autoscaler: undefined });
  return mapMaybe(findAutoscaler(reader, workload), (found) => {
    const autoscaler = found && { name: context.access.allowed('READ', found) ? found.metadata.name : undefined };
    return decideOperation({ operation, workload, profile, autoscaler });
  });
}

/**
 * Throws `PreconditionError` where a workload of this kind, in this state and place, is not done this to (CMP-71). Who scales it counts
 * also where the caller may not see that.
 */
export async function requireOperation(
  operation: WorkloadOperation,
  workload: WorkloadObject,
  context: RequestContext,
): Promise<void> {
  const reader = context.cluster(workload[origin].cluster).reader(context.principal, context.signal);
  const obstacle = await obstacleTo(operation, workload, context, reader);
  if (obstacle) throw new PreconditionError(obstacle.reason, obstacle.message);
}
