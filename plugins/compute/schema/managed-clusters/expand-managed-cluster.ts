import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  dryRunTicket,
  idOfObject,
  type LongshoreBuilder,
  origin,
  PreconditionError,
  type Profile,
  type RequestContext,
  readLive,
  registerMutation,
  subjectOf,
  systemPrincipal,
  ValidationError,
} from 'longshore/sdk';
import { clusterExpandable } from '../../profile-keys/clusters.ts';
import { clusterStageMinutes } from '../../profile-keys/managed-clusters.ts';
import { bareMetalHostKind } from '../../services/machines/host-kind.ts';
import { removalPrefix } from '../../services/machines/remove-machine.ts';
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
        description: 'The new workers: rows like a group that is there make it larger, others become groups.',
      }),
      existingMachines: t.stringList({
        description:
          'Names of machines that are there already, of `ManagedCluster.existingMachines`, up to 100: only those that are AVAILABLE. CAPABILITY_MISSING where its class cannot be told of any (CMP-24).',
      }),
    }),
    load: ({ id }, context) => loadManagedCluster(String(id), context),
    check: async (input, object: ManagedClusterObject, context) => {
      requireExpandable(object, context);
      return (await planOf(formOf(input), object, context)).issues;
    },
    run: async (input, object: ManagedClusterObject, ticket, context) => {
      const place = placeOf(object);
      const cluster = context.cluster(place.cluster);
      const profile = requireExpandable(object, context);
      await context.service(clusterChangesRef).requireNone(place);
      const writer = cluster.writer(context.principal);
      const current = await readLive(writer, managedClusterKind, place.namespace, place.name);
      const live = (current ?? object) as ManagedClusterObject;
      const plan = await planOf(formOf(input), live, context);
      if (plan.issues.length > 0) throw new ValidationError(plan.issues);
      requireNoRemoval(live);
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
              hosts: plan.hosts,
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

interface ExpansionForm {
  readonly nodes: readonly NodesForm[];
  readonly machines: readonly string[];
}

const formOf = ({
  nodes,
  existingMachines,
}: {
  readonly nodes?: unknown;
  readonly existingMachines?: readonly string[] | null | undefined;
}): ExpansionForm => ({ nodes: (nodes ?? []) as readonly NodesForm[], machines: existingMachines ?? [] });

function requireExpandable(object: ManagedClusterObject, context: RequestContext): Profile {
  const profile = profileOfCluster(object, placeOf(object).cluster, context);
  if (profile.get(clusterExpandable)) return profile;
  throw new PreconditionError(
    'CLUSTER_NOT_EXPANDABLE',
    `By the profile '${profile.name}' clusters are not expanded here.`,
  );
}

/** A node that is being removed makes its group smaller at that moment. */
function requireNoRemoval({ metadata }: ManagedClusterObject): void {
  if (!Object.keys(metadata.annotations ?? {}).some((key) => key.startsWith(removalPrefix))) return;
  throw new PreconditionError(
    'CLUSTER_CHANGING',
    `A machine of managed cluster '${metadata.name}' is being removed: wait for that.`,
  );
}

async function planOf({ nodes, machines }: ExpansionForm, object: ManagedClusterObject, context: RequestContext) {
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
      ...(machines.length > 0 ? { existing: await existingOf(machines, object, context) } : {}),
    },
    limitsOf(profileOfCluster(object, cluster, context)),
  );
}

/** Machines that are there, and those that another expansion is about to use. */
async function existingOf(names: readonly string[], object: ManagedClusterObject, context: RequestContext) {
  const { cluster, namespace, name } = placeOf(object);
  const reader = context.kube(cluster);
  const { items: hosts } = await reader.list(bareMetalHostKind, { namespaces: [namespace] });
  const others = (await context.service(clusterChangesRef).open()).filter(
    (row) => row.cluster === cluster && row.namespace === namespace && row.name !== name,
  );
  return {
    names,
    hosts,
    promised: new Set(others.flatMap(({ plan }) => plan.expand?.hosts.map((host) => host.name) ?? [])),
  };
}
