import type { Pod } from './kubernetes-shapes.ts';

/** Names of the volume claims a pod mounts; that of an ephemeral volume is made of the pod's and the volume's names. */
export function claimsOf(pod: Pod): string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    if (volume.ephemeral !== undefined) return [ephemeralClaimName(pod, volume.name)];
    return volume.persistentVolumeClaim?.claimName ?? [];
  });
}

export function ephemeralClaimName(pod: Pod, volume: string): string {
  return `${pod.metadata.name}-${volume}`;
}
