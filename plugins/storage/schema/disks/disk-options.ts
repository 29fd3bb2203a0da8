import { namespaceTypeRef } from 'longshore/plugins/core';
import { type LongshoreBuilder, named, origin, type Profile, typeRef } from 'longshore/sdk';
import { type StorageClassObject, storageClassKind, storageClassTypeRef } from '../../api.ts';
import {
  diskExclusiveClass,
  diskFileSystems,
  diskKinds,
  diskSharedClass,
  diskSizeMax,
  diskSizeMin,
  volumeOnlineExtend,
} from '../../profile-keys/disks.ts';
import { chooseClass } from '../../services/disks/choose-class.ts';
import type { DiskKind, FileSystem } from '../../services/disks/disk-facts.ts';

interface DiskOptions {
  readonly profile: Profile;
  readonly classes: readonly StorageClassObject[];
}

interface DiskChoice {
  readonly kind: DiskKind;
  readonly fileSystem: FileSystem;
  readonly storageClass: StorageClassObject | undefined;
}

const optionsRef = typeRef<DiskOptions>('DiskOptions');
const choiceRef = typeRef<DiskChoice>('DiskChoice');

/** What the form for a disk offers in a namespace (STO-14): by the rules that its mutation obeys. */
export function registerDiskOptions(builder: LongshoreBuilder): void {
  builder.objectType(choiceRef, {
    description: 'A disk that may be asked for, and the class that it would be of.',
    fields: (t) => ({
      kind: t.field({
        type: named('DiskKind'),
        description: 'Who may mount it.',
        resolve: ({ kind }) => kind as never,
      }),
      fileSystem: t.field({
        type: named('DiskFileSystem'),
        description: 'What it is formatted with.',
        resolve: ({ fileSystem }) => fileSystem as never,
      }),
      storageClass: t.field({
        type: storageClassTypeRef,
        nullable: true,
        description: 'Its class where none is asked for; null where the cluster has none that fits.',
        resolve: ({ storageClass }) => storageClass ?? null,
      }),
      isExtensible: t.boolean({
        description: 'Whether it could be extended later.',
        resolve: ({ storageClass }) => storageClass?.allowVolumeExpansion === true,
      }),
    }),
  });
  builder.objectType(optionsRef, {
    description:
      'What cloud disks may be in a namespace, by its profile and the classes of its cluster. `Namespace.quota.free` says how much is left.',
    fields: (t) => ({
      sizeMinGib: t.int({ description: 'Least size, in GiB.', resolve: ({ profile }) => profile.get(diskSizeMin) }),
      sizeMaxGib: t.int({
        nullable: true,
        description: 'Largest size, in GiB; null where the profile says none.',
        resolve: ({ profile }) => profile.get(diskSizeMax),
      }),
      isOnlineExtensionAllowed: t.boolean({
        description: 'Whether a disk may be extended while it is in use (CON-27).',
        resolve: ({ profile }) => profile.get(volumeOnlineExtend),
      }),
      choices: t.field({
        type: [choiceRef],
        description: 'Kinds and file systems that the profile allows, each with the class that would be chosen.',
        resolve: choicesOf,
      }),
    }),
  });
  builder.objectField(namespaceTypeRef, 'diskOptions', (t) =>
    t.field({
      type: optionsRef,
      description: 'What cloud disks may be made in it.',
      resolve: async ({ metadata, [origin]: { cluster } }, _args, context) => {
        const profile = context.services.profiles.at({ cluster, namespace: metadata.name });
        return { profile, classes: (await context.kube(cluster).list(storageClassKind)).items };
      },
    }),
  );
}

function choicesOf({ profile, classes }: DiskOptions): DiskChoice[] {
  return profile.get(diskKinds).flatMap((kind) =>
    profile.get(diskFileSystems).map((fileSystem): DiskChoice => {
      const preferred = profile.get(kind === 'SHARED' ? diskSharedClass : diskExclusiveClass) ?? undefined;
      const chosen = chooseClass(classes, { kind, fileSystem, asked: undefined, preferred, profile: profile.name });
      const found =
        'issue' in chosen ? undefined : classes.find(({ metadata }) => metadata.name === chosen.storageClass);
      return { kind, fileSystem, storageClass: found };
    }),
  );
}
