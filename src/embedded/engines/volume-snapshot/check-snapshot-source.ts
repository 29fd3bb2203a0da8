import { requestOf } from '../../controllers/volumes/decide-volume.ts';
import type { VolumeSourceCheck } from '../../controllers/volumes/volume-sources.ts';
import { unitsOf } from '../../machinery/quantity.ts';
import { finalizers, group, type SnapshotKinds } from './kinds.ts';

const allowModeChange = 'snapshot.storage.kubernetes.io/allow-volume-mode-change';

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
    const mode = claim.spec.volumeMode ?? 'Filesystem';
    const isConverted = (content.spec.sourceVolumeMode ?? mode) !== mode;
    if (isConverted && content.metadata.annotations?.[allowModeChange] !== 'true') {
      return `requested volume ${claim.metadata.namespace}/${claim.metadata.name} modifies the mode of the source volume but does not have permission to do so. ${allowModeChange} annotation is not present on snapshotcontent ${content.metadata.name}`;
    }
    const size = unitsOf(status.restoreSize);
    const wanted = unitsOf(requestOf(claim));
    if (wanted >= size) return undefined;
    return `requested volume size ${wanted} is less than the size ${size} for the source snapshot ${name}`;
  };
}
