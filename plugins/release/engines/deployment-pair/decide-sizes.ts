import { resolveShare } from '../resolve-share.ts';

/** One Deployment that is not of the target's version. */
export interface OldSize {
  readonly name: string;
  readonly replicas: number;
  /** Its pods that are ready. */
  readonly ready: number;
}

export interface PairFacts {
  /** Pods that the unit is to have. */
  readonly replicas: number;
  /** Pods that the new Deployment has by its spec. */
  readonly grown: number;
  /** Pods of the new version that are ready. */
  readonly ready: number;
  readonly maxUnavailable: number | string;
  readonly old: readonly OldSize[];
}

/**
 * How many pods the old Deployments may be left with: as a RollingUpdate, no fewer than are needed so that old and new together have the
 * unit's number, and as many of them ready as `maxUnavailable` leaves. Pure.
 */
export function floorOfOld({ replicas, grown, ready, maxUnavailable }: Omit<PairFacts, 'old'>): number {
  const missing = resolveShare(maxUnavailable, replicas, 'down');
  return Math.max(0, replicas - grown, replicas - missing - ready);
}

/**
 * The next old Deployment that is made smaller, and what it has then; undefined where none may be. What is least ready goes first: what somebody
 * left behind half-way carries less than what was there before.
 */
export function decideShrink(facts: PairFacts): { readonly name: string; readonly replicas: number } | undefined {
  const there = facts.old.reduce((sum, { replicas }) => sum + replicas, 0);
  const surplus = there - floorOfOld(facts);
  if (surplus <= 0) return undefined;
  const [first] = facts.old
    .filter(({ replicas }) => replicas > 0)
    .sort((one, other) => one.ready - other.ready || (one.name < other.name ? -1 : 1));
  return first && { name: first.name, replicas: Math.max(0, first.replicas - surplus) };
}
