import {
  type Clock,
  type Clusters,
  type Database,
  drizzle,
  InUseError,
  type Profiles,
  type Topics,
  type WorkQueue,
} from 'longshore/sdk';
import { projectsTopic, type Region, type TenancyService, workspacesTopic } from '../../api.ts';
import { departments, members, namespaceBindings, namespaceQuotas, projects, workspaces } from '../../tables.ts';
import { createBindingChanges } from './binding-changes.ts';
import { createChangeTenancy } from './change-tenancy.ts';
import { placeOfLabels } from './cluster-places.ts';
import type { TenancyDirectory } from './create-tenancy-directory.ts';
import { deletedNamespacesName, deletionKeyOf } from './deletion-key.ts';
import { createDepartmentChanges } from './department-changes.ts';
import { requireInZones } from './import-rules.ts';
import { idsOfBindings, maxReferences, sayContents } from './in-use.ts';
import { createMemberChanges } from './member-changes.ts';
import { placeInWorkspace, placeNodeInWorkspace, unitsOfWorkspace } from './place-in-workspace.ts';
import { profileOfWorkspace } from './profile-of-workspace.ts';
import { createProjectChanges } from './project-changes.ts';
import { createQuotaChanges, createWriteQuota } from './quota/quota-changes.ts';
import { tenantKey, toBinding, toDepartment, toProject, toWorkspace } from './tenants.ts';
import { createWorkspaceChanges } from './workspace-changes.ts';

const { and, asc, eq, inArray, isNull } = drizzle;

export interface TenancyOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly topics: Topics;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  readonly profiles: Profiles;
  readonly clusters: Clusters;
  readonly regions: readonly Region[];
  readonly directory: TenancyDirectory;
  /** Key of the label that names a node's deployment unit. */
  readonly deploymentUnitLabel: string;
}

/** Reads and changes tenants; knows nothing of GraphQL and nothing of rights. */
export function createTenancy(options: TenancyOptions): TenancyService {
  const { database, clock, topics, queue, profiles, clusters, regions, directory, deploymentUnitLabel } = options;
  const change = createChangeTenancy(options);
  const writeQuota = createWriteQuota(queue);
  /** The unit stands as a label at the node, for pod grouping and scheduling at release time (CORE-04). */
  function withLabels<P extends { readonly deploymentUnit: string | null }>(
    place: P,
  ): P & { readonly labels: Readonly<Record<string, string>> } {
    const { deploymentUnit } = place;
    return { ...place, labels: deploymentUnit === null ? {} : { [deploymentUnitLabel]: deploymentUnit } };
  }

  return {
    regions,
    deploymentUnitLabel,
    async workspaces() {
      const rows = await database.current().select().from(workspaces).where(isNull(workspaces.deletedAt));
      return rows.map(toWorkspace);
    },
    async projects() {
      const rows = await database.current().select().from(projects).where(isNull(projects.deletedAt));
      return rows.map(toProject);
    },
    async departments() {
      const rows = await database.current().select().from(departments).where(isNull(departments.deletedAt));
      return rows.map(toDepartment);
    },
    members: (tenant) =>
      database
        .current()
        .select({ kind: members.kind, name: members.name, role: members.role, createdAt: members.createdAt })
        .from(members)
        .where(eq(members.tenant, tenantKey(tenant)))
        .orderBy(asc(members.name)),
    async namespacesOf(tenant) {
      const column = tenant.nodeTypeName === 'Workspace' ? namespaceBindings.workspaceId : namespaceBindings.projectId;
      const rows = await database.current().select().from(namespaceBindings).where(eq(column, tenant.uuid));
      return rows.map(toBinding);
    },
    bindingOf: directory.bindingOf,
    async requireUnboundCluster(cluster) {
      const bound = await database
        .current()
        .select({ cluster: namespaceBindings.cluster, namespace: namespaceBindings.namespace })
        .from(namespaceBindings)
        .where(eq(namespaceBindings.cluster, cluster))
        .orderBy(asc(namespaceBindings.namespace))
        .limit(maxReferences);
      if (bound.length === 0) return;
      const contents = sayContents({ namespace: bound.length });
      throw new InUseError(
        `Workspaces and projects have ${contents} in cluster '${cluster}'; unbind or delete them first`,
        idsOfBindings(bound),
      );
    },
    async profileOf({ workspaceUuid }) {
      if (workspaceUuid === null) return profiles.at({});
      const [row] = await database
        .current()
        .select({ profile: workspaces.profile })
        .from(workspaces)
        .where(and(eq(workspaces.id, workspaceUuid), isNull(workspaces.deletedAt)));
      return profileOfWorkspace(profiles, row);
    },
    placeIn: (workspace, zone, unit) => withLabels(placeInWorkspace(regions, workspace, zone, unit)),
    placeNode: (workspace, labels, unit) =>
      withLabels(placeNodeInWorkspace(regions, workspace, placeOfLabels(labels), unit)),
    deploymentUnitsOf: (workspace) => unitsOfWorkspace(regions, workspace).map((unit) => withLabels(unit)),
    requireInZones: (workspace, cluster) => requireInZones(clusters, workspace, cluster),
    membershipsOf: (principal) => directory.grantsOf(principal)?.memberships ?? [],
    ...createWorkspaceChanges({
      change,
      regions,
      tell: (type, after, previous) =>
        topics.publish(workspacesTopic, after, { type, ...(previous ? { previous } : {}) }),
    }),
    ...createProjectChanges({
      change,
      tell: (type, after, previous) =>
        topics.publish(projectsTopic, after, { type, ...(previous ? { previous } : {}) }),
    }),
    ...createDepartmentChanges({ change }),
    ...createMemberChanges({ change }),
    ...createBindingChanges({ change, profiles, writeQuota }),
    async namespaceQuotas(places) {
      if (places.length === 0) return [];
      const clusters = [...new Set(places.map(({ cluster }) => cluster))];
      const wanted = new Set(places.map(({ cluster, namespace }) => `${cluster} ${namespace}`));
      const rows = await database
        .current()
        .select()
        .from(namespaceQuotas)
        .where(inArray(namespaceQuotas.cluster, clusters));
      return rows.filter(({ cluster, namespace }) => wanted.has(`${cluster} ${namespace}`));
    },
    forgetWhenGone: (deleted) => queue.enqueue(deletedNamespacesName, deletionKeyOf({ ...deleted, atMs: clock.now() })),
    ...createQuotaChanges({
      change,
      writeQuota,
      tell: (after, previous) => topics.publish(projectsTopic, after, { type: 'MODIFIED', previous }),
    }),
  };
}
