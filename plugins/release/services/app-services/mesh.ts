import { CapabilityMissingError, type Cluster, kindRef } from 'longshore/sdk';
import type { ReleaseTarget } from '../../engines/engine.ts';

/** On a pod: whether Istio puts its sidecar into it when it is made; it counts more than what its namespace says. */
const injectLabel = 'sidecar.istio.io/inject';

/** Istio from 1.22 on serves `v1`, and `v1beta1` as ever. */
const meshKinds = (['v1', 'v1beta1'] as const).map((version) =>
  kindRef({
    ...{ group: 'networking.istio.io', version, kind: 'DestinationRule', plural: 'destinationrules' },
    ...{ isNamespaced: true, isOptional: true },
  }),
);

/** Throws `CapabilityMissingError` where a cluster has no mesh (REL-07). */
export function requireMesh(cluster: Pick<Cluster, 'name' | 'serves'>): void {
  if (meshKinds.some((kind) => cluster.serves(kind))) return;
  throw new CapabilityMissingError('service mesh', `Cluster '${cluster.name}' does not serve networking.istio.io`);
}

/** Labels of pods that are in the mesh, or not. */
export const meshLabels = ({ isMeshed }: { readonly isMeshed?: boolean }): Readonly<Record<string, string>> =>
  isMeshed ? { [injectLabel]: 'true' } : {};

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
}
const isInjected = ({ template }: Pick<ReleaseTarget, 'template'>): boolean =>
  (template as Template).metadata?.labels?.[injectLabel] === 'true';

/** A sidecar comes into a pod, and goes out of it, only when that is made: on the way in, and on the way out, pods are new ones. Pure. */
export function acrossMesh(target: ReleaseTarget, previous: ReleaseTarget | null | undefined): ReleaseTarget {
  return previous && isInjected(target) !== isInjected(previous) ? { ...target, upgradeMode: 'REPLACE' } : target;
}
