import { defaultClassAnnotation, type VolumeSnapshotClass } from './kinds.ts';

export type ClassDecision = { readonly snapshotClass: VolumeSnapshotClass } | { readonly problem: string };

/**
 * The class a snapshot is taken by: the named one, else the one default class of the volume's driver
 * (snapshot.storage.k8s.io/v1).
 */
export function decideSnapshotClass(
  named: string | undefined,
  driver: string,
  classes: readonly VolumeSnapshotClass[],
): ClassDecision {
  if (named !== undefined) {
    const found = classes.find(({ metadata }) => metadata.name === named);
    if (found !== undefined) return { snapshotClass: found };
    return {
      problem: `failed to get snapshot class ${named}: volumesnapshotclass.snapshot.storage.k8s.io "${named}" not found`,
    };
  }
  const defaults = classes.filter(
    (each) => each.driver === driver && each.metadata.annotations?.[defaultClassAnnotation] === 'true',
  );
  const [only, another] = defaults;
  if (only === undefined) return { problem: 'cannot find default snapshot class' };
  if (another !== undefined) return { problem: `${defaults.length} default snapshot classes were found` };
  return { snapshotClass: only };
}
