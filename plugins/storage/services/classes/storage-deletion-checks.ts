import { persistentVolumeClaimKind, type StatefulSetObject, statefulSetKind } from 'longshore/plugins/compute';
import {
  type ClusterReader,
  type DeletionCheck,
  type KubeObject,
  nameUsers,
  readEveryUser,
  subjectOf,
} from 'longshore/sdk';
import { type PersistentVolumeObject, persistentVolumeKind, storageClassKind } from '../../api.ts';
import { isDisk } from '../disks/disk-facts.ts';
import { claimUsesOf } from './claim-users.ts';

/** A claim stays while pods or workloads mount it (STO-12, Appendix A). Cloud disks have a check of their own, which knows more. */
export const claimDeletionCheck = checkOf(persistentVolumeClaimKind, async (reader, claim) =>
  isDisk(claim) ? [] : (await claimUsesOf(reader, claim)).map(({ user }) => user),
);

/** A volume stays while a claim has it: with it the claim would be lost. */
export const volumeDeletionCheck = checkOf(persistentVolumeKind, async (reader, object) => {
  const { claimRef } = (object as unknown as PersistentVolumeObject).spec ?? {};
  if (!claimRef?.name) return [];
  const claim = await reader.get(persistentVolumeClaimKind, claimRef.namespace, claimRef.name);
  return claim && (!claimRef.uid || claim.metadata.uid === claimRef.uid) ? [claim as KubeObject] : [];
});

/** A class stays while claims, volumes or the claim templates of StatefulSets name it: they could neither grow nor be made. */
export const classDeletionCheck = checkOf(storageClassKind, async (reader, { metadata: { name } }) => {
  const [claims, volumes, sets] = await Promise.all([
    reader.byIndex(persistentVolumeClaimKind, 'storageClass', name),
    reader.byIndex(persistentVolumeKind, 'storageClass', name),
    reader.byIndex(statefulSetKind, 'templateClass', name),
  ]);
  return [...claims, ...volumes, ...sets] as readonly KubeObject[];
});

/** Index of StatefulSets by the classes that their claim templates name. */
export const templateClassIndex = {
  templateClass: ({ spec }: Pick<StatefulSetObject, 'spec'>) => [
    ...new Set((spec?.volumeClaimTemplates ?? []).flatMap((template) => template.spec?.storageClassName || [])),
  ],
};

function checkOf(
  kind: Parameters<typeof subjectOf>[0],
  usersOf: (reader: ClusterReader, object: KubeObject) => Promise<readonly KubeObject[]>,
): DeletionCheck {
  return {
    subjects: [subjectOf(kind)],
    async check(deletion, context) {
      if (deletion.left !== undefined) return undefined;
      const { object } = deletion;
      const users = await readEveryUser(object, context, (reader) => usersOf(reader, object));
      if (users.length === 0) return undefined;
      const { words, references } = nameUsers(users, context);
      const message = `${object.kind} '${object.metadata.name}' is used by ${words}: it goes only after that.`;
      return { isRefused: true, message, references };
    },
  };
}
