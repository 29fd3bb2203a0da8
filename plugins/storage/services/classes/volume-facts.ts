import { enumValue } from 'longshore/sdk';
import type { PersistentVolumeObject } from '../../api.ts';
import { isZoneKey } from './class-facts.ts';
import { type VolumePhase, volumePhases } from './storage-words.ts';

type Volume = Pick<PersistentVolumeObject, 'spec' | 'status'>;

export const volumePhaseOf = ({ status }: Volume): VolumePhase => enumValue(volumePhases, status?.phase ?? 'Pending');

/** Fields of the spec that are no source of the volume (core/v1 PersistentVolumeSpec). */
const others: ReadonlySet<string> = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

/** Key of what it is made of as Kubernetes writes it, e.g. `csi` or `nfs`. */
export function sourceTypeOf({ spec }: Volume): string | undefined {
  return Object.keys(spec ?? {}).find((key) => !others.has(key));
}

/** Zones in which it can be mounted; none where it does not say. */
export function zonesOfVolume({ metadata, spec }: Pick<PersistentVolumeObject, 'metadata' | 'spec'>): string[] {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  const required = terms.flatMap(({ matchExpressions }) =>
    (matchExpressions ?? [])
      .filter(({ key, operator }) => isZoneKey(key) && operator === 'In')
      .flatMap(({ values }) => values ?? []),
  );
  // Older provisioners label the volume instead, several zones with `__` between them.
  const labelled = Object.entries(metadata?.labels ?? {}).flatMap(([key, value]) =>
    isZoneKey(key) ? value.split('__') : [],
  );
  return [...new Set(required.length > 0 ? required : labelled)].sort();
}

/** What the index `handle` has a volume of a CSI driver under: two volumes of one handle are one disk. */
export const handleKey = (driver: string, handle: string): string => `${driver}|${handle}`;

export function handleKeysOf({ spec }: Volume): string[] {
  return spec?.csi ? [handleKey(spec.csi.driver, spec.csi.volumeHandle)] : [];
}
