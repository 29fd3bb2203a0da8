import { anyWorkloadKinds, type PodObject, podKind } from 'longshore/plugins/compute';
import {
  allMaybe,
  type ClusterReader,
  type KindRef,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
  origin,
  subjectOf,
} from 'longshore/sdk';

/** Where a container sees what a claim holds. */
export interface ClaimMount {
  readonly container: string;
  readonly path: string;
  readonly subPath: string | undefined;
  readonly isReadOnly: boolean;
}

/** A pod, or the template of a workload, that mounts a claim. */
export interface ClaimUse {
  readonly user: KubeObject;
  readonly mounts: readonly ClaimMount[];
}

type PodSpec = NonNullable<PodObject['spec']>;

const templateSubjects: ReadonlySet<string> = new Set(anyWorkloadKinds.map(subjectOf));

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

/** Index of pods and workloads by the claims that they mount, for `declareKind`. */
export const claimIndexes = {
  claim: (object: unknown) => {
    const { metadata } = object as KubeObject;
    return [...claimsIn(object as KubeObject).keys()].map((name) => keyOf(metadata.namespace, name));
  },
} as const;

/** Pods that mount the claim and have not ended, in order of their names. */
export function podsOfClaim(
  reader: ClusterReader,
  { metadata }: Pick<KubeObject, 'metadata'>,
): MaybePromise<readonly PodObject[]> {
  const pods = reader.byIndex(podKind, 'claim', keyOf(metadata.namespace, metadata.name));
  return mapMaybe(pods, (found) => found.filter(isAlive).toSorted(byName));
}

/** What mounts the claim: workloads by their template, the one on top where several stand above each other, and pods that have not ended. */
export function claimUsesOf(
  reader: ClusterReader,
  claim: Pick<KubeObject, 'metadata'>,
): MaybePromise<readonly ClaimUse[]> {
  const { namespace, name } = claim.metadata;
  const key = keyOf(namespace, name);
  const lists = allMaybe([...anyWorkloadKinds, podKind as KindRef].map((kind) => reader.byIndex(kind, 'claim', key)));
  return mapMaybe(lists, (found) =>
    (found.flat() as readonly KubeObject[])
      .filter((user) => (isPod(user) ? isAlive(user as unknown as PodObject) : isOnTop(user)))
      .map((user) => ({ user, mounts: claimsIn(user).get(name) ?? [] })),
  );
}

const byName = (one: PodObject, other: PodObject): number => (one.metadata.name < other.metadata.name ? -1 : 1);

const isPod = (object: KubeObject): boolean => subjectOf(object[origin]) === subjectOf(podKind);

/** What has ended holds no volume any more (pvc-protection). */
const isAlive = ({ status }: PodObject): boolean => status?.phase !== 'Succeeded' && status?.phase !== 'Failed';

/** A Deployment's ReplicaSet and a CronJob's Job are told by what controls them. */
function isOnTop({ metadata }: Pick<KubeObject, 'metadata'>): boolean {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (!owner) return true;
  const group = owner.apiVersion.includes('/') ? (owner.apiVersion.split('/')[0] ?? '') : '';
  return !templateSubjects.has(subjectOf({ group, kind: owner.kind }));
}

/** The claims that it mounts by name, each with where; one that no container mounts holds its volume all the same. */
function claimsIn(object: KubeObject): ReadonlyMap<string, readonly ClaimMount[]> {
  const spec = podSpecOf(object);
  const claims = new Map<string, readonly ClaimMount[]>();
  for (const volume of spec?.volumes ?? []) {
    // What a pod makes for itself is called by both names.
    const ephemeral = volume.ephemeral && isPod(object) ? `${object.metadata.name}-${volume.name}` : undefined;
    const name = volume.persistentVolumeClaim?.claimName ?? ephemeral;
    if (!name) continue;
    const isReadOnly = volume.persistentVolumeClaim?.readOnly === true;
    claims.set(name, [...(claims.get(name) ?? []), ...mountsOf(spec, volume.name, isReadOnly)]);
  }
  return claims;
}

function mountsOf(spec: PodSpec | undefined, volume: string, isReadOnly: boolean): ClaimMount[] {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  return containers.flatMap(({ name: container, volumeMounts, volumeDevices }) => [
    ...(volumeMounts ?? [])
      .filter(({ name }) => name === volume)
      .map(({ mountPath, subPath, readOnly }) => ({
        container,
        path: mountPath,
        subPath: subPath || undefined,
        isReadOnly: isReadOnly || readOnly === true,
      })),
    ...(volumeDevices ?? [])
      .filter(({ name }) => name === volume)
      .map(({ devicePath }) => ({ container, path: devicePath, subPath: undefined, isReadOnly })),
  ]);
}

interface Templated {
  readonly spec?: {
    readonly template?: { readonly spec?: PodSpec };
    readonly jobTemplate?: { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };
  };
}

function podSpecOf(object: KubeObject): PodSpec | undefined {
  if (isPod(object)) return (object as unknown as PodObject).spec;
  const { spec } = object as unknown as Templated;
  return spec?.jobTemplate ? spec.jobTemplate.spec?.template?.spec : spec?.template?.spec;
}
