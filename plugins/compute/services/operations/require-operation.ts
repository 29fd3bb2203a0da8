import { type MaybePromise, mapMaybe, origin, PreconditionError, type RequestContext } from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { decideOperation, type Obstacle } from './decide-operation.ts';
import { findAutoscaler } from './find-autoscaler.ts';
import type { WorkloadOperation } from './workload-operations.ts';

/** What stands against doing something to a workload now, rights apart; see `decideOperation`. */
export function obstacleTo(
  operation: WorkloadOperation,
  workload: WorkloadObject,
  context: RequestContext,
): MaybePromise<Obstacle | undefined> {
  const { cluster } = workload[origin];
  const profile = context.services.profiles.at({ cluster, namespace: workload.metadata.namespace });
  const decide = (autoscaler?: string) => decideOperation({ operation, workload, profile, autoscaler });
  // Only scaling asks who else scales.
  return operation === 'SCALE' ? mapMaybe(findAutoscaler(context.kube(cluster), workload), decide) : decide();
}

/** Throws `PreconditionError` where a workload of this kind, in this state and place, is not done this to (CMP-71). */
export async function requireOperation(
  operation: WorkloadOperation,
  workload: WorkloadObject,
  context: RequestContext,
): Promise<void> {
  const obstacle = await obstacleTo(operation, workload, context);
  if (obstacle) throw new PreconditionError(obstacle.reason, obstacle.message);
}
