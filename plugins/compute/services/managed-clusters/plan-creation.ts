import {
  clustersPerWorkspace,
  resourceQuotaKind,
  tenancyServiceRef,
  type Workspace,
  workspaceNetworksServiceRef,
} from 'longshore/plugins/core';
import {
  type Cluster,
  NotFoundError,
  PreconditionError,
  type Profile,
  QuotaExceededError,
  type RequestContext,
  resolveNode,
  systemPrincipal,
  type ValidationIssue,
} from 'longshore/sdk';
import { clusterCreatable } from '../../profile-keys/clusters.ts';
import { clusterNeedsWorkspace } from '../../profile-keys/managed-clusters.ts';
import { checkClusterForm } from './check-cluster-form.ts';
import { checkNetworks, type TakenNetwork } from './check-networks.ts';
import type { KnownZone } from './check-nodes.ts';
import { chooseVersion } from './choose-version.ts';
import { clusterChangesRef } from './cluster-changes.ts';
import { type Demand, demandOf, effectOnQuotas, type QuotaEffect, tellExceeded } from './cluster-demand.ts';
import type { ClusterForm } from './cluster-form.ts';
import { limitsOf } from './cluster-limits.ts';
import { type ClusterManifest, clusterManifest } from './cluster-manifest.ts';
import { issue } from './issues.ts';
import { clusterClassKind, type ManagedClusterObject, managedClusterKind, workspaceAnnotation } from './kinds.ts';

/** Where a cluster shall be made, and for whom. */
export interface NewClusterTarget {
  /** The management cluster. */
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly className: string;
  readonly form: ClusterForm;
  readonly workspace: Workspace | undefined;
  readonly profile: Profile;
  /** What it is registered with: null for the platform's. */
  readonly profileName: string | null;
  readonly description: string | undefined;
}

/** The workspace behind a global id; throws `NotFoundError` for everything else. */
export async function findClusterWorkspace(
  id: string | null | undefined,
  context: RequestContext,
): Promise<Workspace | undefined> {
  if (id === null || id === undefined) return undefined;
  const node: unknown = await resolveNode(id, context);
  if (typeof node === 'object' && node && 'nodeTypeName' in node && node.nodeTypeName === 'Workspace') {
    return node as Workspace;
  }
  throw new NotFoundError('There is no workspace with this id.');
}

/** Zones that nodes may be in: of the workspace, else of all regions; undefined where none are known. */
export function zonesFor(
  workspace: Pick<Workspace, 'region' | 'zones'> | undefined,
  context: RequestContext,
): readonly KnownZone[] | undefined {
  const { regions } = context.service(tenancyServiceRef);
  if (!workspace) {
    const all = regions.flatMap(({ zones }) => zones);
    return all.length > 0 ? all : undefined;
  }
  const region = regions.find(({ name }) => name === workspace.region);
  return region?.zones.filter(({ name }) => workspace.zones.includes(name));
}

/** What is written for a form, and everything that is wrong with it (CMP-01 to CMP-04). */
export async function planCreation(
  target: NewClusterTarget,
  context: RequestContext,
): Promise<{ readonly issues: readonly ValidationIssue[]; readonly manifest?: ClusterManifest }> {
  const { form, cluster, namespace, className, workspace, profile } = target;
  const limits = limitsOf(profile);
  const issues = [
    ...checkClusterForm(form, limits, zonesFor(workspace, context)),
    ...checkNetworks(form, await takenNetworks(target, context)),
    ...(context.clusters.get(form.name)
      ? [issue(['name'], 'taken', `A cluster is named '${form.name}' already; the new one is served by its name`)]
      : []),
  ];
  const reader = context.kube(cluster.name);
  if (await reader.get(managedClusterKind, namespace, form.name)) {
    issues.push(
      issue(['name'], 'taken', `There is a managed cluster '${form.name}' in namespace '${namespace}' already`),
    );
  }
  const clusterClass = await reader.get(clusterClassKind, namespace, className);
  if (!clusterClass) {
    const classes = (await reader.list(clusterClassKind, { namespaces: [namespace] })).items.map(
      ({ metadata }) => metadata.name,
    );
    const words = classes.length > 0 ? `one of ${[...classes].sort().join(', ')}` : 'a ClusterClass, and there is none';
    return {
      issues: [
        ...issues,
        issue(['clusterClass'], 'unknown_class', `clusterClass must be ${words}, in namespace '${namespace}'`),
      ],
    };
  }
  const chosen = chooseVersion(
    form.kubernetesVersion ?? undefined,
    limits.versions,
    clusterClass.spec?.kubernetesVersions ?? null,
  );
  if (!chosen.version) {
    const missing = issue(
      ['kubernetesVersion'],
      'required',
      'kubernetesVersion must be given: neither the profile nor the ClusterClass names one',
    );
    return { issues: [...issues, ...(chosen.issues.length > 0 ? newOnes(chosen.issues, issues) : [missing])] };
  }
  const { manifest, issues: untold } = clusterManifest(form, limits, {
    namespace,
    clusterClass,
    version: chosen.version,
    workspace: workspace?.uuid,
    unitLabel: context.service(tenancyServiceRef).deploymentUnitLabel,
    description: target.description,
  });
  const refused = new Set(issues.map(({ path }) => path.join('.')));
  return { issues: [...issues, ...untold.filter(({ path }) => !refused.has(path.join('.')))], manifest };
}

const newOnes = (found: readonly ValidationIssue[], known: readonly ValidationIssue[]) =>
  found.filter(({ path }) => !known.some((each) => each.path.join('.') === path.join('.')));

