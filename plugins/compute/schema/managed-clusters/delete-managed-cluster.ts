import { tenancyServiceRef } from 'longshore/plugins/core';
import { type LongshoreBuilder, PreconditionError, registerMutation, subjectOf } from 'longshore/sdk';
import { clusterDeletable } from '../../profile-keys/clusters.ts';
import { clusterStageMinutes } from '../../profile-keys/managed-clusters.ts';
import { clusterChangesRef } from '../../services/managed-clusters/cluster-changes.ts';
import { managedClusterKind, registeredAnnotation } from '../../services/managed-clusters/kinds.ts';
import { type LoadedCluster, loadClusterOrCreation, profileOfCluster } from './load-managed-cluster.ts';

/** Deleting a managed cluster with all that it has (CMP-13). */
export function registerDeleteManagedCluster(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteManagedCluster',
    description:
      'Begins to delete a managed cluster: it is served no more, then its machines go. One that is being made or expanded is stopped first; where nothing was made yet, nothing is. Refused with CLUSTER_NOT_DELETABLE where the profile that it was made by does not allow it, IN_USE while namespaces of it belong to workspaces (CMP-13).',
    allow: { action: 'DELETE', subject: subjectOf(managedClusterKind) },
    mustConfirm: true,
    consequence: 'All applications on it are deleted with it and cannot be recovered; there is no backup.',
    input: (t) => ({ id: t.id({ required: true, description: 'Global id of the managed cluster.' }) }),
    load: ({ id }, context) => loadClusterOrCreation(String(id), context),
    run: async (_input, { id, cluster, namespace, name, object, creation }: LoadedCluster, ticket, context) => {
      const profile = profileOfCluster(object, cluster, context);
      if (!profile.get(clusterDeletable)) {
        throw new PreconditionError(
          'CLUSTER_NOT_DELETABLE',
          `By the profile '${profile.name}' deleting clusters is not supported.`,
        );
      }
      const registered = object?.metadata.annotations?.[registeredAnnotation];
      if (registered !== undefined) await context.service(tenancyServiceRef).requireUnboundCluster(registered);
      await context.service(clusterChangesRef).begin(
        {
          ...{ kind: 'DELETE', cluster, namespace, name },
          uid: object?.metadata.uid ?? null,
          workspaceId: creation?.workspaceId ?? null,
          plan: { stageMinutes: profile.get(clusterStageMinutes), stalledMinutes: null },
        },
        ticket,
        context.principal,
        { type: 'deleteManagedCluster', id },
      );
      return { value: id, resultId: id };
    },
    replay: (_node, _context, { id }) => String(id),
    success: {
      description: 'Deleting it has begun.',
      fields: (t) => ({
        managedClusterId: t.id({ description: 'Global id of the managed cluster.', resolve: ({ value }) => value }),
      }),
    },
  });
}
