import type { OperationHandle } from '../../audit/operation-handle.ts';
import { runRecordedTransaction } from '../../audit/run-recorded-transaction.ts';
import type { Database, DatabaseHandle } from '../../data/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { SignInDirectory } from './create-sign-in-directory.ts';
import { raiseSignInRevision } from './read-sign-in-state.ts';

export interface SignInChanges {
  readonly database: Database;
  readonly clock: Clock;
  readonly directory: SignInDirectory;
}

/**
 * One change of who may sign in. It first takes the one row that numbers them, so that what it checks (a name, a number of
 * tokens) holds until it is committed; this replica goes by it when it resolves, the others when they are told.
 */
export async function changeSignIn<T>(
  { database, clock, directory }: SignInChanges,
  ticket: OperationHandle,
  work: (tx: DatabaseHandle, now: Date) => Promise<T>,
): Promise<T> {
  const answer = await runRecordedTransaction(database, ticket, async (tx) => {
    const now = new Date(clock.now());
    await raiseSignInRevision(database, tx, now);
    return work(tx, now);
  });
  // It is done: where it cannot be read back, the directory is stale and says so itself.
  if (!ticket.isDryRun) await directory.refresh().catch(() => {});
  return answer;
}
