import type { PersistentVolume } from '../kubernetes-shapes.ts';

/** Why a released volume cannot be reclaimed as its policy says; undefined when it can, or is to be kept. */
export function reclaimProblem(
  volume: PersistentVolume,
): { readonly reason: string; readonly message: string } | undefined {
  const { csi, hostPath, persistentVolumeReclaimPolicy } = volume.spec;
  switch (persistentVolumeReclaimPolicy) {
    case 'Recycle':
      return { reason: 'VolumeFailedRecycle', message: 'No recycler plugin found for the volume!' };
    case 'Delete': {
      // Drivers outside the cluster's own code delete their volumes themselves.
      if (csi !== undefined) return undefined;
      const received = hostPath?.path ?? '';
      const message =
        hostPath === undefined
          ? `error getting deleter volume plugin for volume "${volume.metadata.name}": no deletable volume plugin matched`
          : `host_path deleter only supports /tmp/.+ but received provided ${received}`;
      return /^\/tmp\/.+/.test(received) ? undefined : { reason: 'VolumeFailedDelete', message };
    }
    default:
      return undefined;
  }
}
