import {
  idOfObject,
  loadOfKind,
  type MutationTarget,
  NotFoundError,
  origin,
  PreconditionError,
  type Profile,
  parseGlobalId,
  type RequestContext,
  subjectOf,
} from 'longshore/sdk';
import { type ClusterChange, clusterChangesRef } from '../../services/managed-clusters/cluster-changes.ts';
import {
  type ManagedClusterObject,
  managedClusterKind,
  profileAnnotation,
} from '../../services/managed-clusters/kinds.ts';

/** A managed cluster by its id, or one that is yet to be there: only its creation is. */
export interface LoadedCluster {
  readonly id: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly object: ManagedClusterObject | undefined;
  readonly creation: ClusterChange | undefined;
}

export const loadManagedCluster = (id: string, context: RequestContext) =>
  loadOfKind(id, managedClusterKind, context) as never as Promise<MutationTarget<ManagedClusterObject>>;

/** The same, also of one that is being made and not there yet. Throws `NotFoundError`. */
export async function loadClusterOrCreation(
  id: string,
  context: RequestContext,
): Promise<MutationTarget<LoadedCluster>> {
  const parsed = parseGlobalId(id);
  const isCluster =
    parsed?.of === 'kubernetes' && parsed.group === managedClusterKind.group && parsed.kind === managedClusterKind.kind;
  if (!isCluster || parsed.namespace === undefined) throw new NotFoundError('There is no managed cluster with this id');
  const { cluster, namespace, name } = parsed;
  const instance = { subject: subjectOf(managedClusterKind), cluster, namespace, name };
  context.access.requireAllowed('READ', instance);
  const object = (await context.kube(cluster).get(managedClusterKind, namespace, name)) as
    | ManagedClusterObject
    | undefined;
  const creation = (await context.service(clusterChangesRef).open()).find(
    (row) => row.kind === 'CREATE' && row.cluster === cluster && row.namespace === namespace && row.name === name,
  );
  if (!object && !creation) throw new NotFoundError('There is no managed cluster with this id');
  return {
    value: { id, cluster, namespace, name, object, creation },
    instance: object ?? instance,
    record: {
      plugin: 'compute',
      type: 'ManagedCluster',
      id: object ? idOfObject(object) : id,
      cluster,
      namespace,
      kind: managedClusterKind.kind,
      name,
    },
  };
}

/** The profile that a managed cluster was made by; that of its management cluster where it was made otherwise. */
export function profileOfCluster(
  object: ManagedClusterObject | undefined,
  cluster: string,
  { services: { profiles } }: RequestContext,
): Profile {
  const name = object?.metadata.annotations?.[profileAnnotation];
  if (name === undefined) return profiles.at({ cluster });
  const profile = profiles.get(name);
  if (!profile)
    throw new PreconditionError(
      'PROFILE_UNKNOWN',
      `The cluster was made by the profile '${name}', which is not there.`,
    );
  return profile;
}

export const placeOf = (object: ManagedClusterObject) => ({
  cluster: object[origin].cluster,
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name,
});
