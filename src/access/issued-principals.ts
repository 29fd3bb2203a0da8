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
      // What was judged must stay what it was.
      Object.freeze(principal);
      issued.add(principal);
      return principal;
    },
    isIssued: (principal) => issued.has(principal),
  };
}
