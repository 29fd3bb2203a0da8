import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { type DeletionCheck, type KubeObject, origin, systemPrincipal } from 'longshore/sdk';
import type { PersistentVolumeClaimObject } from '../../api.ts';
import { namedUsers } from '../disks/disk-users.ts';

/** A snapshot stays while disks are being made from it: the cluster would only hold it until then (P41). */
export const snapshotDeletionCheck: DeletionCheck = {
  subjects: ['snapshot.storage.k8s.io/VolumeSnapshot'],
  async check({ object, left }, context) {
    if (left !== undefined) return undefined;
    const { namespace = '', name } = object.metadata;
    const cluster = context.cluster(object[origin].cluster);
    const reader = cluster.reader(systemPrincipal, context.signal);
    const { items } = await reader.list(persistentVolumeClaimKind, { namespaces: [namespace] });
    const filled = items.filter((claim) => isBeingFilledFrom(claim, name));
    if (filled.length === 0) return undefined;
    const { words, references } = namedUsers(filled as unknown as readonly KubeObject[], context);
    const message = `VolumeSnapshot '${name}' is being restored to ${words}: it goes once that is done.`;
    return { isRefused: true, message, references };
  },
};

function isBeingFilledFrom({ spec, status }: PersistentVolumeClaimObject, snapshot: string): boolean {
  const source = spec?.dataSource ?? spec?.dataSourceRef;
  return source?.kind === 'VolumeSnapshot' && source.name === snapshot && (status?.phase ?? 'Pending') === 'Pending';
}
