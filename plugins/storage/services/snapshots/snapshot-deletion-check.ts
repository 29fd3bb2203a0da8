import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import {
  type DeletionCheck,
  type KindRef,
  type KubeObject,
  nameUsers,
  origin,
  subjectOf,
  systemPrincipal,
} from 'longshore/sdk';
import { type PersistentVolumeClaimObject, volumeSnapshotKind } from '../../api.ts';

/** A snapshot stays while disks are being made from it: the cluster would only hold it until then (P41). */
export const snapshotDeletionCheck = sourceCheck(volumeSnapshotKind, 'restored to');

/** A claim stays while copies of it are still to be filled: without it they would wait for ever (P41, STO-16). */
export const copiedClaimDeletionCheck = sourceCheck(persistentVolumeClaimKind, 'copied to');

function sourceCheck(kind: KindRef<unknown>, deed: string): DeletionCheck {
  return {
    subjects: [subjectOf(kind)],
    async check({ object, left }, context) {
      if (left !== undefined) return undefined;
      const { namespace = '', name } = object.metadata;
      const cluster = context.cluster(object[origin].cluster);
      const reader = cluster.reader(systemPrincipal, context.signal);
      const { items } = await reader.list(persistentVolumeClaimKind, { namespaces: [namespace] });
      const filled = items.filter((claim) => isBeingFilledFrom(claim, kind.kind, name));
      if (filled.length === 0) return undefined;
      const { words, references } = nameUsers(filled as unknown as readonly KubeObject[], context);
      const message = `${kind.kind} '${name}' is being ${deed} ${words}: it goes once that is done.`;
      return { isRefused: true, message, references };
    },
  };
}

function isBeingFilledFrom({ spec, status }: PersistentVolumeClaimObject, kind: string, name: string): boolean {
  const source = spec?.dataSource ?? spec?.dataSourceRef;
  return source?.kind === kind && source.name === name && (status?.phase ?? 'Pending') === 'Pending';
}
