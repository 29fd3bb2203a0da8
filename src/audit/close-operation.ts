import { and, eq } from 'drizzle-orm';
import type { Database } from '../data/database.ts';
import { operations } from '../data/tables.ts';
import { finishIdempotencyKey, freeIdempotencyKey } from './claim-idempotency-key.ts';
import type { RecordedWrite } from './operation-handle.ts';
import type { ResultReference } from './operation-records.ts';
import { storable } from './operation-rows.ts';

/** Signals with a record's id go here. */
export const operationsChannel = 'operations';

export type Closing =
  | { readonly status: 'SUCCEEDED'; readonly result: ResultReference | undefined }
  | { readonly status: 'FAILED'; readonly error: { readonly code: string; readonly message: string } };

export interface NotedWrites {
  readonly first: readonly RecordedWrite[];
  readonly count: number;
}

/**
 * Closes a record and, in the same transaction, finishes or frees its idempotency key. `writes` is undefined where they are
 * not known; such a settler must not overwrite what the process itself said meanwhile.
 */
export async function closeOperation(
  database: Database,
  id: string,
  closing: Closing,
  writes: NotedWrites | undefined,
  finishedAt: Date,
): Promise<void> {
  await database.transaction(async (tx) => {
    const isThis = eq(operations.id, id);
    const closed = await tx
      .update(operations)
      .set({
        ...closingColumns(closing),
        ...(writes && { writes: writes.first, writeCount: writes.count }),
        finishedAt,
      })
      .where(writes ? isThis : and(isThis, eq(operations.status, 'PENDING')))
      .returning({ id: operations.id });
    if (closed.length === 0) return;
    if (closing.status === 'SUCCEEDED') await finishIdempotencyKey(tx, id, closing.result, finishedAt);
    else await freeIdempotencyKey(tx, id);
    await database.signal(operationsChannel, id);
  });
}

export function closingColumns(closing: Closing) {
  if (closing.status === 'FAILED') {
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
