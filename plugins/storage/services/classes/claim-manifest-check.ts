import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import {
  checkText,
  type ManifestCheck,
  type ManifestMisfit,
  type RequestContext,
  subjectOf,
  type WrittenObject,
} from 'longshore/sdk';
import { type PersistentVolumeClaimObject, type StorageClassObject, storageClassKind } from '../../api.ts';
import { claimName } from '../../profile-keys/classes.ts';
import { bytesOf } from './bytes-of.ts';
import { requestedSizeOf } from './claim-facts.ts';
import { loadClaimPlace } from './claim-place.ts';
import { type AskedClaim, type ClaimPlace, classOfClaim, judgeClaim } from './judge-claim.ts';
import { judgeGrowth, obstacleToGrowth } from './judge-growth.ts';
import { tellOfClaim } from './tell-of-claim.ts';

/** What the form for claims refuses, YAML does not bring in either (STO-06 to STO-08, STO-12). */
export const claimManifestCheck: ManifestCheck = {
  subjects: [subjectOf(persistentVolumeClaimKind)],
  async check(written, context) {
    const asked = askedBy(written);
    const place = await placeOf(written, [asked], context);
    if (written.existing) return checkChange(asked, written.existing as PersistentVolumeClaimObject, place);
    const named = checkText(place.profile.get(claimName), ['metadata', 'name'], written.name);
    return [...named, ...judgeClaim(asked, place).map(({ path, ...rest }) => ({ ...rest, path: ['spec', ...path] }))];
  },
  async tell(written, context) {
    if (written.existing) return [];
    const asked = askedBy(written);
    return tellOfClaim(asked, await placeOf(written, [asked], context));
  },
};

/** What claims of a text are judged by: the classes of the cluster, and those that the same text makes. */
export async function placeOf(
  { cluster, profile, beside }: WrittenObject,
  asked: readonly AskedClaim[],
  context: RequestContext,
): Promise<ClaimPlace> {
  const place = await loadClaimPlace(cluster, asked, profile, context);
  const made = (beside ?? []).filter(({ kind }) => subjectOf(kind) === subjectOf(storageClassKind));
  const isMade = ({ metadata }: StorageClassObject) => made.some(({ name }) => name === metadata.name);
  const volumes = (beside ?? []).filter(({ kind }) => kind.kind === 'PersistentVolume' && kind.group === '');
  const namesClass = (object: Readonly<Record<string, unknown>>, name: string) =>
    (object.spec as { readonly storageClassName?: unknown } | undefined)?.storageClassName === name;
  return {
    ...place,
    classes: [
      ...place.classes.filter((row) => !isMade(row)),
      ...made.map(({ object }) => object as unknown as StorageClassObject),
    ],
    hasVolumesOf: (name) => place.hasVolumesOf(name) || volumes.some(({ object }) => namesClass(object, name)),
  };
}

function askedBy({ object }: WrittenObject): AskedClaim {
  const { spec } = object;
  return typeof spec === 'object' && spec !== null ? (spec as AskedClaim) : {};
}

/** Of a claim that is there only its size matters here; the cluster keeps the rest as it is. */
function checkChange(
  asked: AskedClaim,
  existing: PersistentVolumeClaimObject,
  place: ClaimPlace,
): readonly ManifestMisfit[] {
  const size = asked.resources?.requests?.storage;
  if (typeof size !== 'string' && typeof size !== 'number') return [];
  if (bytesOf(String(size)) === bytesOf(requestedSizeOf(existing))) return [];
  const path = ['spec', 'resources', 'requests', 'storage'];
  const storageClass = classOfClaim({ storageClassName: existing.spec?.storageClassName ?? '' }, place.classes);
  const obstacle = obstacleToGrowth(existing, storageClass);
  if (obstacle) return [{ path, code: obstacle.reason.toLowerCase(), message: obstacle.message }];
  return judgeGrowth(existing, String(size), storageClass, place.profile).map((misfit) => ({ ...misfit, path }));
}
