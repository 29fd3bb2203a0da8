import type { Principal } from '../kernel/principal.ts';

/** Which principals were really signed in: one that is put together by hand has no rights towards a cluster. */
export interface IssuedPrincipals {
  issue(principal: Principal): Principal;
  isIssued(principal: Principal): boolean;
}

export function createIssuedPrincipals(): IssuedPrincipals {
  const issued = new WeakSet<Principal>();
  return {
    issue(principal) {
      // What was signed in must stay what it was, in all that rights are made of.
      const { roles, groups, namespaces, memberships } = principal;
      for (const part of [principal, roles, groups, namespaces, memberships ?? []]) Object.freeze(part);
      issued.add(principal);
      return principal;
    },
    isIssued: (principal) => issued.has(principal),
  };
}
