import { requestOf } from '../../controllers/volumes/decide-volume.ts';
import type { VolumeSourceCheck } from '../../controllers/volumes/volume-sources.ts';
import { unitsOf } from '../../machinery/quantity.ts';
import { finalizers, group, type SnapshotKinds } from './kinds.ts';

/** Whether a volume can be restored from a snapshot: bound both ways, of the same driver, ready, and not larger. */
export function checkSnapshotSource({ snapshots, contents }: SnapshotKinds): VolumeSourceCheck {
  return ({ claim, storageClass, name }) => {
    const snapshot = snapshots.get(claim.metadata.namespace, name);
    if (snapshot === undefined) {
      return `error getting snapshot ${name} from api server: volumesnapshots.${group} "${name}" not found`;
    }
    const { metadata, status } = snapshot;
    // What was begun before the deletion is finished; nothing new is begun.
    const hasBegun = (metadata.finalizers ?? []).includes(finalizers.snapshotAsSource);
    if (metadata.deletionTimestamp !== undefined && !hasBegun) return `snapshot ${name} is being deleted`;
    const content = contents.get(undefined, status?.boundVolumeSnapshotContentName ?? '');
    const { uid, namespace } = content?.spec.volumeSnapshotRef ?? {};
    const isBound = uid === metadata.uid && namespace === metadata.namespace;
    if (content === undefined || !isBound || content.spec.driver !== storageClass.provisioner) {
      return `snapshot ${name} not bound`;
    }
    if (status?.readyToUse !== true) return `snapshot ${name} is not Ready`;
    if (content.status?.snapshotHandle === undefined) return `snapshot handle ${name} is not available`;
    const size = unitsOf(status.restoreSize);
    const wanted = unitsOf(requestOf(claim));
    if (wanted >= size) return undefined;
    return `requested volume size ${wanted} is less than the size ${size} for the source snapshot ${name}`;
  };
}
