import type { Database } from '../data/database.ts';
import { operations } from '../data/tables.ts';
import { type OperationTeller, operationsChannel } from './close-operation.ts';
import { type NewOperationRow, toRecord } from './operation-rows.ts';

/** Records written by one statement at the most. */
const mostAtOnce = 200;

interface Waiting {
  readonly row: NewOperationRow;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes closed records together: those that come while one transaction is under way wait for the next. Each caller learns
 * when its own is committed, or that it is not: nothing is lost silently.
 */
export function createRecordBatcher({ database, tell }: OperationTeller): (row: NewOperationRow) => Promise<void> {
  const waiting: Waiting[] = [];
  let isWriting = false;

  async function writeAll(): Promise<void> {
    isWriting = true;
    try {
      while (waiting.length > 0) await writeSome(waiting.splice(0, mostAtOnce));
    } finally {
      isWriting = false;
    }
  }

  /** Never rejects: who waits is told. */
  async function writeSome(some: readonly Waiting[]): Promise<void> {
    try {
      await insertAll(
        database,
        some.map(({ row }) => row),
        tell,
      );
      for (const one of some) one.resolve();
    } catch (error) {
      for (const one of some) one.reject(error);
    }
  }

  return (row) =>
    new Promise((resolve, reject) => {
      waiting.push({ row, resolve, reject });
      if (isWriting) return;
      isWriting = true;
      // Those of this tick go together.
      queueMicrotask(() => {
        writeAll().catch(reject);
      });
    });
}

async function insertAll(
  database: Database,
  rows: readonly NewOperationRow[],
  tell: OperationTeller['tell'],
): Promise<void> {
  await database.transaction(async (tx) => {
    const inserted = await tx
      .insert(operations)
      .values([...rows])
      .returning();
    for (const row of inserted) {
      await database.signal(operationsChannel, row.id);
      await tell({ type: 'ADDED', record: toRecord(row) });
    }
  });
}
