import { PreconditionError } from 'longshore/sdk';
import type { ReleaseTarget } from '../../engines/engine.ts';
import { acrossMesh } from '../app-services/mesh.ts';
import { releaseTargetOf, type TargetRequest } from '../app-services/release-target.ts';
import { type PlannedGroup, planGroups } from '../grouping/plan-groups.ts';
import type { OrderRow } from './model.ts';

export interface PodPlan {
  readonly target: ReleaseTarget;
  readonly groups: readonly PlannedGroup[];
  readonly totalPods: number;
}

/**
 * What of a version an order releases, and in which groups (REL-29): in its own units alone, with a beta group only for what is new (REL-30).
 * Pure. Throws `PreconditionError` UNITS_GONE.
 */
export function planPods(
  request: TargetRequest,
  order: Pick<OrderRow, 'units' | 'betaGroup'>,
  previous: ReleaseTarget | null,
): PodPlan {
  const target = acrossMesh(asFirst(narrowed(releaseTargetOf(request), order.units), previous), previous);
  const isNew = previous?.versionId !== request.version.uuid;
  const { grouping, minGroups } = request.version.spec.deployment;
  const groups = planGroups(
    target.units.map(({ unit, replicas }) => ({ unit, count: replicas })),
    { grouping, minGroups, betaGroup: order.betaGroup && isNew },
  );
  return { target, groups, totalPods: target.units.reduce((sum, { replicas }) => sum + replicas, 0) };
}

/** What nobody has scaled yet is made with its own number of pods (REL-06). */
const asFirst = (target: ReleaseTarget, previous: ReleaseTarget | null): ReleaseTarget =>
  target.scheduled && !previous ? { ...target, scheduled: 'FIRST' } : target;

/** Only units that the order is for (REL-19). */
function narrowed(target: ReleaseTarget, units: readonly string[]): ReleaseTarget {
  const chosen = target.units.filter(({ unit }) => units.length === 0 || units.includes(unit));
  if (chosen.length === target.units.length) return target;
  if (chosen.length > 0) return { ...target, units: chosen, isPartial: true };
  throw new PreconditionError(
    'UNITS_GONE',
    `None of its deployment units is among those of the order: ${units.join(', ')}`,
  );
}
