import type { StorageClassObject } from '../../api.ts';
import { rawReclaimPolicyOf } from './class-facts.ts';
import { type MetadataForm, metadataOf } from './new-metadata.ts';
import {
  type AccessMode,
  accessModes,
  type ReclaimPolicy,
  rawWord,
  reclaimPolicies,
  type VolumeMode,
  volumeModes,
} from './storage-words.ts';
import { zoneLabel } from './written-class.ts';

type Maybe<T> = T | null | undefined;

export interface VolumeForm extends MetadataForm {
  readonly cluster: string;
  readonly storageClass: string;
  readonly capacity: string;
  readonly volumeHandle: string;
  readonly driver?: Maybe<string>;
  readonly fileSystem?: Maybe<string>;
  readonly volumeAttributes?: Maybe<readonly { readonly name: string; readonly value: string }[]>;
  readonly diskId?: Maybe<string>;
  readonly accessModes: readonly AccessMode[];
  readonly reclaimPolicy?: Maybe<ReclaimPolicy>;
  readonly volumeMode: VolumeMode;
  readonly zones?: Maybe<readonly string[]>;
  readonly mountOptions?: Maybe<readonly string[]>;
  readonly isReadOnly: boolean;
}

/** The manifest of a volume on a disk that is there (STO-05). Pure. */
export function writeVolume(
  form: VolumeForm,
  storageClass: StorageClassObject | undefined,
  diskLabel: string | null,
): object {
  const { volumeAttributes, zones, mountOptions, fileSystem } = form;
  const policy = form.reclaimPolicy ? rawWord(reclaimPolicies, form.reclaimPolicy) : undefined;
  return {
    metadata: metadataOf(form, undefined, form.diskId && diskLabel ? { labels: { [diskLabel]: form.diskId } } : {}),
    spec: {
      storageClassName: form.storageClass,
      capacity: { storage: form.capacity },
      accessModes: form.accessModes.flatMap((mode) => rawWord(accessModes, mode) ?? []),
      persistentVolumeReclaimPolicy: policy ?? (storageClass ? rawReclaimPolicyOf(storageClass) : 'Retain'),
      volumeMode: rawWord(volumeModes, form.volumeMode) ?? 'Filesystem',
      ...(mountOptions?.length ? { mountOptions } : {}),
      csi: {
        driver: form.driver || storageClass?.provisioner,
        volumeHandle: form.volumeHandle,
        ...(fileSystem ? { fsType: fileSystem } : {}),
        ...(form.isReadOnly ? { readOnly: true } : {}),
        ...(volumeAttributes?.length
          ? { volumeAttributes: Object.fromEntries(volumeAttributes.map(({ name, value }) => [name, value])) }
          : {}),
      },
      ...(zones?.length
        ? {
            nodeAffinity: {
              required: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: zoneLabel, operator: 'In', values: zones }] }],
              },
            },
          }
        : {}),
    },
  };
}
