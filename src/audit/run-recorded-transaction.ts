import type { Database, DatabaseHandle } from '../data/database.ts';
import type { OperationHandle } from './operation-handle.ts';

/**
 * The one transaction of a mutation: committed, or in a dry run rolled back after everything in it has been tried, so
 * that a dry run meets the same constraints as the real thing. Answers what `work` answers either way.
 */
export async function runRecordedTransaction<T>(
  database: Database,
  ticket: OperationHandle,
  work: (tx: DatabaseHandle) => Promise<T>,
): Promise<T> {
  if (!ticket.isDryRun) return database.transaction(work);
  let answer: { readonly value: T } | undefined;
  try {
    await database.transaction(async (tx) => {
      answer = { value: await work(tx) };
      throw new DryRunEnd();
    });
  } catch (error) {
    if (!(error instanceof DryRunEnd)) throw error;
  }
  if (!answer) throw new Error('dry-run-without-answer');
  return answer.value;
}

/** Rolls the transaction back; never leaves this file. */
class DryRunEnd extends Error {
  override readonly name = 'DryRunEnd';
}
