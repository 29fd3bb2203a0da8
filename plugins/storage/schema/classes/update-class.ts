import { descriptionText } from 'longshore/plugins/core';
import {
  checkText,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  objectSuccess,
  origin,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { type StorageClassObject, storageClassKind, storageClassTypeRef } from '../../api.ts';
import { checkMetadataChange, type MetadataChange, metadataPatch } from '../../services/classes/changed-metadata.ts';
import { accessModesAnnotation, minimumSizeAnnotation } from '../../services/classes/class-capabilities.ts';
import { defaultClassAnnotation } from '../../services/classes/class-facts.ts';
import type { AccessMode } from '../../services/classes/storage-words.ts';
import { capabilityAnnotations } from '../../services/classes/written-class.ts';
import { changedMetadataFields } from './metadata-fields.ts';
import { accessModeRef } from './storage-enums.ts';

interface ClassChange extends MetadataChange {
  readonly isDefault?: boolean | null | undefined;
  readonly allowsExpansion?: boolean | null | undefined;
  readonly mountOptions?: readonly string[] | null | undefined;
  readonly accessModes?: readonly AccessMode[] | null | undefined;
  readonly minimumSize?: string | null | undefined;
}

/** What of a class may change: the rest a cluster keeps as it is (storage.k8s.io/v1). */
export function registerUpdateClass(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateStorageClass',
    description:
      'Changes what can be changed of a class; provisioner, parameters, reclaim policy and binding mode never change.',
    allow: { action: 'UPDATE', subject: subjectOf(storageClassKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The class's id." }),
      ...changedMetadataFields(t),
      isDefault: t.boolean({ description: 'Whether claims that name no class get it.' }),
      allowsExpansion: t.boolean({ description: 'Whether claims of it may grow.' }),
      mountOptions: t.stringList({
        description: 'Options that volumes made from now on are mounted with, all of them.',
      }),
      accessModes: t.field({
        type: [accessModeRef],
        description: 'Access modes that its claims may have; an empty list takes that away.',
      }),
      minimumSize: t.field({
        type: 'Quantity',
        description: 'The least that its claims may ask for; `0` takes that away.',
      }),
    }),
    success: objectSuccess('The class is changed.', 'storageClass', storageClassTypeRef),
    validate: (input) => checkMetadataChange(input as unknown as ClassChange),
    load: ({ id }, context) => loadOfKind(String(id), storageClassKind, context),
    check: (input, storageClass, { services }) => {
      if (Object.keys(patchOf(input as unknown as ClassChange)).length === 0) {
        return [{ path: [], code: 'required', message: 'Nothing is to be changed: give what shall be set or removed' }];
      }
      const profile = services.profiles.at({ cluster: storageClass[origin].cluster });
      return checkText(profile.get(descriptionText), 'description', input.description ?? '');
    },
    run: async (input, storageClass, ticket, context) => {
      const { name, uid } = storageClass.metadata;
      const { object, warnings } = await context
        .cluster(storageClass[origin].cluster)
        .writer(context.principal)
        .patch(ticket, storageClassKind, undefined, name, patchOf(input as unknown as ClassChange), { uid });
      return { value: object, resultId: idOfObject(storageClass), before: storageClass, after: object, warnings };
    },
    replay: (node): StorageClassObject | null => (isOfKind(node, storageClassKind) ? node : null),
  });
}

function patchOf(change: ClassChange): object {
  const { isDefault, allowsExpansion, mountOptions, accessModes, minimumSize } = change;
  const size = minimumSize === '0' ? null : minimumSize;
  const own = {
    ...(typeof isDefault === 'boolean' ? { [defaultClassAnnotation]: isDefault ? 'true' : 'false' } : {}),
    ...(accessModes && accessModes.length === 0 ? { [accessModesAnnotation]: null } : {}),
    ...(minimumSize === '0' ? { [minimumSizeAnnotation]: null } : {}),
    ...capabilityAnnotations(accessModes, size),
  };
  const metadata = metadataPatch(change, own);
  return {
    ...(metadata ? { metadata } : {}),
    ...(typeof allowsExpansion === 'boolean' ? { allowVolumeExpansion: allowsExpansion } : {}),
    ...(mountOptions ? { mountOptions } : {}),
  };
}
