import { defaultClassAnnotation, type VolumeSnapshotClass } from './kinds.ts';

export type ClassDecision = { readonly snapshotClass: VolumeSnapshotClass } | { readonly problem: string };

/** The one default class of the volume's driver, for a snapshot that names none (snapshot.storage.k8s.io/v1). */
export function decideSnapshotClass(driver: string, classes: readonly VolumeSnapshotClass[]): ClassDecision {
  const defaults = classes.filter(
    (each) => each.driver === driver && each.metadata.annotations?.[defaultClassAnnotation] === 'true',
  );
  const [only, another] = defaults;
  if (only === undefined) return { problem: 'cannot find default snapshot class' };
  if (another !== undefined) return { problem: `${defaults.length} default snapshot classes were found` };
  return { snapshotClass: only };
}
