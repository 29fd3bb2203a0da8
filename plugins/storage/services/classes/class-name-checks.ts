import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import type { KindRef, NameCheck } from 'longshore/sdk';
import { persistentVolumeKind, storageClassKind } from '../../api.ts';
import { claimName, persistentVolumeName, storageClassName } from '../../profile-keys/classes.ts';

/** Names of classes, volumes and claims (CORE-36). */
export const classNameChecks: readonly NameCheck[] = [
  objectName('STORAGE_CLASS', 'A StorageClass.', storageClassName, storageClassKind as KindRef),
  objectName('PERSISTENT_VOLUME', 'A PersistentVolume.', persistentVolumeName, persistentVolumeKind as KindRef),
  objectName('PERSISTENT_VOLUME_CLAIM', 'A PersistentVolumeClaim.', claimName, persistentVolumeClaimKind as KindRef),
];

function objectName(of: string, description: string, rule: NameCheck['rule'], kind: KindRef): NameCheck {
  return {
    of,
    description,
    needs: kind.isNamespaced ? ['cluster', 'namespace'] : ['cluster'],
    rule,
    isTaken: async (name, { cluster = '', namespace }, context) =>
      (await context.kube(cluster).get(kind, kind.isNamespaced ? namespace : undefined, name)) !== undefined,
  };
}
