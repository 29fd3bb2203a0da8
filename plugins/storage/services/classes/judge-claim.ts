import type { ManifestMisfit, Profile } from 'longshore/sdk';
import type { StorageClassObject } from '../../api.ts';
import { bytesOf } from './bytes-of.ts';
import { capabilitiesOf } from './class-capabilities.ts';
import { defaultClassOf } from './class-facts.ts';
import { accessModes, knownAccessModes, rawWord } from './storage-words.ts';

/** What a claim, or the template of one, asks for; whatever a text says, so that nothing is taken for granted. */
export interface AskedClaim {
  readonly storageClassName?: unknown;
  readonly accessModes?: unknown;
  readonly volumeName?: unknown;
  readonly resources?: { readonly requests?: { readonly storage?: unknown } };
}

export interface ClaimPlace {
  /** Classes of its cluster. */
  readonly classes: readonly StorageClassObject[];
  /** Whether there is a volume that names this class, though there is no such class: bound by hand (STO-06). */
  readonly hasVolumesOf: (className: string) => boolean;
  readonly profile: Profile;
  /** Whether the minimum of the class is not enough, and Gi are whole (CON-13). */
  readonly isMinimumExclusive?: boolean;
}

/** The class that a claim gets; undefined where it gets none, or that is not there. */
export function classOfClaim(
  asked: AskedClaim,
  classes: readonly StorageClassObject[],
): StorageClassObject | undefined {
  const { storageClassName: name } = asked;
  if (name === undefined || name === null) return defaultClassOf(classes);
  return classes.find(({ metadata }) => metadata.name === name);
}

/** What is wrong with a new claim before the cluster is asked (STO-06 to STO-09). Pure; paths point into its spec. */
export function judgeClaim(asked: AskedClaim, place: ClaimPlace): readonly ManifestMisfit[] {
  const { storageClassName: name } = asked;
  const found = classOfClaim(asked, place.classes);
  if (!found) {
    if (name === '' || (typeof name === 'string' && place.hasVolumesOf(name))) return [];
    const message =
      typeof name === 'string'
        ? `There is no StorageClass '${name}' in the cluster`
        : 'storageClassName must name a StorageClass: the cluster has none for claims that name none';
    return [{ path: ['storageClassName'], code: typeof name === 'string' ? 'not_found' : 'required', message }];
  }
  return [...checkModes(asked, found, place), ...checkSize(asked, found, place)];
}

/** STO-08: what the class does not offer leaves the claim pending for ever. */
function checkModes(
  { accessModes: asked }: AskedClaim,
  storageClass: StorageClassObject,
  { profile }: ClaimPlace,
): ManifestMisfit[] {
  const { accessModes: offered } = capabilitiesOf(storageClass, profile);
  if (!offered || !Array.isArray(asked)) return [];
  const words = offered.map((mode) => rawWord(accessModes, mode)).join(', ');
  return asked.flatMap((raw: unknown, index) => {
    if (typeof raw !== 'string' || knownAccessModes([raw]).some((mode) => offered.includes(mode))) return [];
    const message = `accessModes must be of ${words} in the class '${storageClass.metadata.name}', got ${raw}`;
    return [{ path: ['accessModes', index], code: 'mode_not_offered', message }];
  });
}

const gibi = 1_073_741_824;
const sizePath = ['resources', 'requests', 'storage'];

/** STO-07, STO-09, CON-13. */
function checkSize(asked: AskedClaim, storageClass: StorageClassObject, place: ClaimPlace): ManifestMisfit[] {
  const { minimumSize, maximumSize } = capabilitiesOf(storageClass, place.profile);
  const text = asked.resources?.requests?.storage;
  const size = typeof text === 'string' || typeof text === 'number' ? bytesOf(String(text)) : undefined;
  if (size === undefined) return [];
  const of = `the class '${storageClass.metadata.name}'`;
  const misfit = (code: string, message: string): ManifestMisfit[] => [{ path: sizePath, code, message }];
  const least = bytesOf(minimumSize);
  if (place.isMinimumExclusive && least !== undefined && (size <= least || size % gibi !== 0)) {
    return misfit('too_small', `size must be a whole number of Gi above ${minimumSize} in ${of}, got ${text}`);
  }
  if (least !== undefined && size < least) {
    return misfit('too_small', `size must be ${minimumSize} at least in ${of}, got ${text}`);
  }
  const most = bytesOf(maximumSize);
  if (most === undefined || size <= most) return [];
  return misfit('too_big', `size must be ${maximumSize} at the most in ${of}, got ${text}`);
}
