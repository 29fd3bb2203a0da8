import type { NamespaceScope, Role } from '../kernel/principal.ts';

/** What the settings give to groups that somebody else keeps. */
export interface GroupRights {
  readonly rolesFromGroups: Readonly<Record<string, Role | readonly Role[]>>;
  readonly namespacesFromGroups: Readonly<Record<string, readonly NamespaceScope[]>>;
}

/** Roles and namespaces of who is in these groups, each once; a group that the settings do not name gives nothing. */
export function rightsOfGroups(
  groups: readonly string[],
  settings: GroupRights,
): { readonly roles: readonly Role[]; readonly namespaces: readonly NamespaceScope[] } {
  const given = new Set(groups.flatMap((group) => own(settings.rolesFromGroups, group) ?? []));
  const scopes = new Map<string, NamespaceScope>();
  for (const { cluster, namespace } of groups.flatMap((group) => own(settings.namespacesFromGroups, group) ?? [])) {
    scopes.set(`${cluster}/${namespace}`, { cluster, namespace });
  }
  return { roles: [...given].sort(), namespaces: [...scopes.values()] };
}

/** A group may be called `constructor`. */
function own<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
