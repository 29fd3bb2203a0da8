import type { Principal } from 'longshore/sdk';

/** `release.confirmBy` of the profile. */
export type ConfirmBy = 'OWNER_OR_OPS' | 'MEMBERS' | 'ADMIN';

/**
 * Whether somebody who may release an app service may also confirm a group of it (REL-30). With OWNER_OR_OPS that is whom the service names,
 * by the principal's id or as `group:<name>`; where it names nobody, whoever may release it, as else nobody could. Administrators always may.
 */
export function mayConfirm(
  { id, groups, roles }: Pick<Principal, 'id' | 'groups' | 'roles'>,
  { owner, operators }: { readonly owner: string | null; readonly operators: readonly string[] },
  confirmBy: ConfirmBy,
): boolean {
  if (roles.includes('ADMIN') || confirmBy === 'MEMBERS') return true;
  if (confirmBy === 'ADMIN') return false;
  const named = new Set(owner === null ? operators : [owner, ...operators]);
  return named.size === 0 || named.has(id) || groups.some((group) => named.has(`group:${group}`));
}
