import { type NodeObject, persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { type ClusterReader, kindRef } from 'longshore/sdk';
import type { ReleaseTarget } from '../../engines/engine.ts';
import { matchesTerms, type Term } from './which-nodes.ts';

interface Volume {
  readonly spec?: { readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms?: readonly Term[] } } };
}
export interface StorageClass {
  readonly volumeBindingMode?: string;
  readonly allowedTopologies?: readonly {
    readonly matchLabelExpressions?: readonly { readonly key: string; readonly values?: readonly string[] }[];
  }[];
}

/** Storage's, named here: without that plugin claims are made all the same. */
export const storageClassKind = kindRef<StorageClass>({
  ...{ group: 'storage.k8s.io', version: 'v1', kind: 'StorageClass', plural: 'storageclasses', isNamespaced: false },
});
const volumeKind = kindRef<Volume>({
  ...{ group: '', version: 'v1', kind: 'PersistentVolume', plural: 'persistentvolumes', isNamespaced: false },
});

/** A claim that a pod needs, as far as it says where that pod can be. */
export interface NeededClaim {
  readonly name: string;
  /** The only unit whose pods need it; undefined where all do. */
  readonly unit: string | undefined;
  /** Whether a volume can be reached, or made, from a node. */
  readonly isReachable: (node: NodeObject) => boolean;
}

/** From which nodes a bound volume can be reached: all where it does not say. Pure. */
export function reachOf({ spec }: Volume): NeededClaim['isReachable'] {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  return (node) => terms === undefined || matchesTerms(terms, node);
}

/**
 * Where a class makes volumes for a pod that is placed first (`WaitForFirstConsumer`): in one of its topologies. A class that makes them at once
 * does not ask where the pod will be: of that nothing is known before. Pure.
 */
export function placesOf({ volumeBindingMode, allowedTopologies = [] }: StorageClass): NeededClaim['isReachable'] {
  if (volumeBindingMode !== 'WaitForFirstConsumer' || allowedTopologies.length === 0) return () => true;
  return ({ metadata: { labels = {} } }) =>
    allowedTopologies.some(({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.every(({ key, values = [] }) => values.includes(labels[key] ?? '')),
    );
}

interface Template {
  readonly spec?: {
    readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName?: string } }[];
  };
}
interface ClaimTemplate {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly storageClassName?: string };
}

/** The claims that pods of a target need, by name; those of numbered pods for the pods that shall be there. */
function neededBy({ template, volumeClaimTemplates, units }: ReleaseTarget) {
  const shared = ((template as Template).spec?.volumes ?? []).flatMap(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [],
  );
  return [
    ...shared.map((name) => ({ name, unit: undefined, className: undefined })),
    ...units.flatMap(({ unit, workload, replicas }) =>
      (volumeClaimTemplates as readonly ClaimTemplate[]).flatMap(({ metadata, spec }) =>
        Array.from({ length: replicas }, (_, ordinal) => ({
          name: `${metadata?.name}-${workload}-${ordinal}`,
          unit,
          className: spec?.storageClassName,
        })),
      ),
    ),
  ];
}

/** Reads where the volumes of a target are, or will be made. Asks the cluster for nothing where its pods have none. */
export async function readClaims(target: ReleaseTarget, reader: ClusterReader): Promise<readonly NeededClaim[]> {
  const needed = neededBy(target);
  if (needed.length === 0) return [];
  const { items } = await reader.list(persistentVolumeClaimKind, { namespaces: [target.namespace] });
  const claims = new Map(items.map((claim) => [claim.metadata.name, claim.spec]));
  const found = await Promise.all(
    needed.map(async ({ name, unit, className }): Promise<NeededClaim | undefined> => {
      const claim = claims.get(name);
      if (claim?.volumeName) {
        const volume = await reader.get(volumeKind, undefined, claim.volumeName);
        return volume && { name, unit, isReachable: reachOf(volume) };
      }
      const ofClass = claim ? claim.storageClassName : className;
      const known = ofClass ? await reader.get(storageClassKind, undefined, ofClass) : undefined;
      return known && { name, unit, isReachable: placesOf(known) };
    }),
  );
  return found.filter((claim): claim is NeededClaim => claim !== undefined);
}

/** The nodes of a unit from which all its pods reach what they share, and claims of its pods that none of them reaches. Pure. */
export function withinReach(
  unit: string,
  nodes: readonly NodeObject[],
  claims: readonly NeededClaim[],
): { readonly nodes: readonly NodeObject[]; readonly lost: readonly string[] } {
  const shared = claims.filter((claim) => claim.unit === undefined);
  const own = claims.filter((claim) => claim.unit === unit);
  const reaching = nodes.filter((node) => shared.every(({ isReachable }) => isReachable(node)));
  const lost = [
    ...(reaching.length === 0 ? shared.filter(({ isReachable }) => !nodes.some(isReachable)) : []),
    ...own.filter(({ isReachable }) => !reaching.some(isReachable)),
  ].map(({ name }) => name);
  if (nodes.length === 0) return { nodes, lost: [] };
  return { nodes: reaching, lost: reaching.length === 0 && lost.length === 0 ? shared.map(({ name }) => name) : lost };
}
