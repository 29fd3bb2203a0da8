import type { PodObject } from '../api.ts';

export type VolumeSpec = NonNullable<NonNullable<PodObject['spec']>['volumes']>[number];

/** Sources a console tells apart, by their key in the volume; all others are `UNKNOWN` with the key beside it. */
export const volumeTypes = {
  emptyDir: 'EMPTY_DIR',
  configMap: 'CONFIG_MAP',
  secret: 'SECRET',
  persistentVolumeClaim: 'PERSISTENT_VOLUME_CLAIM',
  ephemeral: 'EPHEMERAL',
  hostPath: 'HOST_PATH',
  projected: 'PROJECTED',
  downwardAPI: 'DOWNWARD_API',
  csi: 'CSI',
  nfs: 'NFS',
  iscsi: 'ISCSI',
  image: 'IMAGE',
} as const;
export type VolumeType = (typeof volumeTypes)[keyof typeof volumeTypes] | 'UNKNOWN';

export interface VolumeFacts {
  readonly name: string;
  readonly type: VolumeType;
  /** Key of the source as Kubernetes writes it, e.g. `persistentVolumeClaim`. */
  readonly rawType: string;
  /** What it is made of: name of the claim, ConfigMap or Secret, path on the host, driver, image. */
  readonly sourceName: string | undefined;
}

export function describeVolume(volume: VolumeSpec): VolumeFacts {
  const rawType = Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir';
  const type = Object.hasOwn(volumeTypes, rawType) ? volumeTypes[rawType as keyof typeof volumeTypes] : 'UNKNOWN';
  return { name: volume.name, type, rawType, sourceName: sourceNameOf(volume) };
}

function sourceNameOf(volume: VolumeSpec): string | undefined {
  if (volume.nfs) return `${volume.nfs.server}:${volume.nfs.path}`;
  return (
    volume.persistentVolumeClaim?.claimName ??
    volume.configMap?.name ??
    volume.secret?.secretName ??
    volume.hostPath?.path ??
    volume.csi?.driver ??
    volume.image?.reference ??
    volume.iscsi?.iqn
  );
}
