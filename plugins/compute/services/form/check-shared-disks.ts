import type { ManifestMisfit } from 'longshore/sdk';
import { type ClaimFacts, checkReadWriteOnce } from '../read-write-once.ts';
import { itemsAt, type Path, type SeenWorkload, valueAt } from '../rules/seen-workload.ts';

/**
 * CMP-54: how many pods share the claims that they mount. Told of the number where that is new, else of the volume that is; what
 * is there already need not be changed with the rest.
 */
export function checkSharedDisks(
  { object, podSpec, word, profile }: SeenWorkload,
  existing: unknown,
  claims: readonly ClaimFacts[],
): readonly ManifestMisfit[] {
  if (word === 'DAEMON_SET' || word === 'POD') return [];
  const number = [...podSpec.slice(0, -2), word === 'JOB' || word === 'CRON_JOB' ? 'parallelism' : 'replicas'];
  const pods = valueAt(object, number) ?? 1;
  if (typeof pods !== 'number') return [];
  const place = existing === undefined || pods !== (valueAt(existing, number) ?? 1) ? number : newClaim();
  if (!place) return [];
  return checkReadWriteOnce({ pods, claims, profile, path: number }).map((misfit) => ({ ...misfit, path: place }));

  function newClaim(): Path | undefined {
    const claimed = claimsIn(existing, podSpec);
    const index = claimsIn(object, podSpec).findIndex((claim) => claim !== undefined && !claimed.includes(claim));
    return index < 0 ? undefined : [...podSpec, 'volumes', index];
  }
}

/** The claim of each volume, undefined where it has none. */
function claimsIn(object: unknown, podSpec: Path): readonly unknown[] {
  const volumes = itemsAt(object, [...podSpec, 'volumes']);
  return volumes.map((volume) => valueAt(volume, ['persistentVolumeClaim', 'claimName']));
}
