import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import {
  type ClusterReader,
  type ManifestMisfit,
  type Profile,
  ValidationError,
  type ValidationIssue,
} from 'longshore/sdk';
import { type PersistentVolumeClaimObject, storageClassKind, type VolumeSnapshotObject } from '../../api.ts';
import { diskExclusiveClass, diskFileSystems, diskKinds, diskSharedClass } from '../../profile-keys/disks.ts';
import { bytesOf } from '../classes/bytes-of.ts';
import { type AskedClaim, judgeClaim } from '../classes/judge-claim.ts';
import { chooseClass } from './choose-class.ts';
import { type DiskKind, type FileSystem, fileSystemOf } from './disk-facts.ts';
import { diskManifest } from './disk-manifest.ts';
import { checkCopySize, checkDiskSize } from './disk-size.ts';

/** A disk as somebody wants it. */
export interface DiskRequest {
  readonly namespace: string;
  readonly name: string;
  readonly displayName?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly sizeGib?: number | null | undefined;
  readonly kind: DiskKind;
  readonly fileSystem?: FileSystem | 'UNKNOWN' | null | undefined;
  readonly storageClass?: string | null | undefined;
}

/** What of a snapshot counts for a disk that is made from it. */
interface Origin {
  readonly fileSystem: FileSystem | undefined;
  /** Its class, where the disk that it was taken of is still there. */
  readonly storageClass: string | undefined;
  readonly size: string | undefined;
}

/** The claim for a disk by the rules of its place (STO-14, STO-15, STO-20). Throws `ValidationError` with everything that stands against it. */
export async function planDisk(
  request: DiskRequest,
  snapshot: VolumeSnapshotObject | undefined,
  profile: Profile,
  reader: ClusterReader,
): Promise<object> {
  const { kind, sizeGib } = request;
  const from = snapshot && (await originOf(snapshot, reader));
  const issues: ValidationIssue[] = [
    ...checkKind(kind, profile),
    ...checkFileSystem(request, from, profile),
    ...(typeof sizeGib === 'number' ? checkDiskSize(sizeGib, profile) : []),
    ...(typeof sizeGib === 'number' ? checkCopySize(sizeGib, bytesOf(from?.size), 'the snapshot') : []),
  ];
  const size = typeof sizeGib === 'number' ? `${sizeGib}Gi` : from?.size;
  if (size === undefined && issues.length === 0) {
    const message = 'sizeGib must be given: the snapshot does not say yet how large it is';
    issues.push({ path: ['sizeGib'], code: 'required', message });
  }
  if (issues.length > 0 || size === undefined) throw new ValidationError(issues);
  const { items } = await reader.list(storageClassKind);
  const chosen = chooseClass(items, {
    kind,
    fileSystem: from?.fileSystem ?? wantedFileSystem(request, profile),
    asked: request.storageClass ?? from?.storageClass,
    preferred: profile.get(kind === 'SHARED' ? diskSharedClass : diskExclusiveClass) ?? undefined,
    profile: profile.name,
  });
  if ('issue' in chosen) throw new ValidationError([chosen.issue]);
  const manifest = diskManifest({
    namespace: request.namespace,
    name: request.name,
    displayName: request.displayName ?? undefined,
    description: request.description ?? undefined,
    kind,
    fileSystem: chosen.fileSystem,
    size,
    storageClass: chosen.storageClass,
    source: snapshot && { kind: 'VolumeSnapshot', name: snapshot.metadata.name },
  });
  const misfits = judgeClaim((manifest as { readonly spec: AskedClaim }).spec, {
    classes: items,
    hasVolumesOf: () => false,
    profile,
  });
  if (misfits.length > 0) throw new ValidationError(misfits.map(toInput));
  return manifest;
}

/** What its class cannot give leaves a disk CREATING for ever (STO-07, STO-08): told by the input that asked for it. */
function toInput({ path, code, message }: ManifestMisfit): ValidationIssue {
  const field = path[0] === 'accessModes' ? 'kind' : path[0] === 'resources' ? 'sizeGib' : 'storageClass';
  return { path: [field], code, message };
}

async function originOf(snapshot: VolumeSnapshotObject, reader: ClusterReader): Promise<Origin> {
  const name = snapshot.spec?.source.persistentVolumeClaimName;
  const claim: PersistentVolumeClaimObject | undefined = name
    ? await reader.get(persistentVolumeClaimKind, snapshot.metadata.namespace, name)
    : undefined;
  const noted = fileSystemOf(snapshot) ?? (claim && fileSystemOf(claim));
  return {
    fileSystem: noted === 'UNKNOWN' ? undefined : noted,
    storageClass: claim?.spec?.storageClassName,
    size: snapshot.status?.restoreSize,
  };
}

function checkKind(kind: DiskKind, profile: Profile): ValidationIssue[] {
  const open = profile.get(diskKinds);
  if (open.includes(kind)) return [];
  const message = `kind must be one of ${open.join(', ') || 'none'} by the profile '${profile.name}', got ${kind}`;
  return [{ path: ['kind'], code: 'kind_closed', message }];
}

function checkFileSystem({ fileSystem }: DiskRequest, from: Origin | undefined, profile: Profile): ValidationIssue[] {
  if (!fileSystem) return [];
  if (from?.fileSystem && from.fileSystem !== fileSystem) {
    const message = `fileSystem must be that of the snapshot, ${from.fileSystem}, got ${fileSystem}`;
    return [{ path: ['fileSystem'], code: 'other_file_system', message }];
  }
  const open: readonly string[] = profile.get(diskFileSystems);
  if (open.includes(fileSystem)) return [];
  const message = `fileSystem must be one of ${open.join(', ') || 'none'} by the profile '${profile.name}', got ${fileSystem}`;
  return [{ path: ['fileSystem'], code: 'file_system_closed', message }];
}

/** A shared disk is formatted, if at all, by whoever serves it. */
function wantedFileSystem({ fileSystem, kind, storageClass }: DiskRequest, profile: Profile): FileSystem | undefined {
  if (fileSystem) return fileSystem === 'UNKNOWN' ? undefined : fileSystem;
  return kind === 'SHARED' || storageClass ? undefined : profile.get(diskFileSystems)[0];
}
