import { enumValue } from 'longshore/sdk';
import type { StorageClassObject } from '../../api.ts';
import { type BindingMode, bindingModes, type ReclaimPolicy, reclaimPolicies } from './storage-words.ts';

/** Marks the class of claims that name none; of several the newest counts (storage.k8s.io/v1). */
export const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';

type ClassFacts = Pick<
  StorageClassObject,
  'metadata' | 'parameters' | 'allowedTopologies' | 'reclaimPolicy' | 'volumeBindingMode'
>;

export const isMarkedDefault = ({ metadata }: Pick<StorageClassObject, 'metadata'>): boolean =>
  metadata.annotations?.[defaultClassAnnotation] === 'true';

export const rawReclaimPolicyOf = ({ reclaimPolicy }: Pick<ClassFacts, 'reclaimPolicy'>): string =>
  reclaimPolicy ?? 'Delete';

export const reclaimPolicyOf = (storageClass: Pick<ClassFacts, 'reclaimPolicy'>): ReclaimPolicy =>
  enumValue(reclaimPolicies, rawReclaimPolicyOf(storageClass));

export const rawBindingModeOf = ({ volumeBindingMode }: Pick<ClassFacts, 'volumeBindingMode'>): string =>
  volumeBindingMode ?? 'Immediate';

export const bindingModeOf = (storageClass: Pick<ClassFacts, 'volumeBindingMode'>): BindingMode =>
  enumValue(bindingModes, rawBindingModeOf(storageClass));

/** Zones in which its volumes are made, of which it names some; none where it leaves that open. */
export function zonesOfClass({
  allowedTopologies,
  parameters,
}: Pick<ClassFacts, 'allowedTopologies' | 'parameters'>): string[] {
  const allowed = (allowedTopologies ?? []).flatMap(({ matchLabelExpressions }) =>
    (matchLabelExpressions ?? []).filter(({ key }) => isZoneKey(key)).flatMap(({ values }) => values),
  );
  const named = Object.entries(parameters ?? {}).flatMap(([key, value]) => (isZoneKey(key) ? value.split(',') : []));
  return [...new Set([...allowed, ...named].map((zone) => zone.trim()).filter((zone) => zone !== ''))].sort();
}

/** The well-known label, its predecessor, and those of drivers, e.g. `topology.ebs.csi.aws.com/zone`. */
export const isZoneKey = (key: string): boolean => key.endsWith('/zone');

/** The class of claims that name none. */
export function defaultClassOf<T extends Pick<StorageClassObject, 'metadata'>>(classes: readonly T[]): T | undefined {
  return classes.filter(isMarkedDefault).reduce<T | undefined>((best, next) => {
    if (best === undefined) return next;
    const [age, nextAge] = [createdAt(best), createdAt(next)];
    // Clusters note whole seconds: of two that were made in one, the first by name counts.
    if (nextAge !== age) return nextAge > age ? next : best;
    return next.metadata.name < best.metadata.name ? next : best;
  }, undefined);
}

const createdAt = ({ metadata }: Pick<StorageClassObject, 'metadata'>): number =>
  Date.parse(metadata.creationTimestamp);
