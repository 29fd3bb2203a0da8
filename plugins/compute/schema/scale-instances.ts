import {
  type MutationOutcome,
  type OperationHandle,
  origin,
  PreconditionError,
  type RequestContext,
  ValidationError,
} from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { podsOfWorkload } from '../services/find-pods.ts';
import { isInstanceSet } from '../services/instances/instance-set.ts';
import { type ContainerImage, planNewInstances } from '../services/instances/plan-instance-update.ts';
import { planNamedScaleIn } from '../services/instances/plan-named-scale-in.ts';
import { checkDisksOf } from '../services/operations/check-disks-of.ts';
import { requireOperation } from '../services/operations/require-operation.ts';
import { requireQuotaOfMore } from '../services/quotas/require-quota.ts';
import { revisionsOf } from '../services/revisions/workload-revisions.ts';
import { tagWorkload } from '../services/workload-kinds.ts';
import { patchWorkload } from './patch-workload.ts';

/** A scaling that says which instances go, or what the new ones are (CMP-79). */
export interface InstanceWish {
  readonly replicas: number;
  readonly removeInstances: readonly string[] | null | undefined;
  readonly newInstanceImages: readonly ContainerImage[] | null | undefined;
}

/** Throws `PreconditionError` for workloads whose pods are alike, and `ValidationError` where names and numbers do not fit. */
export function scaleInstances(
  workload: WorkloadObject,
  { replicas, removeInstances, newInstanceImages }: InstanceWish,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<MutationOutcome<WorkloadObject>> {
  if (removeInstances && newInstanceImages) {
    const message = 'A scaling takes instances away or makes new ones, not both at once';
    throw new ValidationError([{ path: ['newInstanceImages'], code: 'contradiction', message }]);
  }
  // Another image is another template, which is more than a number.
  if (newInstanceImages) context.access.requireAllowed('UPDATE', workload as never);
  const reader = context.kube(workload[origin].cluster);
  const patchOf = async (current: WorkloadObject): Promise<object> => {
    await requireScaling(current, replicas, context);
    const tagged = tagWorkload(current);
    if (!isInstanceSet(tagged)) {
      const message = `${current.kind} '${current.metadata.name}' has no instances that could be named`;
      throw new PreconditionError('INSTANCES_ALIKE', message);
    }
    const pods = await podsOfWorkload(reader, current);
    if (removeInstances) return planNamedScaleIn(tagged, pods, removeInstances, replicas);
    await requireOperation('UPDATE_INSTANCES', current, context);
    const now = tagged.object.spec?.replicas ?? 1;
    if (replicas <= now) {
      const message = `replicas must be more than the ${now} that there are, got ${replicas}`;
      throw new ValidationError([{ path: ['replicas'], code: 'too_small', message }]);
    }
    const revisions = await revisionsOf(reader, current);
    return planNewInstances(
      { kind: tagged.kind, set: tagged.object, pods, revisions, images: newInstanceImages ?? [] },
      replicas,
    );
  };
  return patchWorkload(workload, patchOf, ticket, context);
}

/** What stands against so many pods of a workload as it is now (CMP-34, CMP-54, CMP-71). */
export async function requireScaling(
  workload: WorkloadObject,
  replicas: number,
  context: RequestContext,
): Promise<void> {
  await requireOperation('SCALE', workload, context);
  const misfits = await checkDisksOf(workload, replicas, ['replicas'], context);
  if (misfits.length > 0) throw new ValidationError(misfits);
  await requireQuotaOfMore(workload, replicas, context);
}
