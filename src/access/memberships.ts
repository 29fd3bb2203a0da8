import type { Membership, Principal } from '../kernel/principal.ts';
import type { RightsEvents } from './rights-events.ts';

/** What somebody has by belonging to tenants. */
export interface GrantedMemberships {
  /** Each with the namespaces that come with it. */
  readonly memberships: readonly Membership[];
}

/** Knows who belongs where. Answers from memory: it is asked at every sign-in. */
export interface MembershipSource {
  /** What the principal has by its id and its groups; undefined where that is nothing, or cannot be told at present. */
  grantsOf(principal: Pick<Principal, 'id' | 'groups'>): GrantedMemberships | undefined;
  /** What somebody has who belongs to these tenants and to no other; a source without it lends nothing to service tokens. */
  grantsIn?(tenants: readonly Pick<Membership, 'of' | 'as'>[]): GrantedMemberships | undefined;
  /** Why it gives nothing at present; undefined while it does. */
  readonly problem?: string | undefined;
}

/** Where the one source of memberships is plugged in. */
export interface MembershipSeat {
  /** Throws the second time: two sources would each think that they know everybody. */
  provide(source: MembershipSource): void;
  /** Say it after the source answers differently: whoever has other rights now is closed or narrowed. */
  announceChange(): void;
}

export interface Memberships extends MembershipSeat {
  /** The principal with its memberships; what they give holds inside their tenants alone. An ADMIN needs none. */
  enrich(principal: Principal): Principal;
  /** What `enrich` would answer now for the principal that it answered this one for. Asks nobody else. */
  regrant(principal: Principal): Principal;
  /** See `MembershipSource`. */
  grantsIn(tenants: readonly Pick<Membership, 'of' | 'as'>[]): GrantedMemberships | undefined;
  /** False while the source cannot tell who belongs where, so that nothing follows from what somebody lacks. */
  readonly isKnown: boolean;
}

export function createMemberships(rights: Pick<RightsEvents, 'announce'>): Memberships {
  let source: MembershipSource | undefined;
  /** Whom the token is of, without memberships. */
  const bases = new WeakMap<Principal, Principal>();

  function enrich(principal: Principal): Principal {
    if (principal.roles.includes('ADMIN')) return principal;
    const granted = source?.grantsOf(principal);
    if (!granted) return principal;
    const enriched: Principal = { ...principal, memberships: granted.memberships };
    bases.set(enriched, principal);
    return enriched;
  }

  return {
    provide(given) {
      if (source) throw new Error('Memberships have a source already.');
      source = given;
    },
    announceChange: () => rights.announce('memberships'),
    enrich,
    regrant: (principal) => enrich(bases.get(principal) ?? principal),
    grantsIn: (tenants) => source?.grantsIn?.(tenants),
    get isKnown() {
      return source?.problem === undefined;
    },
  };
}
