import { and, asc, eq, inArray, isNull, lt, ne, notInArray, or, type SQL } from 'drizzle-orm';
import type { Database } from '../data/database.ts';
import { operations } from '../data/tables.ts';
import type { ForgetScope } from './operation-records.ts';

const batchSize = 1_000;

/** See `OperationRecords.forget`. Small transactions, so that nothing waits long for the rows. */
export async function forgetOperations(
  database: Database,
  scope: ForgetScope,
  signal: AbortSignal | undefined,
): Promise<number> {
  let total = 0;
  while (!signal?.aborted) {
    const old = await database.db
      .select({ id: operations.id })
      .from(operations)
      .where(and(lt(operations.createdAt, scope.before), ne(operations.status, 'PENDING'), isIn(scope)))
      .orderBy(asc(operations.createdAt), asc(operations.id))
      .limit(batchSize);
    if (old.length === 0) break;
    const gone = await database.db
      .delete(operations)
      .where(
        and(
          inArray(
            operations.id,
            old.map(({ id }) => id),
          ),
          // Retried meanwhile: it is under way again.
          ne(operations.status, 'PENDING'),
        ),
      )
      .returning({ id: operations.id });
    total += gone.length;
    if (old.length < batchSize) break;
  }
  return total;
}

function isIn(scope: ForgetScope): SQL | undefined {
  if ('workspaceIds' in scope) return inArray(operations.workspaceId, [...scope.workspaceIds]);
  const { exceptWorkspaceIds = [] } = scope;
  return and(
    'cluster' in scope
      ? eq(operations.cluster, scope.cluster)
      : or(isNull(operations.cluster), notInArray(operations.cluster, [...scope.notOf])),
    exceptWorkspaceIds.length === 0
      ? undefined
      : or(isNull(operations.workspaceId), notInArray(operations.workspaceId, [...exceptWorkspaceIds])),
  );
}
