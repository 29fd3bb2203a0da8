import type { ClusterObject } from '../store/types.ts';

/** Of the objects whose annotation says `true` the newest; of equally old ones the first by name. */
export function newestMarked<T extends ClusterObject>(objects: readonly T[], annotation: string): T | undefined {
  const age = ({ metadata }: ClusterObject): string => metadata.creationTimestamp ?? '';
  return objects
    .filter(({ metadata }) => metadata.annotations?.[annotation] === 'true')
    .toSorted(
      (left, right) => -age(left).localeCompare(age(right)) || (left.metadata.name < right.metadata.name ? -1 : 1),
    )[0];
}
