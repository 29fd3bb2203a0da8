import {
  type Clock,
  type Database,
  type DatabaseHandle,
  drizzle,
  type OperationHandle,
  runRecordedTransaction,
} from 'longshore/sdk';
import { tenancyRevision } from '../../tables.ts';
import { type TenancyDirectory, tenancyChannel } from './create-tenancy-directory.ts';

/** Runs one change of who belongs where; resolves once this replica goes by it. */
export type ChangeTenancy = <T>(
  ticket: OperationHandle,
  work: (tx: DatabaseHandle, now: Date) => Promise<T>,
) => Promise<T>;

/**
 * Changes come one after the other, on all replicas: each first takes the one row that numbers them. So what a change
 * checks (the last administrator, a circle of departments, what is still in use) holds until it is committed.
 */
export function createChangeTenancy(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly directory: Pick<TenancyDirectory, 'refresh'>;
}): ChangeTenancy {
  const { database, clock, directory } = options;
  return async (ticket, work) => {
    const answer = await runRecordedTransaction(database, ticket, async (tx) => {
      const now = new Date(clock.now());
      await tx
        .insert(tenancyRevision)
        .values({ id: 1, revision: 1, createdAt: now })
        .onConflictDoUpdate({
          target: tenancyRevision.id,
          set: { revision: drizzle.sql`${tenancyRevision.revision} + 1` },
        });
      const value = await work(tx, now);
      if (!ticket.isDryRun) await database.signal(tenancyChannel, 'changed');
      return value;
    });
    // It is done: where it cannot be read back, the directory says so itself and fails closed.
    if (!ticket.isDryRun) await directory.refresh().catch(() => {});
    return answer;
  };
}
