import type { OwnerReference } from '../store/types.ts';

/** What has become of an owner that an object names; `unknown` where nobody can say. */
export type OwnerFate = 'alive' | 'gone' | 'waits-for-dependents' | 'unknown';

export type GarbageDecision =
  | { readonly do: 'keep' }
  /** Some owner is left: the references to those that are not are removed. */
  | { readonly do: 'unlink'; readonly keep: readonly OwnerReference[] }
  | { readonly do: 'delete'; readonly policy: 'Background' | 'Foreground' };

/**
 * Whether an object that has owners is garbage, by the rules of Kubernetes' collector: it lives as long as one owner
 * does or cannot be looked up; if the last ones wait for their dependents, it goes the same way, so that the whole tree goes leaves first.
 */
export function decideGarbage(
  owners: readonly { readonly reference: OwnerReference; readonly fate: OwnerFate }[],
  hasDependents: boolean,
): GarbageDecision {
  if (owners.some(({ fate }) => fate === 'unknown') || owners.every(({ fate }) => fate === 'alive'))
    return { do: 'keep' };
  const alive = owners.filter(({ fate }) => fate === 'alive').map(({ reference }) => reference);
  if (alive.length > 0) return { do: 'unlink', keep: alive };
  const isAwaited = owners.some(({ fate }) => fate === 'waits-for-dependents');
  return { do: 'delete', policy: isAwaited && hasDependents ? 'Foreground' : 'Background' };
}
