import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import {
  checkText,
  type ManifestCheck,
  type ManifestMisfit,
  nameUsers,
  type RequestContext,
  subjectOf,
  systemPrincipal,
  type WrittenObject,
} from 'longshore/sdk';
import { diskLabel, type PersistentVolumeClaimObject, volumeSnapshotKind } from '../../api.ts';
import { diskName, diskSizeMax, diskSizeMin, volumeOnlineExtend } from '../../profile-keys/disks.ts';
import { bytesOf } from '../classes/bytes-of.ts';
import { requestedSizeOf } from '../classes/claim-facts.ts';
import { bytesPerGib, isDisk, migrationOf } from './disk-facts.ts';
import { everyPodOf } from './disk-users.ts';

/** What the forms for disks refuse, a text does not bring in either: names and sizes by profile, growth in use (STO-14, STO-17, CON-27). */
export const diskManifestCheck: ManifestCheck = {
  subjects: [subjectOf(persistentVolumeClaimKind)],
  async check(written, context) {
    const disk = written.existing as PersistentVolumeClaimObject | undefined;
    if (!(disk ? isDisk(disk) : isMarked(written))) return [];
    const size = requestOf(written);
    const naming = disk ? [] : checkText(written.profile.get(diskName), 'name', written.name);
    return [
      ...naming.map(({ code, message }) => ({ path: ['metadata', 'name'], code, message })),
      ...checkSize(size, disk, written),
      ...(disk ? await checkGrowth(size, disk, written, context) : []),
    ];
  },
};

const sizePath = ['spec', 'resources', 'requests', 'storage'];

interface Written {
  readonly metadata?: { readonly labels?: Readonly<Record<string, unknown>> };
  readonly spec?: {
    readonly resources?: { readonly requests?: { readonly storage?: unknown } };
    readonly source?: { readonly persistentVolumeClaimName?: unknown };
  };
}

const isMarked = ({ object }: WrittenObject): boolean =>
  (object as Written).metadata?.labels?.[diskLabel] !== undefined;

function requestOf({ object }: WrittenObject): number | undefined {
  const storage = (object as Written).spec?.resources?.requests?.storage;
  return typeof storage === 'string' || typeof storage === 'number' ? bytesOf(String(storage)) : undefined;
}

/** What is there against a size already need not be changed with the rest. */
function checkSize(
  size: number | undefined,
  disk: PersistentVolumeClaimObject | undefined,
  { profile }: WrittenObject,
): ManifestMisfit[] {
  if (size === undefined || (disk && size === bytesOf(requestedSizeOf(disk)))) return [];
  const [min, max] = [profile.get(diskSizeMin), profile.get(diskSizeMax)];
  if (size >= min * bytesPerGib && (max === null || size <= max * bytesPerGib)) return [];
  const range = max === null ? `at least ${min} GiB` : `${min} to ${max} GiB`;
  const message = `A cloud disk must have ${range} by the profile '${profile.name}'`;
  return [{ path: sizePath, code: 'out_of_range', message }];
}

async function checkGrowth(
  size: number | undefined,
  disk: PersistentVolumeClaimObject,
  { profile }: WrittenObject,
  context: RequestContext,
): Promise<ManifestMisfit[]> {
  const now = bytesOf(requestedSizeOf(disk)) ?? 0;
  if (size !== undefined && size > now && migrationOf(disk) !== undefined) {
    const message = `Disk '${disk.metadata.name}' cannot be extended while it is moved`;
    return [{ path: sizePath, code: 'disk_migrating', message }];
  }
  if (size === undefined || size <= now || profile.get(volumeOnlineExtend)) return [];
  const pods = await everyPodOf(disk, context);
  if (pods.length === 0) return [];
  const message = `Disk '${disk.metadata.name}' cannot be extended while it is used by ${nameUsers(pods, context).words}`;
  return [{ path: sizePath, code: 'disk_in_use', message }];
}

/** A snapshot is taken of a disk that nothing uses (STO-20), also where a text asks for it. */
export const snapshotManifestCheck: ManifestCheck = {
  subjects: [subjectOf(volumeSnapshotKind)],
  async check(written, context) {
    const { cluster, namespace, existing, object } = written;
    const name = (object as Written).spec?.source?.persistentVolumeClaimName;
    if (existing || typeof name !== 'string') return [];
    const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
    const disk = await reader.get(persistentVolumeClaimKind, namespace, name);
    if (!disk || !isDisk(disk)) return [];
    const pods = await everyPodOf(disk, context);
    if (pods.length === 0) return [];
    const message = `Disk '${name}' cannot be snapshotted while it is used by ${nameUsers(pods, context).words}`;
    return [{ path: ['spec', 'source', 'persistentVolumeClaimName'], code: 'disk_in_use', message }];
  },
};
