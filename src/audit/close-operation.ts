import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database, DatabaseHandle } from '../data/database.ts';
import { operations } from '../data/tables.ts';
import { boundChanges } from './bound-changes.ts';
import { finishIdempotencyKey, freeIdempotencyKey } from './claim-idempotency-key.ts';
import type { RecordedWrite } from './operation-handle.ts';
import type {
  LocatedTarget,
  OperationNews,
  RecordedChanges,
  ResultReference,
  SessionMeasure,
} from './operation-records.ts';
import { storable, toRecord } from './operation-rows.ts';

/** Signals with a record's id go here. */
export const operationsChannel = 'operations';

export type Closing = { readonly session?: SessionMeasure | undefined } & (
  | {
      readonly status: 'SUCCEEDED';
      readonly result: ResultReference | undefined;
      readonly changes?: RecordedChanges | undefined;
      /** Where the target lies by now: what it made lay nowhere before. */
      readonly located?: LocatedTarget | undefined;
    }
  | { readonly status: 'FAILED' | 'REFUSED'; readonly error: { readonly code: string; readonly message: string } }
);

export interface NotedWrites {
  readonly first: readonly RecordedWrite[];
  readonly count: number;
}

export interface OperationTeller {
  readonly database: Database;
  /** Called in the transaction. */
  readonly tell: (news: OperationNews) => Promise<void>;
}

/**
 * Closes a record and, in the same transaction, finishes or frees its idempotency key. `writes` is undefined where they are
 * not known; such a settler must not overwrite what the process itself said meanwhile.
 */
export async function closeOperation(
  { database, tell }: OperationTeller,
  id: string,
  closing: Closing,
  writes: NotedWrites | undefined,
  finishedAt: Date,
): Promise<void> {
  await database.transaction(async (tx) => {
    const noted = writes && { writes: writes.first, writeCount: writes.count };
    // A long operation is its loop's to close, from the commit that made it one.
    const isThis = and(eq(operations.id, id), isNull(operations.runner));
    const [row] = await tx
      .update(operations)
      .set({ ...closingColumns(closing), ...noted, finishedAt })
      .where(writes ? isThis : and(isThis, eq(operations.status, 'PENDING')))
      .returning();
    if (!row) {
      if (writes) await noteBegun(tx, id, closing, writes);
      return;
    }
    if (closing.status === 'SUCCEEDED') await finishIdempotencyKey(tx, id, closing.result, finishedAt);
    else await freeIdempotencyKey(tx, id);
    await database.signal(operationsChannel, id);
    await tell({ type: 'MODIFIED', record: toRecord(row) });
  });
}

/** What the request that began a long operation did of its own; the loop may have written more by now. */
async function noteBegun(tx: DatabaseHandle, id: string, closing: Closing, writes: NotedWrites): Promise<void> {
  await tx
    .update(operations)
    .set({
      ...(closing.status === 'SUCCEEDED' ? placeColumns(closing) : {}),
      writes: sql`${JSON.stringify(writes.first)}::jsonb || ${operations.writes}`,
      writeCount: sql`${operations.writeCount} + ${writes.count}`,
    })
    .where(eq(operations.id, id));
}

function placeColumns({ changes, located }: Extract<Closing, { status: 'SUCCEEDED' }>) {
  const bounded = changes && boundChanges(changes);
  return {
    ...(bounded && { changes: bounded.list, areChangesCut: bounded.isCut }),
    ...(located?.workspaceId !== undefined && { workspaceId: located.workspaceId }),
    ...(located?.projectId !== undefined && { projectId: located.projectId }),
    ...(located?.targetId !== undefined && { targetId: located.targetId }),
  };
}

export function closingColumns(closing: Closing) {
  const session = closing.session && { session: closing.session };
  if (closing.status !== 'SUCCEEDED') {
    return {
      ...session,
      status: closing.status,
      errorCode: closing.error.code,
      errorMessage: storable(closing.error.message),
    };
  }
  const { status, result } = closing;
  return {
    ...placeColumns(closing),
    ...session,
    status,
    resultType: result?.type ?? null,
    resultId: result?.id ?? null,
    errorCode: null,
    errorMessage: null,
  };
}
