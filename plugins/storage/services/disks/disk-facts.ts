import { descriptionAnnotation, displayNameAnnotation } from 'longshore/plugins/core';
import { diskLabel, diskMigrationMark, fileSystemAnnotation, type PersistentVolumeClaimObject } from '../../api.ts';

/** One instance may write it, or many at once (STO-15). */
export type DiskKind = 'EXCLUSIVE' | 'SHARED';
export type FileSystem = 'EXT4' | 'XFS';
type Marked = Pick<PersistentVolumeClaimObject, 'metadata'>;

export const bytesPerGib = 1024 ** 3;

/** Whether a claim is a cloud disk: one that the platform made as such, or that somebody labelled so. */
export function isDisk({ metadata }: Marked): boolean {
  return metadata.labels?.[diskLabel] !== undefined;
}

/** Which operation moves it at the moment, by the UUID of its record; undefined where none does. */
export const migrationOf = ({ metadata }: Marked): string | undefined =>
  metadata.annotations?.[diskMigrationMark] || undefined;

/** By the modes in which it may be mounted (core/v1 PersistentVolumeClaimSpec). */
export function diskKindOf({ spec }: Pick<PersistentVolumeClaimObject, 'spec'>): DiskKind {
  const isShared = (spec?.accessModes ?? []).some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');
  return isShared ? 'SHARED' : 'EXCLUSIVE';
}

/** What it is formatted with, as it is noted on a disk or snapshot; undefined where that is not known. */
export function fileSystemOf({ metadata }: Marked): FileSystem | 'UNKNOWN' | undefined {
  const noted = metadata.annotations?.[fileSystemAnnotation];
  return noted === undefined ? undefined : toFileSystem(noted);
}

const fileSystems: Readonly<Record<string, FileSystem>> = { ext4: 'EXT4', xfs: 'XFS' };

export function toFileSystem(word: string): FileSystem | 'UNKNOWN' {
  return fileSystems[word.toLowerCase()] ?? 'UNKNOWN';
}

export const displayNameOf = ({ metadata }: Marked): string =>
  metadata.annotations?.[displayNameAnnotation] || metadata.name;

export const descriptionOf = ({ metadata }: Marked): string | undefined =>
  metadata.annotations?.[descriptionAnnotation] || undefined;

/** Made with what mounts it, and gone with it: by a template of a workload, or as a volume of one pod (STO-15). */
export function isBuiltIn({ metadata }: Marked): boolean {
  return (metadata.ownerReferences ?? []).length > 0 || metadata.labels?.[diskLabel] === 'built-in';
}
