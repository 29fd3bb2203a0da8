import type { Membership, NamespaceScope, Principal } from '../../kernel/principal.ts';
import { membershipRanks } from '../../kernel/principal.ts';
import type { GrantedMemberships } from '../memberships.ts';

/** What a service token may at the most. */
export interface TokenScope {
  /** Roles of the platform. */
  readonly roles: readonly string[];
  /** Namespaces where those roles hold; an ADMIN is not bound by them. */
  readonly namespaces: readonly NamespaceScope[];
  /** Workspaces and projects (`workspace/<uuid>`), and how the token belongs to each at the most. */
  readonly tenants: readonly Pick<Membership, 'of' | 'as'>[];
}

/** What somebody has at present, memberships included. */
export type Holder = Pick<Principal, 'roles' | 'namespaces' | 'memberships'>;

/**
 * What of a scope its owner can lend at present: never more than the owner has. Tenants come back with the rank that is left,
 * without those where nothing is. Pure.
 */
export function narrowScope(scope: TokenScope, owner: Holder): TokenScope {
  const isAdmin = owner.roles.includes('ADMIN');
  return {
    roles: scope.roles.filter((role) => isAdmin || owner.roles.includes(role)),
    namespaces: scope.namespaces.filter((wanted) => isAdmin || owner.namespaces.some((had) => covers(had, wanted))),
    tenants: scope.tenants.flatMap(({ of, as }) => {
      const left = isAdmin ? as : lent(as, heldIn(owner.memberships ?? [], of));
      return left === undefined ? [] : [{ of, as: left }];
    }),
  };
}

/** What somebody gets who has this scope and nothing else. A role that nobody defines grants nothing. */
export function rightsOfScope(
  { roles, namespaces, tenants }: TokenScope,
  grantsIn: (tenants: TokenScope['tenants']) => GrantedMemberships | undefined,
): Pick<Principal, 'roles' | 'namespaces' | 'memberships'> {
  if (roles.includes('ADMIN')) return { roles: ['ADMIN'], namespaces: [] };
  const granted = tenants.length === 0 ? undefined : grantsIn(tenants);
  return granted ? { roles, namespaces, memberships: granted.memberships } : { roles, namespaces };
}

function covers(had: NamespaceScope, wanted: NamespaceScope): boolean {
  return had.namespace === wanted.namespace && (had.cluster === '*' || had.cluster === wanted.cluster);
}

/** Who only sees that a tenant is there has nothing to lend. */
function heldIn(memberships: readonly Membership[], of: string): readonly Membership['as'][] {
  return memberships.filter((membership) => membership.of === of && membership.as !== 'GUEST').map(({ as }) => as);
}

/** The same, or for a rank the highest that is held where that is lower. */
function lent(wanted: Membership['as'], held: readonly Membership['as'][]): Membership['as'] | undefined {
  if (held.includes(wanted)) return wanted;
  const rankOf = (as: Membership['as']) => (membershipRanks as readonly string[]).indexOf(as);
  const highest = held.toSorted((one, other) => rankOf(other) - rankOf(one))[0];
  if (highest === undefined || rankOf(highest) < 0 || rankOf(wanted) < 0) return undefined;
  return rankOf(wanted) <= rankOf(highest) ? wanted : highest;
}
