import { compareQuantities } from '../../machinery/quantity.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../kubernetes-shapes.ts';
import { matchesSelector } from '../matches-selector.ts';
import { matchesNodeTerm } from '../scheduling/node-selection.ts';

/** Annotations of the binder: what it bound itself may be unbound again, what a person bound may not. */
export const boundByController = 'pv.kubernetes.io/bound-by-controller';
export const bindCompleted = 'pv.kubernetes.io/bind-completed';

/** Whether the volume was made for, or is bound to, this claim and no namesake of it. */
export function isVolumeOf(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { claimRef } = volume.spec;
  if (claimRef?.name !== claim.metadata.name || claimRef.namespace !== claim.metadata.namespace) return false;
  return (claimRef.uid ?? '') === '' || claimRef.uid === claim.metadata.uid;
}

/** Why a volume does not satisfy a claim that asks for it by name; undefined when it does. */
export function volumeProblem(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (volume.metadata.deletionTimestamp !== undefined) {
    return `the volume is marked for deletion "${volume.metadata.name}"`;
  }
  if (compareQuantities(volume.spec.capacity?.storage, requestOf(claim)) < 0) return 'requested PV is too small';
  if (classNameOf(volume) !== (claim.spec.storageClassName ?? '')) return 'storageClassName does not match';
  if (hasOtherMode(volume, claim)) return 'incompatible volumeMode';
  return allowsModes(volume, claim) ? undefined : 'incompatible accessMode';
}

/**
 * The volume that a claim gets: one that was made for it, else the smallest available one that satisfies it. A claim
 * that waits for its first consumer gets only what was made for it, until a node was chosen.
 */
export function decideVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  options: { readonly isDelayed: boolean; readonly node?: Node | undefined },
): PersistentVolume | undefined {
  const fitting = volumes.filter(
    (volume) =>
      !hasOtherMode(volume, claim) &&
      volume.metadata.deletionTimestamp === undefined &&
      compareQuantities(volume.spec.capacity?.storage, requestOf(claim)) >= 0,
  );
  const own = fitting.find((volume) => isVolumeOf(volume, claim));
  if (own !== undefined) return own;
  if (options.isDelayed && options.node === undefined) return undefined;
  return fitting
    .filter(
      (volume) =>
        volume.spec.claimRef === undefined &&
        volume.status?.phase === 'Available' &&
        classNameOf(volume) === (claim.spec.storageClassName ?? '') &&
        (claim.spec.selector === undefined || matchesSelector(claim.spec.selector, volume.metadata.labels)) &&
        allowsModes(volume, claim) &&
        (options.node === undefined || reaches(volume, options.node)),
    )
    .sort(bySizeAndName)[0];
}

export function requestOf(claim: PersistentVolumeClaim): string {
  return String(claim.spec.resources?.requests?.storage ?? '0');
}

function classNameOf(volume: PersistentVolume): string {
  return volume.spec.storageClassName ?? '';
}

function hasOtherMode(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (volume.spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem');
}

function allowsModes(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode) === true);
}

function reaches(volume: PersistentVolume, node: Node): boolean {
  const terms = volume.spec.nodeAffinity?.required?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => matchesNodeTerm(term, node));
}

/** Fewer access modes first, so that what only a few can offer is kept; then the smaller one. */
function bySizeAndName(left: PersistentVolume, right: PersistentVolume): number {
  const modes = (left.spec.accessModes?.length ?? 0) - (right.spec.accessModes?.length ?? 0);
  const size = compareQuantities(left.spec.capacity?.storage, right.spec.capacity?.storage);
  return modes || size || (left.metadata.name < right.metadata.name ? -1 : 1);
}
