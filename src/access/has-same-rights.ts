import type { Principal } from '../kernel/principal.ts';

/** Whether two tokens are of the same caller with the same rights: what was opened with the one may go on with the other. */
export function hasSameRights(one: Principal, other: Principal): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ id, name, kind, groups, roles, namespaces, memberships = [] }: Principal): string {
  const scopesOf = (scopes: Principal['namespaces']) =>
    scopes.map(({ cluster, namespace }) => JSON.stringify([cluster, namespace])).sort();
  const tenants = memberships.map(({ of, as, namespaces: scopes = [] }) => JSON.stringify([of, as, scopesOf(scopes)]));
  return JSON.stringify([id, name, kind, [...groups].sort(), [...roles].sort(), scopesOf(namespaces), tenants.sort()]);
}
