import type { ClusterObject, OwnerReference } from '../store/types.ts';
import type { LabelSelector } from './kubernetes-shapes.ts';
import { matchesSelector } from './matches-selector.ts';
import { controllerOf, controllerReference, isControlledBy } from './owner-reference.ts';

export interface ClaimOptions<T extends ClusterObject> {
  readonly owner: ClusterObject;
  readonly selector: LabelSelector | undefined;
  /** Objects that the owner controls now, or that nobody controls. */
  readonly candidates: readonly T[];
  /** Writes the object with these owner references. */
  readonly relink: (object: T, ownerReferences: readonly OwnerReference[]) => T;
}

/**
 * The objects that a controller may count as its own: those it controls and still selects. Orphans that it selects are
 * adopted, what it no longer selects is released; an owner that is being deleted does neither.
 */
export function claimObjects<T extends ClusterObject>({ owner, selector, candidates, relink }: ClaimOptions<T>): T[] {
  const isLeaving = owner.metadata.deletionTimestamp !== undefined;
  const claimed: T[] = [];
  for (const object of candidates) {
    const isSelected = matchesSelector(selector, object.metadata.labels);
    if (isControlledBy(object, owner)) {
      if (isSelected) claimed.push(object);
      else if (!isLeaving) release(object, owner, relink);
      continue;
    }
    if (controllerOf(object) !== undefined || !isSelected || isLeaving) continue;
    if (object.metadata.deletionTimestamp !== undefined || object.metadata.namespace !== owner.metadata.namespace)
      continue;
    claimed.push(relink(object, [...(object.metadata.ownerReferences ?? []), controllerReference(owner)]));
  }
  return claimed;
}

function release<T extends ClusterObject>(object: T, owner: ClusterObject, relink: ClaimOptions<T>['relink']): void {
  if (object.metadata.deletionTimestamp !== undefined) return;
  relink(
    object,
    (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid),
  );
}
