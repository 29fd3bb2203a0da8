import type { UnitPods } from '../../api.ts';
import type { Grouping } from '../app-services/version-spec.ts';

export interface GroupingRules {
  readonly grouping: Grouping;
  /** Groups beside the beta group that FAST makes at least, as far as there are pods for them. */
  readonly minGroups: number;
  readonly betaGroup: boolean;
}

export interface PlannedGroup {
  readonly isBeta: boolean;
  /** Units with no pod in it are left out. */
  readonly pods: readonly UnitPods[];
}

/**
 * Which pods are released together (REL-29). The beta group takes one pod of each unit. FAST splits the others of each unit into
 * `minGroups` parts whose sizes differ by one at the most, and group i has the i-th part of each; ONE_PER_POD makes one group for each pod,
 * units in turn; ALL_IN_ONE one for all. Empty groups are dropped. Pure; each pod is in exactly one group.
 */
export function planGroups(units: readonly UnitPods[], rules: GroupingRules): readonly PlannedGroup[] {
  const beta = rules.betaGroup ? units.map(({ unit, count }) => ({ unit, count: Math.min(1, count) })) : [];
  const taken = new Map(beta.map(({ unit, count }) => [unit, count]));
  const rest = units.map(({ unit, count }) => ({ unit, count: count - (taken.get(unit) ?? 0) }));
  return [{ isBeta: true, pods: beta }, ...splitRest(rest, rules).map((pods) => ({ isBeta: false, pods }))]
    .map(({ isBeta, pods }) => ({ isBeta, pods: pods.filter(({ count }) => count > 0) }))
    .filter(({ pods }) => pods.length > 0);
}

function splitRest(units: readonly UnitPods[], { grouping, minGroups }: GroupingRules): readonly UnitPods[][] {
  if (grouping === 'ALL_IN_ONE') return [[...units]];
  if (grouping === 'FAST') {
    return Array.from({ length: minGroups }, (_, index) =>
      units.map(({ unit, count }) => ({ unit, count: partOf(count, minGroups, index) })),
    );
  }
  const most = Math.max(0, ...units.map(({ count }) => count));
  return Array.from({ length: most }, (_, turn) =>
    units.filter(({ count }) => turn < count).map(({ unit }) => [{ unit, count: 1 }]),
  ).flat();
}

/** The first `count mod parts` parts have one more. */
function partOf(count: number, parts: number, index: number): number {
  return Math.floor(count / parts) + (index < count % parts ? 1 : 0);
}

/** Pods of each unit, spread evenly: units in front get one more where it does not come out even. */
export function spreadPods(replicas: number, units: readonly string[]): readonly UnitPods[] {
  return units.map((unit, index) => ({ unit, count: partOf(replicas, units.length, index) }));
}
