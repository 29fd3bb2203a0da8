import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, lt, lte, or, type SQL } from 'drizzle-orm';
import type { Database } from '../data/database.ts';
import { operations } from '../data/tables.ts';
import { isOperationId } from './is-operation-id.ts';
import type { OperationFilter, OperationPage, OperationPageArguments, OperationPosition } from './operation-records.ts';
import { toRecord } from './operation-rows.ts';

/** One page of records in the order of time; an insertion never repeats or skips a row. */
export async function listOperations(
  database: Database,
  filter: OperationFilter,
  page: OperationPageArguments,
): Promise<OperationPage> {
  const rows = await operationPageQuery(database, filter, page);
  return { records: rows.slice(0, page.first).map(toRecord), hasMore: rows.length > page.first };
}

/** The one query of a page, for whoever wants to know how it is answered. */
export function operationPageQuery(database: Database, filter: OperationFilter, page: OperationPageArguments) {
  const isOldestFirst = page.isOldestFirst === true;
  const direction = isOldestFirst ? asc : desc;
  return database
    .current()
    .select()
    .from(operations)
    .where(and(matches(filter), page.after && isBehind(page.after, isOldestFirst)))
    .orderBy(direction(operations.createdAt), direction(operations.id))
    .limit(page.first + 1);
}

/** Beyond it nobody counts: it would read more rows than a year of pages. */
const mostCounted = 100_000;

/** How many there are; undefined where they are more than 100,000. */
export async function countOperations(database: Database, filter: OperationFilter): Promise<number | undefined> {
  const db = database.current();
  const some = db
    .select({ id: operations.id })
    .from(operations)
    .where(matches(filter))
    .limit(mostCounted + 1)
    .as('some');
  const [row] = await db.select({ total: count() }).from(some);
  const total = row?.total ?? 0;
  return total > mostCounted ? undefined : total;
}

/** The first line says no more than the second; it is there because an index can begin at it. */
function isBehind({ createdAt, id }: OperationPosition, isOldestFirst: boolean): SQL | undefined {
  if (isOldestFirst) {
    return and(
      gte(operations.createdAt, createdAt),
      or(gt(operations.createdAt, createdAt), and(eq(operations.createdAt, createdAt), gt(operations.id, id))),
    );
  }
  return and(
    lte(operations.createdAt, createdAt),
    or(lt(operations.createdAt, createdAt), and(eq(operations.createdAt, createdAt), lt(operations.id, id))),
  );
}

function matches(filter: OperationFilter): SQL | undefined {
  return and(
    filter.ids && inArray(operations.id, filter.ids.filter(isOperationId)),
    filter.categories && inArray(operations.category, [...filter.categories]),
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
    filter.workspaceId === undefined ? undefined : eq(operations.workspaceId, filter.workspaceId),
    filter.projectId === undefined ? undefined : eq(operations.projectId, filter.projectId),
    filter.batchId === undefined ? undefined : eq(operations.batchId, filter.batchId),
    filter.requestId === undefined ? undefined : eq(operations.requestId, filter.requestId),
    filter.related && or(eq(operations.id, filter.related.id), eq(operations.targetId, filter.related.targetId)),
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
  const idsOf = (kind: string) =>
    visible.tenants.filter((tenant) => tenant.startsWith(`${kind}/`)).map((tenant) => tenant.slice(kind.length + 1));
  const [workspaceIds, projectIds] = [idsOf('workspace'), idsOf('project')];
  return or(
    eq(operations.principalId, visible.principalId),
    workspaceIds.length === 0 ? undefined : inArray(operations.workspaceId, workspaceIds),
    projectIds.length === 0 ? undefined : inArray(operations.projectId, projectIds),
    ...places,
  );
}