/** Networks that pods and Services must keep away from: the VPC's, and those of other clusters in it (CMP-02). */
async function takenNetworks(target: NewClusterTarget, context: RequestContext): Promise<readonly TakenNetwork[]> {
  const { workspace, form } = target;
  if (!form.podCidr && !form.serviceCidr) return [];
  const vpcOf = ({ spec }: ManagedClusterObject): unknown =>
    spec?.topology?.variables?.find(({ name }) => name === 'network')?.value || undefined;
  const wanted = form.settings.vpc || undefined;
  // Where nobody names a VPC, a workspace has the one that it is bound to; a class may have written its default.
  const isInVpc = (each: ManagedClusterObject): boolean => {
    const vpc = vpcOf(each);
    if (wanted === undefined) return workspace !== undefined;
    return vpc === wanted || (vpc === undefined && workspace !== undefined);
  };
  const others = (await clustersIn(target, context)).filter(
    (each) => each.metadata.annotations?.[workspaceAnnotation] === workspace?.uuid && isInVpc(each),
  );
  const networks = others.flatMap(({ metadata, spec }) =>
    [...(spec?.clusterNetwork?.pods?.cidrBlocks ?? []), ...(spec?.clusterNetwork?.services?.cidrBlocks ?? [])].map(
      (cidr) => ({ cidr, of: `cluster '${metadata.name}'` }),
    ),
  );
  return [...networks, ...(await networkOf(workspace, context))];
}

async function networkOf(workspace: Workspace | undefined, context: RequestContext): Promise<readonly TakenNetwork[]> {
  const networks = context.services.service(workspaceNetworksServiceRef);
  if (!workspace?.networkId || !networks) return [];
  const bound = (await networks.list(workspace, context)).find(({ id }) => id === workspace.networkId);
  return (bound?.cidrs ?? []).map((cidr) => ({ cidr, of: `the VPC '${bound?.name}'` }));
}

/** All of the namespace, whoever may see them: what is taken is taken. */
async function clustersIn(
  { cluster, namespace }: Pick<NewClusterTarget, 'cluster' | 'namespace'>,
  context: RequestContext,
): Promise<readonly ManagedClusterObject[]> {
  const reader = cluster.reader(systemPrincipal, context.signal);
  return (await reader.list(managedClusterKind, { namespaces: [namespace] })).items;
}

/** Throws `PreconditionError` where the profile makes no clusters, whatever the form says (CMP-10). */
export function requireOffered({ profile }: Pick<NewClusterTarget, 'profile'>): void {
  if (profile.get(clusterCreatable)) return;
  throw new PreconditionError(
    'CLUSTER_NOT_CREATABLE',
    `By the profile '${profile.name}' clusters are not made: a workspace takes one that exists.`,
  );
}

/** What the workspace and its profile forbid at present. Throws `PreconditionError`. */
export async function requireCreatable(target: NewClusterTarget, context: RequestContext): Promise<void> {
  const { profile, workspace } = target;
  if (profile.get(clusterNeedsWorkspace)) {
    if (!workspace)
      throw new PreconditionError(
        'WORKSPACE_REQUIRED',
        `By the profile '${profile.name}' a cluster is one of a workspace.`,
      );
    if (workspace.networkId === null) {
      throw new PreconditionError(
        'WORKSPACE_WITHOUT_NETWORK',
        `Workspace '${workspace.identifier}' is bound to no network yet.`,
      );
    }
  }
  if (!workspace) return;
  const most = profile.get(clustersPerWorkspace);
  if (most === null) return;
  const bound = (await context.service(tenancyServiceRef).namespacesOf(workspace)).map(({ cluster }) => cluster);
  const lists = await Promise.all(
    context.clusters.all.map(
      async (cluster) => (await cluster.reader(systemPrincipal, context.signal).list(managedClusterKind)).items,
    ),
  );
  const made = lists.flat().filter(({ metadata }) => metadata.annotations?.[workspaceAnnotation] === workspace.uuid);
  const coming = (await context.service(clusterChangesRef).open()).filter(
    ({ kind, workspaceId, passedAt, name }) =>
      kind === 'CREATE' && workspaceId === workspace.uuid && (passedAt !== null || name !== target.form.name),
  );
  const names = new Set([...bound, ...made.map(({ metadata }) => metadata.name), ...coming.map(({ name }) => name)]);
  if (names.size < most) return;
  throw new PreconditionError(
    'TOO_MANY_CLUSTERS',
    `Workspace '${workspace.identifier}' may hold ${most === 1 ? '1 cluster' : `${most} clusters`}, and has ${[...names].sort().join(', ')}.`,
  );
}

/** The effect on the ResourceQuotas of the management namespace (CMP-05). */
export async function quotaEffects(
  place: Pick<NewClusterTarget, 'cluster' | 'namespace'>,
  wanted: Demand,
  context: RequestContext,
): Promise<readonly QuotaEffect[]> {
  const reader = place.cluster.reader(systemPrincipal, context.signal);
  const { items } = await reader.list(resourceQuotaKind, { namespaces: [place.namespace] });
  if (items.length === 0) return [];
  const quotas = items.map(({ spec, status }) => ({ hard: spec?.hard ?? {}, used: status?.used ?? {} }));
  return effectOnQuotas(wanted, (await clustersIn(place, context)).map(demandOf), quotas);
}

/** Throws `QuotaExceededError` with each item that is exceeded and what is left of it. */
export function requireQuota(effects: readonly QuotaEffect[]): void {
  const exceeded = tellExceeded(effects);
  if (exceeded !== undefined) throw new QuotaExceededError(exceeded);
}
