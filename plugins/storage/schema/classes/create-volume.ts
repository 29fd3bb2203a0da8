import { descriptionText } from 'longshore/plugins/core';
import {
  checkText,
  isOfKind,
  type KindRef,
  type LongshoreBuilder,
  objectSuccess,
  type RequestContext,
  registerMutation,
  subjectOf,
  type ValidationIssue,
} from 'longshore/sdk';
import {
  type PersistentVolumeObject,
  persistentVolumeKind,
  persistentVolumeTypeRef,
  type StorageClassObject,
  storageClassKind,
} from '../../api.ts';
import { diskIdLabel, persistentVolumeName, staticVolumeRequires } from '../../profile-keys/classes.ts';
import { bytesOf } from '../../services/classes/bytes-of.ts';
import { judgeClaim } from '../../services/classes/judge-claim.ts';
import { checkMetadata } from '../../services/classes/new-metadata.ts';
import { idOfNew, newTarget } from '../../services/classes/new-target.ts';
import { handleKey } from '../../services/classes/volume-facts.ts';
import { type VolumeForm, writeVolume } from '../../services/classes/written-volume.ts';
import { newMetadataFields } from './metadata-fields.ts';
import { parameterInputRef } from './parameter-input.ts';
import { accessModeRef, reclaimPolicyRef, volumeModeRef } from './storage-enums.ts';

/** A volume on a disk that is there already (STO-04, STO-05). */
export function registerCreateVolume(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createPersistentVolume',
    description:
      'Makes a volume of a disk that its CSI driver knows already, for a claim to bind (static binding). Its class must be there (STO-04, STO-05); volumes of other sources come by `applyManifest`.',
    allow: { action: 'CREATE', subject: subjectOf(persistentVolumeKind) },
    input: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      name: t.string({ required: true, description: 'Its name, by `persistentVolume.name` of the profile.' }),
      ...newMetadataFields(t),
      storageClass: t.string({ required: true, description: 'Name of its class: claims of this class may get it.' }),
      capacity: t.field({ type: 'Quantity', required: true, description: 'Its size, e.g. `20Gi`.' }),
      volumeHandle: t.string({
        required: true,
        description: 'Under which the driver knows it; no other volume of the driver has it.',
      }),
      driver: t.string({ description: 'Its CSI driver; the provisioner of its class where it is not given.' }),
      fileSystem: t.string({ description: 'Its file system, e.g. `ext4`; where it is not given the driver decides.' }),
      volumeAttributes: t.field({
        type: [parameterInputRef],
        description: 'What the driver is told of it; the profile may want some (`volume.staticRequires`).',
      }),
      diskId: t.string({
        description: 'The disk behind it, kept as the label `volume.diskIdLabel` of the profile, which may want it.',
      }),
      accessModes: t.field({
        type: [accessModeRef],
        required: true,
        defaultValue: ['READ_WRITE_ONCE'],
        description: 'Who may use it at once: of those that its class offers.',
      }),
      reclaimPolicy: t.field({
        type: reclaimPolicyRef,
        description: 'What becomes of it when its claim is deleted; that of its class where it is not given.',
      }),
      volumeMode: t.field({
        type: volumeModeRef,
        required: true,
        defaultValue: 'FILESYSTEM',
        description: 'What pods get of it.',
      }),
      zones: t.stringList({
        description: 'Zones in which it can be mounted; wherever its driver can where none is given.',
      }),
      mountOptions: t.stringList({ description: 'Options that it is mounted with.' }),
      isReadOnly: t.boolean({ required: true, defaultValue: false, description: 'Whether pods can only read it.' }),
    }),
    success: objectSuccess('The volume was made.', 'persistentVolume', persistentVolumeTypeRef),
    validate: (input) => [...checkMetadata(input as never), ...checkInput(input as never)],
    load: (input, context) => newTarget(persistentVolumeKind as KindRef, input, context),
    check: async (input, _cluster, context) => {
      const form = input as unknown as VolumeForm;
      const profile = context.services.profiles.at({ cluster: form.cluster });
      const storageClass = await classOf(form, context);
      const required = profile.get(staticVolumeRequires);
      const needs = (word: 'DISK_ID' | 'ATTRIBUTES', field: string, isGiven: boolean): ValidationIssue[] =>
        !required.includes(word) || isGiven
          ? []
          : [{ path: [field], code: 'required', message: `${field} must be given by the profile '${profile.name}'` }];
      return [
        ...checkText(profile.get(persistentVolumeName), 'name', form.name),
        ...checkText(profile.get(descriptionText), 'description', form.description ?? ''),
        ...needs('DISK_ID', 'diskId', Boolean(form.diskId)),
        ...needs('ATTRIBUTES', 'volumeAttributes', Boolean(form.volumeAttributes?.length)),
        ...(form.diskId && profile.get(diskIdLabel) === null
          ? [{ path: ['diskId'], code: 'not_offered', message: `The profile '${profile.name}' has no label for disks` }]
          : []),
        ...judgeOffer(form, storageClass, context),
        ...(storageClass ? await checkHandle(form, storageClass, context) : []),
      ];
    },
    run: async (input, cluster, ticket, context) => {
      const form = input as unknown as VolumeForm;
      const storageClass = await classOf(form, context);
      const profile = context.services.profiles.at({ cluster: cluster.name });
      const manifest = writeVolume(form, storageClass, profile.get(diskIdLabel));
      const { object, warnings } = await cluster
        .writer(context.principal)
        .create(ticket, persistentVolumeKind, manifest);
      return {
        value: object as PersistentVolumeObject,
        resultId: idOfNew(persistentVolumeKind as KindRef, {
          cluster: cluster.name,
          namespace: undefined,
          name: form.name,
        }),
        before: undefined,
        after: object,
        warnings,
      };
    },
    replay: (node): PersistentVolumeObject | null => (isOfKind(node, persistentVolumeKind) ? node : null),
  });
}

