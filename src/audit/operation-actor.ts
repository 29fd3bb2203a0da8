import type { Principal, PrincipalName } from '../kernel/principal.ts';
import type { OperationRecord } from './operation-records.ts';

/** In whose name a long operation goes on. */
export interface OperationActor extends PrincipalName {
  /** The administrator who acted as them. */
  readonly impersonatedBy: PrincipalName | null;
}

export const actorOfPrincipal = ({ id, name, impersonatedBy }: Principal): OperationActor => ({
  id,
  name,
  impersonatedBy: impersonatedBy ?? null,
});

/**
 * Who carries a long operation on: whoever decided on one of its steps last, since to go on with it is to do it; else who began it. Its steps come
 * one after the other, so the last decision is that on the last step that has one.
 */
export function operationActor(
  record: Pick<OperationRecord, 'steps' | 'principalId' | 'principalName' | 'impersonatedBy'>,
): OperationActor {
  const decided = record.steps.findLast(({ decidedBy }) => decidedBy)?.decidedBy;
  const { principalId: id, principalName: name, impersonatedBy } = record;
  return decided ?? { id, name, impersonatedBy: impersonatedBy ?? null };
}
