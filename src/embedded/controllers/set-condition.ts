import type { Condition } from './kubernetes-shapes.ts';

/**
 * The list with this condition in it, at its old place or at the end. `lastTransitionTime` moves only when the status
 * does, so that writing the same condition again changes nothing.
 */
export function setCondition(conditions: readonly Condition[], next: Condition, now: string): readonly Condition[] {
  const known = conditions.find((condition) => condition.type === next.type);
  const transition = known?.status === next.status ? (known.lastTransitionTime ?? now) : now;
  const merged: Condition = { ...next, lastTransitionTime: next.lastTransitionTime ?? transition };
  if (known === undefined) return [...conditions, merged];
  return conditions.map((condition) => (condition.type === next.type ? merged : condition));
}

export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}
