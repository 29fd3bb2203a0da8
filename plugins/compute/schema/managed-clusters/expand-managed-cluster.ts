import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  CapabilityMissingError,
  dryRunTicket,
  idOfObject,
  type LongshoreBuilder,
  origin,
  PreconditionError,
  type RequestContext,
  readLive,
  registerMutation,
  subjectOf,
  systemPrincipal,
} from 'longshore/sdk';
import { clusterExpandable } from '../../profile-keys/clusters.ts';
import { clusterStageMinutes } from '../../profile-keys/managed-clusters.ts';
import { clusterChangesRef } from '../../services/managed-clusters/cluster-changes.ts';
import { demandOf, moreThan } from '../../services/managed-clusters/cluster-demand.ts';
import { groupsOf } from '../../services/managed-clusters/cluster-facts.ts';
import type { NodesForm } from '../../services/managed-clusters/cluster-form.ts';
import { limitsOf } from '../../services/managed-clusters/cluster-limits.ts';
import {
  clusterClassKind,
  clusterKey,
  type ManagedClusterObject,
  machineDeploymentKind,
  machineKind,
  managedClusterKind,
  workspaceAnnotation,
} from '../../services/managed-clusters/kinds.ts';
import { quotaEffects, requireQuota, zonesFor } from '../../services/managed-clusters/plan-creation.ts';
import { expandedGroups, planExpansion } from '../../services/managed-clusters/plan-expansion.ts';
import { nodesInput } from './cluster-inputs.ts';
import { type BegunChange, changeFields, replayed } from './create-managed-cluster.ts';
import { loadManagedCluster, placeOf, profileOfCluster } from './load-managed-cluster.ts';

/** More nodes for a managed cluster (CMP-14, CMP-23, CMP-24). */
export function registerExpandManagedCluster(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'expandManagedCluster',
    description:
      'Begins to give a managed cluster more workers, within the limits of the profile that it was made by. Where a machine fails or the time is up, what was made is taken back by itself; where that fails too, the cluster is EXPAND_ROLLBACK_FAILED until the step EXPAND is retried, or ignored once it was repaired by hand (CMP-14, CMP-23). Refused with CLUSTER_CHANGING while something else is done to it.',
    allow: { action: 'UPDATE', subject: subjectOf(managedClusterKind) },
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the managed cluster.' }),
      nodes: t.field({
        type: [nodesInput],
        required: true,
        description: 'The new workers: rows like a group that is there make it larger, others become groups.',
      }),
      existingMachines: t.stringList({
        description:
          'Machines that are there already, to be nodes of it; no provider here takes any: CAPABILITY_MISSING (CMP-24).',
      }),
    }),
    load: ({ id }, context) => loadManagedCluster(String(id), context),
    check: async ({ nodes }, object: ManagedClusterObject, context) =>
      (await planOf(nodes as readonly NodesForm[], object, context)).issues,
    run: async ({ nodes, existingMachines }, object: ManagedClusterObject, ticket, context) => {
      const place = placeOf(object);
      const cluster = context.cluster(place.cluster);
      const profile = profileOfCluster(object, place.cluster, context);
      if (!profile.get(clusterExpandable)) {
        throw new PreconditionError(
          'CLUSTER_NOT_EXPANDABLE',
          `By the profile '${profile.name}' clusters are not expanded here.`,
        );
      }
      if (existingMachines && existingMachines.length > 0) {
        throw new CapabilityMissingError('machines', 'Nothing here makes nodes of machines that are there already.', {
          hint: 'Cluster API makes its machines itself: name new ones in `nodes`.',
        });
      }
      await context.service(clusterChangesRef).requireNone(place);
      const writer = cluster.writer(context.principal);
      const current = await readLive(writer, managedClusterKind, place.namespace, place.name);
      const live = (current ?? object) as ManagedClusterObject;
      const plan = await planOf(nodes as readonly NodesForm[], live, context);
      const machineDeployments = expandedGroups(groupsOf(live), plan.after);
      const patch = { spec: { topology: { workers: { machineDeployments } } } };
      const tried = await writer.patch(dryRunTicket, managedClusterKind, place.namespace, place.name, patch, {
        uid: live.metadata.uid,
      });
      const after = { spec: { topology: { ...live.spec?.topology, workers: { machineDeployments } } } };
      const wanted = moreThan(demandOf(after), demandOf(live));
      const quota = await quotaEffects({ cluster, namespace: place.namespace }, wanted, context);
      requireQuota(quota);
      const machines = await cluster
        .reader(systemPrincipal, context.signal)
        .byIndex(machineKind, 'cluster', clusterKey(place.namespace, place.name));
      const id = idOfObject(object);
      await context.service(clusterChangesRef).begin(
        {
          ...{ ...place, kind: 'EXPAND', uid: live.metadata.uid },
          workspaceId: live.metadata.annotations?.[workspaceAnnotation] ?? null,
          plan: {
            stageMinutes: profile.get(clusterStageMinutes),
            stalledMinutes: null,
            expand: {
              after: plan.after,
              before: plan.before,
              added: plan.added,
              known: machines.map(({ metadata }) => metadata.name),
              unitLabel: context.service(tenancyServiceRef).deploymentUnitLabel,
            },
          },
        },
        ticket,
        context.principal,
        { type: 'expandManagedCluster', id },
      );
      const value: BegunChange = { id, publicIpCount: null, quota };
      return { value, resultId: id, warnings: tried.warnings };
    },
    replay: (node, _context, { id }) => replayed(node, String(id)),
    success: { description: 'Expanding it has begun.', fields: changeFields },
  });
}

async function planOf(nodes: readonly NodesForm[], object: ManagedClusterObject, context: RequestContext) {
  const { cluster, namespace, name } = placeOf(object);
  const reader = context.cluster(object[origin].cluster).reader(systemPrincipal, context.signal);
  const classRef = object.spec?.topology?.classRef;
  const clusterClass = classRef
    ? await reader.get(clusterClassKind, classRef.namespace ?? namespace, classRef.name)
    : undefined;
  const tenancy = context.service(tenancyServiceRef);
  const uuid = object.metadata.annotations?.[workspaceAnnotation];
  const workspace = uuid ? (await tenancy.workspaces()).find((each) => each.uuid === uuid) : undefined;
  return planExpansion(
    nodes,
    object,
    {
      deployments: await reader.byIndex(machineDeploymentKind, 'cluster', clusterKey(namespace, name)),
      clusterClass,
      zones: zonesFor(workspace, context),
      unitLabel: tenancy.deploymentUnitLabel,
    },
    limitsOf(profileOfCluster(object, cluster, context)),
  );
}
