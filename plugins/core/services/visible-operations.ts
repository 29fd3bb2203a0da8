import type { Access, VisibleOperations } from 'longshore/sdk';

/** Subject of operation records. */
export const operationSubject = 'core/OperationRecord';

/**
 * Which records the caller may read, as the database can ask for it: all of them (undefined), or those of namespaces and
 * tenants and its own. `nothing` where no rule grants any.
 */
export function visibleOperations(access: Access): VisibleOperations | undefined | 'nothing' {
  const conditions = access.conditionsFor('READ', operationSubject);
  if (conditions === 'all') return undefined;
  const namespaces = conditions.flatMap((condition) => condition.namespaces ?? []);
  const tenants = conditions.flatMap((condition) => condition.tenants ?? []);
  const isOwnVisible = conditions.some((condition) => condition.owner === access.principal.id);
  if (namespaces.length + tenants.length === 0 && !isOwnVisible) return 'nothing';
  // No principal has the empty id: nobody's own records are asked for.
  return { namespaces, tenants, principalId: isOwnVisible ? access.principal.id : '' };
}
