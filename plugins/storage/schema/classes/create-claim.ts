import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
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
  systemPrincipal,
  type ValidationIssue,
} from 'longshore/sdk';
import { type PersistentVolumeClaimObject, persistentVolumeClaimTypeRef, persistentVolumeKind } from '../../api.ts';
import { claimName } from '../../profile-keys/classes.ts';
import { bytesOf } from '../../services/classes/bytes-of.ts';
import { loadClaimPlace } from '../../services/classes/claim-place.ts';
import { problemOfBinding } from '../../services/classes/judge-binding.ts';
import { type ClaimPlace, classOfClaim, judgeClaim } from '../../services/classes/judge-claim.ts';
import { checkMetadata, type MetadataForm, metadataOf } from '../../services/classes/new-metadata.ts';
import { idOfNew, newTarget } from '../../services/classes/new-target.ts';
import {
  type AccessMode,
  accessModes,
  rawWord,
  type VolumeMode,
  volumeModes,
} from '../../services/classes/storage-words.ts';
import { tellOfClaim } from '../../services/classes/tell-of-claim.ts';
import { newMetadataFields } from './metadata-fields.ts';
import { accessModeRef, volumeModeRef } from './storage-enums.ts';

interface ClaimForm extends MetadataForm {
  readonly cluster: string;
  readonly namespace: string;
  readonly storageClass?: string | null | undefined;
  readonly size: string;
  readonly accessModes: readonly AccessMode[];
  readonly volumeMode: VolumeMode;
  readonly volumeName?: string | null | undefined;
}

/** Making a claim by form (STO-06): what would stay pending for ever is refused at once (STO-07, STO-08). */
export function registerCreateClaim(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createPersistentVolumeClaim',
    description:
      'Makes a claim to storage. Its class must be there and offer what is asked for; how it comes to its volume is told by `phase`, and by `persistentVolumeClaimChanges` (STO-06).',
    allow: { action: 'CREATE', subject: subjectOf(persistentVolumeClaimKind) },
    input: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({ required: true, description: 'Its namespace, that of the pods that mount it.' }),
      name: t.string({ required: true, description: 'Its name, by `claim.name` of the profile.' }),
      ...newMetadataFields(t),
      storageClass: t.string({
        description:
          'Name of its class; that of claims that name none where it is not given. Empty, with `volumeName`: a volume without class.',
      }),
      size: t.field({ type: 'Quantity', required: true, description: 'How much is asked for, e.g. `20Gi`.' }),
      accessModes: t.field({
        type: [accessModeRef],
        required: true,
        defaultValue: ['READ_WRITE_ONCE'],
        description: 'Who shall use it at once: of those that its class offers.',
      }),
      volumeMode: t.field({
        type: volumeModeRef,
        required: true,
        defaultValue: 'FILESYSTEM',
        description: 'What pods get of it.',
      }),
      volumeName: t.string({
        description: 'A volume that is there already and fits: the claim gets it and no other (static binding).',
      }),
    }),
    success: objectSuccess(
      'The claim was made; its volume follows.',
      'persistentVolumeClaim',
      persistentVolumeClaimTypeRef,
    ),
    validate: (input) => [...checkMetadata(input as never), ...checkInput(input as never)],
    load: (input, context) => newTarget(persistentVolumeClaimKind as KindRef, input, context),
    check: async (input, _cluster, context) => {
      const form = input as unknown as ClaimForm;
      const { cluster, namespace } = form;
      const profile = context.services.profiles.at({ cluster, namespace });
      const spec = specOf(form);
      const place = await loadClaimPlace(cluster, [spec], profile, context);
      const misfits = judgeClaim(spec, place).map(({ path, ...rest }) => ({ ...rest, path: toInput(path) }));
      return [
        ...checkText(profile.get(claimName), 'name', form.name),
        ...checkText(profile.get(descriptionText), 'description', form.description ?? ''),
        ...misfits,
        ...(form.volumeName && misfits.length === 0 ? await checkBinding(form, form.volumeName, place, context) : []),
      ];
    },
    run: async (input, cluster, ticket, context) => {
      const form = input as unknown as ClaimForm;
      const { namespace, name } = form;
      const profile = context.services.profiles.at({ cluster: cluster.name, namespace });
      const place = await loadClaimPlace(cluster.name, [], profile, context);
      const manifest = { metadata: metadataOf(form, namespace), spec: specOf(form) };
      const { object, warnings } = await cluster
        .writer(context.principal)
        .create(ticket, persistentVolumeClaimKind, manifest);
      return {
        value: object as PersistentVolumeClaimObject,
        resultId: idOfNew(persistentVolumeClaimKind as KindRef, { cluster: cluster.name, namespace, name }),
        before: undefined,
        after: object,
        warnings: [...tellOfClaim(specOf(form), place), ...warnings],
      };
    },
    replay: (node): PersistentVolumeClaimObject | null => (isOfKind(node, persistentVolumeClaimKind) ? node : null),
  });
}

function checkInput({ size, accessModes: modes, volumeMode, storageClass, volumeName }: ClaimForm): ValidationIssue[] {
  const issue = (field: string, code: string, message: string): ValidationIssue => ({ path: [field], code, message });
  return [
    ...((bytesOf(size) ?? 0) > 0 ? [] : [issue('size', 'too_small', `size must be more than nothing, got ${size}`)]),
    ...(modes.length > 0 ? [] : [issue('accessModes', 'required', 'accessModes must have at least one')]),
    ...(volumeMode === 'UNKNOWN' ? [issue('volumeMode', 'not_offered', 'volumeMode must be FILESYSTEM or BLOCK')] : []),
    ...(storageClass === '' && !volumeName
      ? [
          issue(
            'storageClass',
            'required',
            'storageClass must name a class, unless volumeName names a volume without one',
          ),
        ]
      : []),
  ];
}

function specOf({ storageClass, size, accessModes: modes, volumeMode, volumeName }: ClaimForm) {
  return {
    accessModes: modes.flatMap((mode) => rawWord(accessModes, mode) ?? []),
    resources: { requests: { storage: size } },
    volumeMode: rawWord(volumeModes, volumeMode) ?? 'Filesystem',
    ...(storageClass === null || storageClass === undefined ? {} : { storageClassName: storageClass }),
    ...(volumeName ? { volumeName } : {}),
  };
}

/** Where the input has what stands at a place of the claim's spec. */
function toInput(path: readonly (string | number)[]): readonly (string | number)[] {
  if (path[0] === 'storageClassName') return ['storageClass'];
  return path[0] === 'resources' ? ['size'] : path;
}

/** As the platform: who makes claims may not see volumes, and the cluster would tell in the end. */
async function checkBinding(
  form: ClaimForm,
  volumeName: string,
  place: ClaimPlace,
  context: RequestContext,
): Promise<ValidationIssue[]> {
  const spec = specOf(form);
  const reader = context.cluster(form.cluster).reader(systemPrincipal, context.signal);
  const volume = await reader.get(persistentVolumeKind, undefined, volumeName);
  const storageClassName = spec.storageClassName ?? classOfClaim(spec, place.classes)?.metadata.name ?? '';
  const asked = { ...spec, storageClassName, namespace: form.namespace, name: form.name, size: form.size };
  const problem = problemOfBinding(volume, asked);
  if (!problem) return [];
  const message = `The claim would never get the PersistentVolume '${volumeName}': ${problem}`;
  return [{ path: ['volumeName'], code: volume ? 'does_not_fit' : 'not_found', message }];
}
