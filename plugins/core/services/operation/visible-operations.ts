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
  // A condition that asks for more than one of these is not what the database is asked for: it shows nothing.
  const simple = conditions.filter((condition) => Object.keys(condition).length === 1);
  const namespaces = simple.flatMap((condition) => condition.namespaces ?? []);
  const tenants = simple.flatMap((condition) => condition.tenants ?? []);
  const isOwnVisible = simple.some((condition) => condition.owner === access.principal.id);
  if (namespaces.length + tenants.length === 0 && !isOwnVisible) return 'nothing';
  // No principal has the empty id: nobody's own records are asked for.
  return { namespaces, tenants, principalId: isOwnVisible ? access.principal.id : '' };
}
