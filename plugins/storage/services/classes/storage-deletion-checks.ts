import { persistentVolumeClaimKind, type StatefulSetObject, statefulSetKind } from 'longshore/plugins/compute';
import {
  type ClusterReader,
  type Deletion,
  type DeletionCheck,
  type DeletionObjection,
  idOfObject,
  type KubeObject,
  origin,
  type RequestContext,
  subjectOf,
  systemPrincipal,
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
      const users = await everyUser(deletion, usersOf, context);
      return users.length > 0 ? objection(deletion, users, context) : undefined;
    },
  };
}

/** Also users that the caller does not see: what runs must not break because of who deletes. The own reader knows the caller's own writes. */
async function everyUser(
  { object }: Deletion,
  usersOf: (reader: ClusterReader, object: KubeObject) => Promise<readonly KubeObject[]>,
  context: RequestContext,
): Promise<readonly KubeObject[]> {
  const cluster = context.cluster(object[origin].cluster);
  const found = await Promise.all(
    [context.principal, systemPrincipal].map((principal) => usersOf(cluster.reader(principal, context.signal), object)),
  );
  return [...new Map(found.flat().map((user) => [idOfObject(user), user])).values()];
}

/** Names that one message tells; the references have all of them. */
const maxNames = 5;

function objection({ object }: Deletion, users: readonly KubeObject[], context: RequestContext): DeletionObjection {
  const visible = users.filter((user) => context.access.allowed('READ', user));
  const told = visible.slice(0, maxNames).map(({ kind, metadata }) => `${kind} '${metadata.name}'`);
  const more = visible.length - told.length;
  const hidden = users.length - visible.length;
  const names = [
    ...told,
    ...(more > 0 ? [`${more} more`] : []),
    ...(hidden > 0 ? [visible.length > 0 ? 'something that you may not see' : 'what you may not see'] : []),
  ];
  return {
    isRefused: true,
    message: `${object.kind} '${object.metadata.name}' is used by ${names.join(', ')}: it goes only after that.`,
    references: visible.map((user) => idOfObject(user)),
  };
}
