import { type Profile, type RequestContext, systemPrincipal } from 'longshore/sdk';
import { persistentVolumeKind, type StorageClassObject, storageClassKind } from '../../api.ts';
import { type AskedClaim, type ClaimPlace, classOfClaim } from './judge-claim.ts';

/**
 * What claims of a cluster are judged by. Whether volumes of a class are there is asked as the platform: who makes claims may not see
 * volumes, and the cluster would tell in the end.
 */
export async function loadClaimPlace(
  cluster: string,
  asked: readonly AskedClaim[],
  profile: Profile,
  context: RequestContext,
): Promise<ClaimPlace> {
  const { items: classes } = await context.kube(cluster).list(storageClassKind);
  const unknown = asked.flatMap((claim) =>
    typeof claim.storageClassName === 'string' && claim.storageClassName !== '' && !classOfClaim(claim, classes)
      ? [claim.storageClassName]
      : [],
  );
  const withVolumes = await Promise.all(
    [...new Set(unknown)].map(async (name) => {
      const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
      const volumes = await reader.byIndex(persistentVolumeKind, 'storageClass', name);
      return volumes.length > 0 ? [name] : [];
    }),
  );
  const known = new Set(withVolumes.flat());
  return { classes: classes as readonly StorageClassObject[], hasVolumesOf: (name) => known.has(name), profile };
}
