import {
  allMaybe,
  type ClusterReader,
  type ManifestMisfit,
  type MaybePromise,
  mapMaybe,
  type Profile,
} from 'longshore/sdk';
import { persistentVolumeClaimKind } from '../api.ts';
import { replicasMaxWithDisk } from '../profile-keys/replicas.ts';
import type { PodSpec } from './references/config-references.ts';

/** What the rule must know of a PersistentVolumeClaim. */
export interface ClaimFacts {
  readonly name: string;
  /** As the claim asks for them (core/v1 PersistentVolumeClaimSpec). */
  readonly accessModes: readonly string[];
}

/** More pods than the profile allows that mount a disk which one node alone can write. */
export interface PodsWithDisk {
  /** Replicas wanted of a Deployment, parallelism of a Job or of a CronJob's Jobs. */
  readonly pods: number;
  /** The claims that the pod template mounts, as they are in the cluster. */
  readonly claims: readonly ClaimFacts[];
  readonly profile: Profile;
  /** Where the number stands, in the input or in the object. */
  readonly path: readonly (string | number)[];
}

/** CMP-54: `replicas.maxWithDisk` pods at the most share a disk that one node alone can write. Pure. */
export function checkReadWriteOnce({ pods, claims, profile, path }: PodsWithDisk): readonly ManifestMisfit[] {
  const max = profile.get(replicasMaxWithDisk);
  const disks = claims.filter(isForOneNode).map(({ name }) => `'${name}'`);
  if (max === null || pods <= max || disks.length === 0) return [];
  const what = disks.length === 1 ? `the disk ${disks.join()}` : `the disks ${disks.join(', ')}`;
  const message = `${path.at(-1)} may be ${max} at the most by the profile '${profile.name}', since one node alone can write ${what}, got ${pods}`;
  return [{ path, code: 'disk_of_one_node', message }];
}

/** Names of the claims that a pod template mounts itself; what a StatefulSet's templates make belongs to one pod each. */
export function claimNamesOf(spec: Pick<PodSpec, 'volumes'> | undefined): readonly string[] {
  const names = (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  return [...new Set(names)];
}

/** Those of the claims that are there for the reader. */
export function loadClaims(
  reader: ClusterReader,
  namespace: string,
  names: readonly string[],
): MaybePromise<readonly ClaimFacts[]> {
  const reads = names.map((name) => reader.get(persistentVolumeClaimKind, namespace, name));
  return mapMaybe(allMaybe(reads), (claims) =>
    claims.flatMap((claim) =>
      claim ? [{ name: claim.metadata.name, accessModes: claim.spec?.accessModes ?? [] }] : [],
    ),
  );
}

const forOneNode: ReadonlySet<string> = new Set(['ReadWriteOnce', 'ReadWriteOncePod']);

/** A claim that many nodes may write too is no disk of one node. */
function isForOneNode({ accessModes }: ClaimFacts): boolean {
  return accessModes.length > 0 && accessModes.every((mode) => forOneNode.has(mode));
}
