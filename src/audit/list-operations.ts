import { and, count, desc, eq, gte, inArray, isNotNull, lt, or, type SQL } from 'drizzle-orm';
import type { Database } from '../data/database.ts';
import { operations } from '../data/tables.ts';
import type { OperationFilter, OperationPage, OperationPosition } from './operation-records.ts';
import { toRecord } from './operation-rows.ts';

/** One page of records, newest first; an insertion never repeats or skips a row. */
export async function listOperations(
  database: Database,
  filter: OperationFilter,
  page: { readonly first: number; readonly after?: OperationPosition | undefined },
): Promise<OperationPage> {
  const rows = await database
    .current()
    .select()
    .from(operations)
    .where(and(matches(filter), page.after && isBehind(page.after)))
    .orderBy(desc(operations.createdAt), desc(operations.id))
    .limit(page.first + 1);
  return { records: rows.slice(0, page.first).map(toRecord), hasMore: rows.length > page.first };
}

export async function countOperations(database: Database, filter: OperationFilter): Promise<number> {
  const rows = await database.current().select({ total: count() }).from(operations).where(matches(filter));
  return rows[0]?.total ?? 0;
}

function isBehind(position: OperationPosition): SQL | undefined {
  return or(
    lt(operations.createdAt, position.createdAt),
    and(eq(operations.createdAt, position.createdAt), lt(operations.id, position.id)),
  );
}

function matches(filter: OperationFilter): SQL | undefined {
  return and(
    filter.actions && inArray(operations.action, [...filter.actions]),
    filter.operators &&
      or(
        inArray(operations.principalId, [...filter.operators]),
        inArray(operations.principalName, [...filter.operators]),
      ),
    filter.statuses && inArray(operations.status, [...filter.statuses]),
    filter.from && gte(operations.createdAt, filter.from),
    filter.to && lt(operations.createdAt, filter.to),
    filter.cluster === undefined ? undefined : eq(operations.cluster, filter.cluster),
    filter.namespaces && inArray(operations.namespace, [...filter.namespaces]),
    filter.kind === undefined ? undefined : eq(operations.kind, filter.kind),
    filter.name === undefined ? undefined : eq(operations.name, filter.name),
    filter.targetId === undefined ? undefined : eq(operations.targetId, filter.targetId),
    filter.visible && isVisible(filter.visible),
  );
}

/** A scope's cluster may be `*`: any cluster, but not what belongs to none. */
function isVisible(visible: NonNullable<OperationFilter['visible']>): SQL | undefined {
  const places = visible.namespaces.map((scope) =>
    and(
      eq(operations.namespace, scope.namespace),
      scope.cluster === '*' ? isNotNull(operations.cluster) : eq(operations.cluster, scope.cluster),
    ),
  );
  return or(eq(operations.principalId, visible.principalId), ...places);
}
