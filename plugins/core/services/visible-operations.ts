import type { Access, OperationFilter } from 'longshore/sdk';

/** Subject of operation records. */
export const operationSubject = 'core/OperationRecord';

/**
 * Which records the caller may read, as the database can ask for it: all of them (undefined), or those of namespaces
 * and its own. `nothing` where no rule grants any.
 */
export function visibleOperations(access: Access): NonNullable<OperationFilter['visible']> | undefined | 'nothing' {
  const conditions = access.conditionsFor('READ', operationSubject);
  if (conditions === 'all') return undefined;
  const namespaces = conditions.flatMap((condition) => condition.namespaces ?? []);
  const isOwnVisible = conditions.some((condition) => condition.owner === access.principal.id);
  if (namespaces.length === 0 && !isOwnVisible) return 'nothing';
  // No principal has the empty id: nobody's own records are asked for.
  return { namespaces, principalId: isOwnVisible ? access.principal.id : '' };
}
