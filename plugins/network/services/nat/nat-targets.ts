import {
  type KindRef,
  type KubeObject,
  loadOfKind,
  type MutationTarget,
  origin,
  type Profile,
  type ProfilePlace,
  parseGlobalId,
  type RequestContext,
  ValidationError,
  workspaceOf,
} from 'longshore/sdk';
import { requireKubeOvn } from '../vpc/require-kube-ovn.ts';

/** As `loadOfKind`, but `CapabilityMissingError`, which names the engine, where the cluster has no Kube-OVN. */
export async function loadOvn<T>(
  id: string,
  kind: KindRef<T>,
  context: RequestContext,
): Promise<MutationTarget<KubeObject<T>>> {
  const parsed = parseGlobalId(id);
  if (parsed?.of === 'kubernetes' && context.clusters.get(parsed.cluster)) {
    requireKubeOvn(context.cluster(parsed.cluster));
  }
  return loadOfKind(id, kind, context);
}

/** An object in no namespace that a mutation names; the profile of its workspace holds for it. */
export async function loadOwned<T>(
  id: string,
  kind: KindRef<T>,
  thing: string,
  context: RequestContext,
): Promise<MutationTarget<KubeObject<T>>> {
  const target = await loadOvn(id, kind, context);
  return { ...target, place: placeOfObject(target.value), thing };
}

export function placeOfObject(object: KubeObject<unknown>): ProfilePlace {
  return { cluster: object[origin].cluster, workspace: workspaceOf(object as KubeObject) };
}

export function profileOf(object: KubeObject<unknown>, context: RequestContext): Profile {
  return context.services.profiles.at(placeOfObject(object));
}

/** Throws `ValidationError` where two things that shall work together are of two clusters. */
export function requireSameCluster(
  one: KubeObject<unknown>,
  other: KubeObject<unknown>,
  path: readonly (string | number)[],
): void {
  const [here, there] = [one[origin].cluster, other[origin].cluster];
  if (here === there) return;
  const message = `${path.join('.')} must be in the cluster '${here}', got one in '${there}'`;
  throw new ValidationError([{ path, code: 'other_cluster', message }]);
}
