import type { Pod } from '../../kubernetes-shapes.ts';
import { claimsOf } from '../../pod-claims.ts';
import type { FilterRule } from '../scheduling-rules.ts';

const reason = 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode';

/** A claim with the access mode ReadWriteOncePod is one pod's, whichever node that runs on (KEP-2485). */
export const volumeRestrictions: FilterRule = {
  plugin: 'VolumeRestrictions',
  prepare(pod, { nodes, volumes }) {
    const exclusive = new Set(volumes.exclusiveClaims(pod));
    if (exclusive.size === 0) return undefined;
    const isUser = (other: Pod): boolean =>
      other.metadata.namespace === pod.metadata.namespace && claimsOf(other).some((name) => exclusive.has(name));
    if (!nodes.some((node) => node.pods.some(isUser))) return undefined;
    return () => ({ plugin: 'VolumeRestrictions', reasons: [reason], mayBePreempted: true });
  },
};
