import { and, eq } from 'drizzle-orm';
import type { Database } from '../data/database.ts';
import { operations } from '../data/tables.ts';
import { finishIdempotencyKey, freeIdempotencyKey } from './claim-idempotency-key.ts';
import type { RecordedWrite } from './operation-handle.ts';
import type { OperationNews, ResultReference } from './operation-records.ts';
import { storable, toRecord } from './operation-rows.ts';

/** Signals with a record's id go here. */
export const operationsChannel = 'operations';

export type Closing =
  | { readonly status: 'SUCCEEDED'; readonly result: ResultReference | undefined }
  | { readonly status: 'FAILED' | 'REFUSED'; readonly error: { readonly code: string; readonly message: string } };

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
    const isThis = eq(operations.id, id);
    const [row] = await tx
      .update(operations)
      .set({
        ...closingColumns(closing),
        ...(writes && { writes: writes.first, writeCount: writes.count }),
        finishedAt,
      })
      .where(writes ? isThis : and(isThis, eq(operations.status, 'PENDING')))
      .returning();
    if (!row) return;
    if (closing.status === 'SUCCEEDED') await finishIdempotencyKey(tx, id, closing.result, finishedAt);
    else await freeIdempotencyKey(tx, id);
    await database.signal(operationsChannel, id);
    await tell({ type: 'MODIFIED', record: toRecord(row) });
  });
}

export function closingColumns(closing: Closing) {
  if (closing.status !== 'SUCCEEDED') {
    return { status: closing.status, errorCode: closing.error.code, errorMessage: storable(closing.error.message) };
  }
  const { status, result } = closing;
  return {
    status,
    resultType: result?.type ?? null,
    resultId: result?.id ?? null,
    errorCode: null,
    errorMessage: null,
  };
}
