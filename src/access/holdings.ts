import type { Membership, MembershipRank, NamespaceScope, Principal, Role } from '../kernel/principal.ts';
import { byCluster, liesIn } from './granted-rule.ts';
import type { Roles } from './roles.ts';

/** Roles together with where they hold. */
export interface Holding {
  readonly roles: ReadonlySet<Role>;
  readonly namespaces: readonly NamespaceScope[];
  readonly memberships: readonly { readonly of: string; readonly rank: MembershipRank }[];
  /** They come with memberships, so they hold inside those tenants alone. */
  readonly isOfMemberships: boolean;
}

/**
 * What a principal holds: the roles of its token where the token says, and for each role that memberships give, that role
 * inside those tenants. The two never mix: a membership makes nobody a developer anywhere else.
 */
export function holdingsOf(principal: Principal, roles: Roles): readonly Holding[] {
  const { memberships = [] } = principal;
  const ranked = (list: readonly Membership[]) => list.map(({ of, as }) => ({ of, rank: roles.rankOf(as) }));
  const own: Holding = {
    roles: new Set(principal.roles.flatMap(roles.including)),
    namespaces: principal.namespaces,
    memberships: ranked(memberships),
    isOfMemberships: false,
  };
  const byRole = Map.groupBy(memberships, ({ as }) => as);
  return [
    own,
    ...[...byRole].map(
      ([as, list]): Holding => ({
        roles: new Set<Role>(['GUEST', ...roles.ofMembership(as)]),
        namespaces: list.flatMap(({ namespaces = [] }) => namespaces),
        memberships: ranked(list),
        isOfMemberships: true,
      }),
    ),
  ];
}

/** Tenants in which a principal holds more than the role of a guest, e.g. `workspace/<uuid>`. */
export function tenantsHeld(principal: Principal, roles: Roles): ReadonlySet<string> {
  const { memberships = [] } = principal;
  return new Set(memberships.filter(({ as }) => roles.rankOf(as) !== 'GUEST').map(({ of }) => of));
}

/**
 * Roles with those they extend, as they hold in a namespace: those of the token, and those of memberships whose tenants
 * have it; without a place those that hold anywhere.
 */
export function rolesHeld(
  principal: Principal,
  roles: Roles,
  place?: { readonly cluster: string; readonly namespace: string | undefined },
): readonly Role[] {
  const held = holdingsOf(principal, roles)
    .filter(
      ({ isOfMemberships, namespaces }) =>
        !isOfMemberships || !place || liesIn(byCluster(namespaces), place.cluster, place.namespace),
    )
    .flatMap((holding) => [...holding.roles]);
  return [...new Set(held)];
}
