import {
  apiVersionOf,
  CapabilityMissingError,
  type KindRef,
  type MaybePromise,
  mapMaybe,
  type RequestContext,
  subjectOf,
} from 'longshore/sdk';
import { groupOf } from '../services/events/read-event.ts';

/**
 * The kind an owner or event refers to, whatever its version: the one a plugin gave a type to, else what the cluster
 * serves. At once for kinds with a type.
 */
export function findReferredKind(
  context: RequestContext,
  cluster: string,
  apiVersion: string,
  kind: string,
): MaybePromise<KindRef | undefined> {
  const typed = context.services.registry.kinds.get(subjectOf({ group: groupOf(apiVersion), kind }));
  return typed?.kind ?? context.cluster(cluster).resolveKind(apiVersion, kind);
}

/** The kind in exactly this version. Throws or rejects with `CapabilityMissingError` where the cluster does not serve it. */
export function findServedKind(
  context: RequestContext,
  clusterName: string,
  apiVersion: string,
  kind: string,
): MaybePromise<KindRef> {
  const cluster = context.cluster(clusterName);
  const typed = context.services.registry.kinds.get(subjectOf({ group: groupOf(apiVersion), kind }))?.kind;
  if (typed && apiVersionOf(typed) === apiVersion && cluster.serves(typed)) return typed;
  return mapMaybe(cluster.resolveKind(apiVersion, kind), (found) => {
    if (found) return found;
    const message = `Cluster '${clusterName}' serves no kind '${kind.slice(0, 100)}' of '${apiVersion.slice(0, 100)}'`;
    throw new CapabilityMissingError(`${apiVersion}/${kind}`, message, {
      hint: `Install what provides ${apiVersion} in the cluster, or look for another version.`,
    });
  });
}
