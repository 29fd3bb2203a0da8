import type { GrantedMemberships, Membership, NamespaceScope, Principal } from 'longshore/sdk';
import type { Department, MemberKind, MemberRole, NamespaceBinding, Project, Workspace } from '../../api.ts';
import { keyOf } from './tenants.ts';

/** Everything that decides who may see what, as it stood at one revision. */
export interface TenancyState {
  readonly revision: number;
  readonly workspaces: readonly Pick<Workspace, 'uuid' | 'identifier' | 'profile'>[];
  readonly projects: readonly Pick<Project, 'uuid' | 'workspaceUuid' | 'departmentUuid'>[];
  readonly departments: readonly Pick<Department, 'uuid' | 'parentUuid'>[];
  readonly bindings: readonly NamespaceBinding[];
  readonly members: readonly {
    readonly tenant: string;
    readonly kind: MemberKind;
    readonly name: string;
    readonly role: MemberRole;
  }[];
}

export interface TenancyView {
  readonly revision: number;
  grantsOf(principal: Pick<Principal, 'id' | 'groups'>): GrantedMemberships | undefined;
  grantsIn(tenants: readonly Pick<Membership, 'of' | 'as'>[]): GrantedMemberships;
  bindingOf(cluster: string, namespace: string): NamespaceBinding | undefined;
  /** The workspace that a project is in. */
  workspaceOfProject(uuid: string): string | undefined;
  /** Name of the profile that the namespace's workspace carries; undefined where there is none. */
  profileOf(cluster: string, namespace: string): string | undefined;
  /** Name of the profile that the workspace carries; undefined where there is none. */
  profileOfWorkspace(uuid: string): string | undefined;
  /** Workspaces that carry a profile, whether it is there or not. */
  readonly profiledWorkspaces: readonly { readonly uuid: string; readonly profile: string }[];
}

/**
 * Indexes of a state. A member of a project sees the workspace it is in and the departments above it as a GUEST, and the
 * project's namespaces alone; a member of a workspace has all of its namespaces. Who is a member twice, by name and by
 * group, is both.
 */
export function buildTenancyView(state: TenancyState): TenancyView {
  const members = Map.groupBy(state.members, ({ kind, name }) => `${kind} ${name}`);
  const projects = new Map(state.projects.map((project) => [keyOf('project', project.uuid), project]));
  const projectsIn = Map.groupBy(state.projects, ({ workspaceUuid }) => keyOf('workspace', workspaceUuid ?? ''));
  const parents = new Map(state.departments.map(({ uuid, parentUuid }) => [uuid, parentUuid]));
  const profiles = new Map(state.workspaces.map(({ uuid, profile }) => [uuid, profile]));
  const namespaces = new Map<string, NamespaceScope[]>();
  const bindings = new Map<string, NamespaceBinding>();
  for (const binding of state.bindings) {
    const { cluster, namespace, workspaceUuid, projectUuid } = binding;
    bindings.set(`${cluster} ${namespace}`, binding);
    const tenants = [workspaceUuid && keyOf('workspace', workspaceUuid), projectUuid && keyOf('project', projectUuid)];
    for (const tenant of tenants) {
      if (!tenant) continue;
      const scopes = namespaces.get(tenant) ?? [];
      scopes.push({ cluster, namespace });
      namespaces.set(tenant, scopes);
    }
  }

  function departmentsAbove(uuid: string | null): readonly string[] {
    const found = new Set<string>();
    for (let next = uuid; next && !found.has(next); next = parents.get(next) ?? null) found.add(next);
    return [...found];
  }

  return {
    revision: state.revision,
    profiledWorkspaces: state.workspaces.flatMap(({ uuid, profile }) => (profile === null ? [] : { uuid, profile })),
    bindingOf: (cluster, namespace) => bindings.get(`${cluster} ${namespace}`),
    workspaceOfProject: (uuid) => projects.get(keyOf('project', uuid))?.workspaceUuid ?? undefined,
    profileOf: (cluster, namespace) =>
      profiles.get(bindings.get(`${cluster} ${namespace}`)?.workspaceUuid ?? '') ?? undefined,
    profileOfWorkspace: (uuid) => profiles.get(uuid) ?? undefined,
    grantsOf({ id, groups }) {
      const own = [`PRINCIPAL ${id}`, ...groups.map((group) => `GROUP ${group}`)].flatMap(
        (key) => members.get(key) ?? [],
      );
      return own.length === 0 ? undefined : grantsIn(own.map(({ tenant, role }) => ({ of: tenant, as: role })));
    },
    grantsIn,
  };

  function grantsIn(own: readonly Pick<Membership, 'of' | 'as'>[]): GrantedMemberships {
    const held = new Map<string, Membership>();
    const belong = (membership: Membership) => held.set(`${membership.of} ${membership.as}`, membership);
    for (const { of, as } of own) belong({ of, as, namespaces: namespaces.get(of) ?? [] });
    const seeAsGuest = (of: string) => {
      if (!own.some((membership) => membership.of === of)) belong({ of, as: 'GUEST' });
    };
    for (const { of } of own) {
      const project = projects.get(of);
      if (project?.workspaceUuid) seeAsGuest(keyOf('workspace', project.workspaceUuid));
      for (const { departmentUuid } of project ? [project] : (projectsIn.get(of) ?? [])) {
        for (const uuid of departmentsAbove(departmentUuid)) seeAsGuest(keyOf('department', uuid));
      }
    }
    return { memberships: [...held.values()] };
  }
}
