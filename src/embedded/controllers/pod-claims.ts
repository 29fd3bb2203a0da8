import type { Pod } from './kubernetes-shapes.ts';

/** Names of the volume claims a pod mounts. */
export function claimsOf(pod: Pod): string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
}
