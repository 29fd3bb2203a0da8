import type { ClusterObject, OwnerReference } from '../store/types.ts';

/** The reference by which `owner` controls what it creates. */
export function controllerReference(owner: ClusterObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The one reference that controls the object, if any. */
export function controllerOf(object: ClusterObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

export function isControlledBy(object: ClusterObject, owner: ClusterObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}
