/** Words of Kubernetes (storage.k8s.io/v1, core/v1) and their members of the schema's enums. */

export const reclaimPolicies = { Delete: 'DELETE', Retain: 'RETAIN', Recycle: 'RECYCLE' } as const;
export type ReclaimPolicy = (typeof reclaimPolicies)[keyof typeof reclaimPolicies] | 'UNKNOWN';

export const bindingModes = { Immediate: 'IMMEDIATE', WaitForFirstConsumer: 'WAIT_FOR_FIRST_CONSUMER' } as const;
export type BindingMode = (typeof bindingModes)[keyof typeof bindingModes] | 'UNKNOWN';

export const volumeModes = { Filesystem: 'FILESYSTEM', Block: 'BLOCK' } as const;
export type VolumeMode = (typeof volumeModes)[keyof typeof volumeModes] | 'UNKNOWN';

export const accessModes = {
  ReadWriteOnce: 'READ_WRITE_ONCE',
  ReadOnlyMany: 'READ_ONLY_MANY',
  ReadWriteMany: 'READ_WRITE_MANY',
  ReadWriteOncePod: 'READ_WRITE_ONCE_POD',
} as const;
export type AccessMode = (typeof accessModes)[keyof typeof accessModes];

export const volumePhases = {
  Pending: 'PENDING',
  Available: 'AVAILABLE',
  Bound: 'BOUND',
  Released: 'RELEASED',
  Failed: 'FAILED',
} as const;
export type VolumePhase = (typeof volumePhases)[keyof typeof volumePhases] | 'UNKNOWN';

export const claimPhases = { Pending: 'PENDING', Bound: 'BOUND', Lost: 'LOST' } as const;
export type ClaimPhase = (typeof claimPhases)[keyof typeof claimPhases] | 'UNKNOWN';

/** Those that this version knows; the others stand among the raw ones. */
export function knownAccessModes(raw: readonly string[] | undefined): AccessMode[] {
  return (raw ?? []).flatMap((mode) => (isAccessMode(mode) ? [accessModes[mode]] : []));
}

const isAccessMode = (mode: string): mode is keyof typeof accessModes => Object.hasOwn(accessModes, mode);

/** A member of an enum as Kubernetes writes it; undefined for `UNKNOWN`. */
export function rawWord(table: Readonly<Record<string, string>>, member: string): string | undefined {
  return Object.entries(table).find(([, name]) => name === member)?.[0];
}
