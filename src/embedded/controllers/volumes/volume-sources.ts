import type { PersistentVolumeClaim, StorageClass } from '../kubernetes-shapes.ts';

/** A claim that wants its volume filled with what the object of this name, in the claim's namespace, holds. */
export interface VolumeSourceRequest {
  readonly claim: PersistentVolumeClaim;
  readonly storageClass: StorageClass;
  readonly name: string;
}

/** Says why no volume can be made from the object, in the words of external-provisioner; undefined when one can. */
export type VolumeSourceCheck = (request: VolumeSourceRequest) => string | undefined;

/** Kinds that volumes can be made from: what engines register and the provisioner asks. */
export interface VolumeSources {
  /** Throws when somebody else has registered the kind. The returned function takes it back. */
  register(group: string, kind: string, check: VolumeSourceCheck): () => void;
  find(group: string, kind: string): VolumeSourceCheck | undefined;
}

export function createVolumeSources(): VolumeSources {
  const checks = new Map<string, VolumeSourceCheck>();
  return {
    register(group, kind, check) {
      const id = `${kind}.${group}`;
      if (checks.has(id)) throw new Error(`volumes are made from ${id} by two engines; install one of them`);
      checks.set(id, check);
      return () => void checks.delete(id);
    },
    find: (group, kind) => checks.get(`${kind}.${group}`),
  };
}
