import { enumRef, type InputTypeRef, inputRef, type LongshoreBuilder, registerEnum } from 'longshore/sdk';
import type { FileForm, VolumeForm, VolumeSourceForm } from '../../services/form/volumes.ts';

export const volumeInputRef: InputTypeRef<VolumeForm> = inputRef<VolumeForm>('VolumeInput');
const sourceInputRef = inputRef<VolumeSourceForm>('VolumeSourceInput');
const emptyDirInputRef = inputRef<NonNullable<VolumeSourceForm['emptyDir']>>('EmptyDirInput');
const filesInputRef = inputRef<NonNullable<VolumeSourceForm['configMap']>>('ConfigFilesInput');
const fileInputRef = inputRef<FileForm>('ConfigFileInput');
const hostPathInputRef = inputRef<NonNullable<VolumeSourceForm['hostPath']>>('HostPathInput');
const claimInputRef = inputRef<NonNullable<VolumeSourceForm['persistentVolumeClaim']>>('ClaimVolumeInput');
const mediumRef = enumRef<'DISK' | 'MEMORY'>('EmptyDirMedium');

export function registerVolumeInput(builder: LongshoreBuilder): void {
  registerEnum(builder, 'EmptyDirMedium', 'What an empty folder is made of.', {
    DISK: "The node's disk: for much data.",
    MEMORY: 'Memory, which counts against the limits: for little data that is used much.',
  });
  builder.inputType('VolumeInput', {
    description: 'A volume that the containers of a pod may mount.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'Its name, unique in the pod.' }),
      source: t.field({ type: sourceInputRef, description: 'What it is made of. A new volume needs one.' }),
      remove: t.boolean({ description: 'Takes the volume of this name away. Only where a workload is changed.' }),
    }),
  });
  builder.inputType('VolumeSourceInput', {
    description: 'What a volume is made of; the profile says which may be chosen (`volume.types`).',
    isOneOf: true,
    fields: (t) => ({
      emptyDir: t.field({ type: emptyDirInputRef, description: 'An empty folder that ends with the pod.' }),
      configMap: t.field({ type: filesInputRef, description: 'Keys of a ConfigMap as files.' }),
      secret: t.field({ type: filesInputRef, description: 'Keys of a Secret as files.' }),
      hostPath: t.field({
        type: hostPathInputRef,
        description: 'A path of the node; its data is lost with the node (DATA_LOST_WITH_NODE). For administrators.',
      }),
      persistentVolumeClaim: t.field({ type: claimInputRef, description: 'A claim of the same namespace.' }),
    }),
  });
  builder.inputType('EmptyDirInput', {
    description: 'An empty folder that all containers of the pod share.',
    fields: (t) => ({
      medium: t.field({ type: mediumRef, description: 'DISK where it is not given.' }),
      sizeLimit: t.field({ type: 'Quantity', description: 'Most bytes in it.' }),
    }),
  });
  builder.inputType('ConfigFileInput', {
    description: 'A key of a ConfigMap or Secret as a file.',
    fields: (t) => ({
      key: t.string({ required: true, description: 'The key.' }),
      path: t.string({ description: "Path below the mount; the key's name where it is not given." }),
    }),
  });
  builder.inputType('ConfigFilesInput', {
    description: 'A ConfigMap or Secret as files. It must be there, unless it is optional.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'Its name, in the same namespace.' }),
      items: t.field({ type: [fileInputRef], description: 'Only these keys; all where it is not given.' }),
      isOptional: t.boolean({ description: 'Whether the pod starts without it.' }),
    }),
  });
  builder.inputType('HostPathInput', {
    description: 'A path of the node.',
    fields: (t) => ({
      path: t.string({ required: true, description: 'The path.' }),
      type: t.string({ description: 'What must be there, e.g. `DirectoryOrCreate` (core/v1 HostPathVolumeSource).' }),
    }),
  });
  builder.inputType('ClaimVolumeInput', {
    description: 'A PersistentVolumeClaim of the same namespace.',
    fields: (t) => ({
      claimName: t.string({ required: true, description: 'Its name.' }),
      isReadOnly: t.boolean({ description: 'Whether all mounts of it can only be read.' }),
    }),
  });
}
