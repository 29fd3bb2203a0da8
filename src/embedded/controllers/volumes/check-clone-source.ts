import { compareQuantities, unitsOf } from '../../machinery/quantity.ts';
import type { KindClient } from '../kind-client.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../kubernetes-shapes.ts';
import { requestOf } from './decide-volume.ts';
import type { VolumeSourceCheck } from './volume-sources.ts';

const unusable = 'claim in dataSource not bound or invalid';

/** Whether a claim's volume can be cloned (csi volume cloning): bound, of the same driver and mode, not larger. */
export function checkCloneSource(
  claims: KindClient<PersistentVolumeClaim>,
  volumes: KindClient<PersistentVolume>,
): VolumeSourceCheck {
  return ({ claim, storageClass, name }) => {
    const { namespace } = claim.metadata;
    const source = claims.get(namespace, name);
    if (source === undefined) {
      return `error getting PVC ${name} (namespace "${namespace ?? ''}") from api server: persistentvolumeclaim "${name}" not found`;
    }
    const phase = source.status?.phase ?? 'Pending';
    if (phase !== 'Bound') {
      return `the PVC DataSource ${name} must have a status of Bound.  Got {${phase} [] map[] [] map[] map[] <nil> <nil>}`;
    }
    if (source.metadata.deletionTimestamp !== undefined) return `the PVC DataSource ${name} is currently being deleted`;
    if (source.spec.storageClassName === undefined) return `the source PVC (${name}) storageclass cannot be empty`;
    if (compareQuantities(requestOf(claim), requestOf(source)) < 0) {
      return `error, new PVC request must be greater than or equal in size to the specified PVC data source, requested ${unitsOf(requestOf(claim))} but source is ${unitsOf(requestOf(source))}`;
    }
    const volume = volumes.get(undefined, source.spec.volumeName ?? '');
    if (volume?.spec.csi?.driver !== storageClass.provisioner) return unusable;
    const { claimRef } = volume.spec;
    if (claimRef?.uid !== source.metadata.uid || volume.status?.phase !== 'Bound') return unusable;
    const [have, want] = [volume.spec.volumeMode ?? 'Filesystem', claim.spec.volumeMode ?? 'Filesystem'];
    if (have === want) return undefined;
    return `the source PVC and destination PVCs must have the same volume mode for cloning.  Source is ${have}, but new PVC requested ${want}`;
  };
}
