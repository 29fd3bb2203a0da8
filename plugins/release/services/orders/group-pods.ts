import type { ReleasePodState } from '../../api.ts';
import type { GroupRow } from './model.ts';

interface SeenPod {
  readonly unit: string;
  readonly state: ReleasePodState;
  /** UTC ms since when it has been ready. */
  readonly readySince: number | undefined;
}

const ranks: Readonly<Record<Exclude<ReleasePodState, 'NOT_UPDATED'>, number>> = { UPDATED: 0, UPDATING: 1, FAILED: 2 };

/**
 * Which pods are those of a group: engines choose them, so only pods that have the new version already can be told. Those that were updated
 * first, in each unit, are of the first groups. Pure; no pod is in two groups.
 */
export function podsOfGroup<T extends SeenPod>(
  pods: readonly T[],
  groups: readonly Pick<GroupRow, 'position' | 'pods'>[],
  position: number,
): readonly T[] {
  const group = groups.find((each) => each.position === position);
  return (group?.pods ?? []).flatMap(({ unit, count }) => {
    const before = groups
      .filter((each) => each.position < position)
      .flatMap((each) => each.pods)
      .filter((each) => each.unit === unit)
      .reduce((sum, each) => sum + each.count, 0);
    return pods
      .filter((pod) => pod.unit === unit && pod.state !== 'NOT_UPDATED')
      .sort((one, other) => rankOf(one) - rankOf(other) || sinceOf(one) - sinceOf(other))
      .slice(before, before + count);
  });
}

const rankOf = ({ state }: SeenPod): number => (state === 'NOT_UPDATED' ? 3 : ranks[state]);
const sinceOf = ({ readySince }: SeenPod): number => readySince ?? Number.MAX_SAFE_INTEGER;
