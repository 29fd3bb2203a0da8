import type { Principal } from '../kernel/principal.ts';

/**
 * As whom a cluster that impersonates knows a principal. A service token's name is its owner's choice, and might be
 * somebody's: it is known by its id.
 */
export function clusterUserOf(principal: Principal): string {
  return principal.owner ? principal.id : principal.name;
}
