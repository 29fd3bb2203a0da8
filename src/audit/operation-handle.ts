import type { FieldOwner } from '../kernel/answer-error.ts';

/** What one write did to one object; noted by the cluster writer itself, so that no resolver can forget it. */
export interface RecordedWrite {
  readonly cluster: string;
  readonly verb: 'CREATE' | 'APPLY' | 'PATCH' | 'DELETE' | 'SCALE';
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The object's resourceVersion after the write; undefined after a delete. */
  readonly resourceVersion: string | undefined;
  /** Where fields that other field managers own were to be taken over (server-side apply with `force`). */
  readonly isForced?: true;
  /** Why the platform wrote it by itself; undefined where it was written as the principal of the record. */
  readonly asPlatform?: string;
  /** Under which the cluster's own audit log has the request (header `Audit-Id`); undefined where it did not say. */
  readonly auditId?: string | undefined;
}

/**
 * The ticket that every cluster write demands: an operation record that stands `PENDING` in the database. A write
 * without a record does not compile. For a dry run the ticket is `dryRunTicket`: nothing is recorded.
 */
export interface OperationHandle {
  /** The record's id (UUID); also sent to the cluster in the Audit-ID header. Undefined in a dry run. */
  readonly id: string | undefined;
  readonly isDryRun: boolean;
  note(write: RecordedWrite): void;
  /** Takes, in a dry run that asks for it, the fields of other field managers that the write would change. */
  noteConflicts?(owners: readonly FieldOwner[]): void;
}

export const dryRunTicket: OperationHandle = { id: undefined, isDryRun: true, note() {} };

/** The ticket of a preview: `conflicts` holds whose fields its writes would change (CORE-31). */
export function createPreviewTicket(): OperationHandle & { readonly conflicts: readonly FieldOwner[] } {
  const conflicts: FieldOwner[] = [];
  return { ...dryRunTicket, conflicts, noteConflicts: (owners) => void conflicts.push(...owners) };
}
