import { PreconditionError, type Profile } from 'longshore/sdk';
import { clusterFeaturesBySwitch } from '../../profile-keys/clusters.ts';

/** What is switched on and off in a cluster as a whole (CMP-16). */
export const featureNames = ['mesh', 'logs'] as const;
export type FeatureName = (typeof featureNames)[number];

/** What administrators decided of a cluster; null for what they did not. */
export type FeatureDecisions = Readonly<Record<FeatureName, boolean | null>>;

export const undecided: FeatureDecisions = { mesh: null, logs: null };

/** What somebody decided counts; else a profile may want that somebody does, as `aks` has both off at first. Pure. */
export function isFeatureOn(name: FeatureName, decided: FeatureDecisions, profile: Profile): boolean {
  return decided[name] ?? !profile.get(clusterFeaturesBySwitch);
}

const words: Readonly<Record<FeatureName, string>> = { mesh: 'The service mesh', logs: 'The log service' };
export const reasonOf: Readonly<Record<FeatureName, string>> = { mesh: 'MESH_OFF', logs: 'LOG_SERVICE_OFF' };

/** Why it cannot be used there, and what cures it. */
export function whyOff(name: FeatureName, cluster: string): string {
  return `${words[name]} is off in cluster '${cluster}'; an administrator switches it on with updateClusterFeatures`;
}

/** Throws `PreconditionError` MESH_OFF or LOG_SERVICE_OFF. */
export function requireOn(name: FeatureName, cluster: string, decided: FeatureDecisions, profile: Profile): void {
  if (!isFeatureOn(name, decided, profile)) throw new PreconditionError(reasonOf[name], whyOff(name, cluster));
}
