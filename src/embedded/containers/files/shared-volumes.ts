import { asObject, type JsonObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import { type DirectoryNode, newDirectory, type WriteBudget } from './file-tree.ts';

/** A volume that is written to, with what it may hold. */
export interface SharedVolume {
  readonly directory: DirectoryNode;
  readonly budget: WriteBudget;
}

/** Volumes that outlive a container: emptyDir lives as long as its pod, a claim as long as the claim. */
export interface SharedVolumes {
  volume(spec: JsonObject, pod: ClusterObject): SharedVolume;
  /** Bytes in the files of a claim's volume; 0 where nobody has looked into it yet. */
  usedBytesOf(namespace: string, claim: string): number;
  forgetPod(uid: string): void;
  forgetClaim(namespace: string, name: string): void;
}

/** One volume holds this much, whatever its size is said to be. */
const maxVolumeBytes = 4 * 1024 * 1024;
const maxVolumes = 2_000;

export function createSharedVolumes(now: () => number): SharedVolumes {
  const volumes = new Map<string, SharedVolume>();
  return {
    volume(spec, pod) {
      const key = keyOf(spec, pod);
      const known = volumes.get(key);
      if (known !== undefined) return known;
      const made = { directory: newDirectory(now()), budget: { usedBytes: 0, maxBytes: maxVolumeBytes } };
      volumes.set(key, made);
      // The oldest goes where there are too many: its files are lost, the cluster is not.
      const oldest = volumes.size > maxVolumes ? volumes.keys().next().value : undefined;
      if (oldest !== undefined) volumes.delete(oldest);
      return made;
    },
    usedBytesOf: (namespace, claim) => volumes.get(`claim/${namespace}/${claim}`)?.budget.usedBytes ?? 0,
    forgetPod(uid) {
      for (const key of volumes.keys()) if (key.startsWith(`pod/${uid}/`)) volumes.delete(key);
    },
    forgetClaim(namespace, name) {
      volumes.delete(`claim/${namespace}/${name}`);
    },
  };
}

function keyOf(spec: JsonObject, pod: ClusterObject): string {
  const namespace = pod.metadata.namespace ?? '';
  const claim = asObject(spec.persistentVolumeClaim)?.claimName;
  if (claim !== undefined) return `claim/${namespace}/${String(claim)}`;
  if (spec.ephemeral !== undefined) return `claim/${namespace}/${pod.metadata.name}-${String(spec.name)}`;
  const host = asObject(spec.hostPath)?.path;
  if (host !== undefined) return `host/${String(asObject(pod.spec)?.nodeName)}/${String(host)}`;
  return `pod/${pod.metadata.uid ?? ''}/${String(spec.name)}`;
}
