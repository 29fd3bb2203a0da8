import { descriptionAnnotation, displayNameAnnotation } from 'longshore/plugins/core';
import { diskLabel, fileSystemAnnotation } from '../../api.ts';
import type { DiskKind, FileSystem } from './disk-facts.ts';

/** What a disk is filled with when it is made: one of these, in its own namespace. */
export type DiskSource =
  | { readonly kind: 'VolumeSnapshot'; readonly name: string }
  | { readonly kind: 'PersistentVolumeClaim'; readonly name: string };

export interface NewDisk {
  readonly namespace: string;
  readonly name: string;
  readonly displayName: string | undefined;
  readonly description: string | undefined;
  readonly kind: DiskKind;
  readonly fileSystem: FileSystem | undefined;
  /** A quantity, e.g. `20Gi`. */
  readonly size: string;
  readonly storageClass: string;
  readonly source: DiskSource | undefined;
}

const snapshotGroup = 'snapshot.storage.k8s.io';

/** The claim that is the disk. All that the platform knows of it stands on it. Pure. */
export function diskManifest(disk: NewDisk): object {
  const { displayName, description, fileSystem, source } = disk;
  const annotations = {
    ...(displayName ? { [displayNameAnnotation]: displayName } : {}),
    ...(description ? { [descriptionAnnotation]: description } : {}),
    ...(fileSystem ? { [fileSystemAnnotation]: fileSystem.toLowerCase() } : {}),
  };
  return {
    metadata: {
      namespace: disk.namespace,
      name: disk.name,
      labels: { [diskLabel]: 'ordinary' },
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    spec: {
      accessModes: [disk.kind === 'SHARED' ? 'ReadWriteMany' : 'ReadWriteOnce'],
      resources: { requests: { storage: disk.size } },
      storageClassName: disk.storageClass,
      ...(source
        ? { dataSource: source.kind === 'VolumeSnapshot' ? { apiGroup: snapshotGroup, ...source } : { ...source } }
        : {}),
    },
  };
}
