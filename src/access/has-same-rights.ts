import type { Principal } from '../kernel/principal.ts';

/** Whether two tokens are of the same caller with the same rights: what was opened with the one may go on with the other. */
export function hasSameRights(one: Principal, other: Principal): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ id, name, kind, groups, roles, namespaces, memberships = [] }: Principal): string {
  const scopes = namespaces.map(({ cluster, namespace }) => JSON.stringify([cluster, namespace]));
  const tenants = memberships.map((membership) => JSON.stringify([membership.of, membership.as]));
  return JSON.stringify([id, name, kind, [...groups].sort(), [...roles].sort(), scopes.sort(), tenants.sort()]);
}
