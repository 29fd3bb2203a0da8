import type { Profile, ValidationIssue } from 'longshore/sdk';
import { diskSizeMax, diskSizeMin } from '../../profile-keys/disks.ts';
import { bytesPerGib } from './disk-facts.ts';

/** Sizes that a profile lets a disk have (STO-14), in GiB. Pure. */
export function checkDiskSize(
  sizeGib: number,
  profile: Profile,
  path: readonly string[] = ['sizeGib'],
): ValidationIssue[] {
  const [min, max] = [profile.get(diskSizeMin), profile.get(diskSizeMax)];
  if (sizeGib >= min && (max === null || sizeGib <= max)) return [];
  const range = max === null ? `at least ${min}` : `${min} to ${max}`;
  const message = `sizeGib must be ${range} by the profile '${profile.name}', got ${sizeGib}`;
  return [{ path, code: 'out_of_range', message }];
}

/** What is copied from needs as much room again. */
export function checkCopySize(sizeGib: number, sourceBytes: number | undefined, what: string): ValidationIssue[] {
  if (sourceBytes === undefined || sizeGib * bytesPerGib >= sourceBytes) return [];
  const least = Math.ceil(sourceBytes / bytesPerGib);
  return [
    {
      path: ['sizeGib'],
      code: 'too_small',
      message: `sizeGib must be at least the ${least} of ${what}, got ${sizeGib}`,
    },
  ];
}
