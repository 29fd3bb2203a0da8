import type { FilterRule } from '../scheduling-rules.ts';

/** Volumes that are elsewhere, and zones in which none can be made. */
export const volumeBinding: FilterRule = {
  plugin: 'VolumeBinding',
  prepare(pod, { volumes }) {
    if (
      (pod.spec.volumes ?? []).every(
        (volume) => volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined,
      )
    )
      return undefined;
    return (node) => {
      const reason = volumes.nodeProblem(pod, node);
      return reason === undefined ? undefined : { plugin: 'VolumeBinding', reasons: [reason], mayBePreempted: false };
    };
  },
};
