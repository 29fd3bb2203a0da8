import type { Principal } from '../kernel/principal.ts';

/**
 * Throws where a principal calls itself or a group of its own `system:…`. Such names mean the cluster's own components
 * (`system:masters` is all-powerful), and a principal's names go into impersonation headers.
 */
export function refuseSystemNames(principal: Pick<Principal, 'name' | 'groups'>): void {
  for (const name of [principal.name, ...principal.groups]) {
    if (/^\s*system:/i.test(name)) {
      throw new Error(`The name '${name}' is refused: names that begin with 'system:' belong to the cluster itself.`);
    }
  }
}