async function classOf(
  { cluster, storageClass }: VolumeForm,
  context: RequestContext,
): Promise<StorageClassObject | undefined> {
  return context.kube(cluster).get(storageClassKind, undefined, storageClass);
}

function checkInput(form: VolumeForm): ValidationIssue[] {
  const issue = (field: string, code: string, message: string): ValidationIssue => ({ path: [field], code, message });
  const policy = form.reclaimPolicy;
  return [
    ...((bytesOf(form.capacity) ?? 0) > 0
      ? []
      : [issue('capacity', 'too_small', `capacity must be more than nothing, got ${form.capacity}`)]),
    ...(form.volumeHandle === '' ? [issue('volumeHandle', 'required', 'volumeHandle must be given')] : []),
    ...(form.accessModes.length > 0 ? [] : [issue('accessModes', 'required', 'accessModes must have at least one')]),
    ...(policy === 'UNKNOWN' || policy === 'RECYCLE'
      ? [issue('reclaimPolicy', 'not_offered', 'reclaimPolicy must be DELETE or RETAIN')]
      : []),
    ...(form.volumeMode === 'UNKNOWN'
      ? [issue('volumeMode', 'not_offered', 'volumeMode must be FILESYSTEM or BLOCK')]
      : []),
  ];
}

/** A volume is held to what claims of its class may ask for: no other claim would get it (STO-05, STO-07). */
function judgeOffer(
  form: VolumeForm,
  storageClass: StorageClassObject | undefined,
  context: RequestContext,
): ValidationIssue[] {
  const profile = context.services.profiles.at({ cluster: form.cluster });
  const { spec } = writeVolume(form, storageClass, null) as {
    readonly spec: { readonly accessModes: readonly string[] };
  };
  const asked = {
    storageClassName: form.storageClass,
    accessModes: spec.accessModes,
    resources: { requests: { storage: form.capacity } },
  };
  const place = { classes: storageClass ? [storageClass] : [], hasVolumesOf: () => false, profile };
  return judgeClaim(asked, place).map(({ path, code, message }) => {
    if (path[0] === 'storageClassName') return { path: ['storageClass'], code, message };
    return path[0] === 'resources'
      ? { path: ['capacity'], code, message: message.replace('size', 'capacity') }
      : { path, code, message };
  });
}

/** STO-05: two volumes of one handle are one disk, which two claims would write at once. */
async function checkHandle(
  form: VolumeForm,
  storageClass: StorageClassObject,
  context: RequestContext,
): Promise<ValidationIssue[]> {
  const driver = form.driver || storageClass.provisioner;
  const key = handleKey(driver, form.volumeHandle);
  const [other] = await context.kube(form.cluster).byIndex(persistentVolumeKind, 'handle', key);
  if (!other) return [];
  const message = `volumeHandle '${form.volumeHandle}' of ${driver} is that of the PersistentVolume '${other.metadata.name}' already`;
  return [{ path: ['volumeHandle'], code: 'taken', message }];
}
