import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../data/testing/open-test-database.ts';
import { startPostgres } from '../data/testing/start-postgres.ts';
import { operationPageQuery } from './list-operations.ts';
import type { OperationFilter, OperationPageArguments } from './operation-records.ts';

const server = await startPostgres();
const workspaceId = randomUUID();
const projectId = randomUUID();

/** Rows of one of a thousand tenants, targets and operators are few; those of the last status and category too. */
const rows = `
  insert into core_operations (id, action, status, category, principal_id, principal_name, request_id, target_plugin,
    target_type, target_id, cluster, namespace, kind, name, workspace_id, project_id, created_at)
  select gen_random_uuid(), 'action-' || n % 50, case when n % 500 = 0 then 'FAILED' else 'SUCCEEDED' end,
    case when n % 700 = 0 then 'SECRET_READ' else 'WRITE' end,
    'user-' || n % 1000, 'User ' || n % 1000, 'r', 'core', 'Pod', 'target-' || n % 5000,
    'cluster-' || n % 3, 'namespace-' || n % 400, 'Kind' || n % 60, 'name',
    case when n % 900 = 0 then '${workspaceId}'::uuid end, case when n % 901 = 0 then '${projectId}'::uuid end,
    timestamptz '2026-01-01' + n * interval '1 second'
  from generate_series(1, 60000) as n`;

describe.skipIf(!server)('the list of operation records on PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    const url = await server?.createDatabase();
    database = await openTestDatabase(url === undefined ? {} : { url });
    await database.db.execute(rows);
    await database.db.execute('analyze core_operations');
  });
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  const after = { createdAt: new Date('2026-01-01T10:00:00Z'), id: randomUUID() };
  const scopes = [{ cluster: 'cluster-1', namespace: 'namespace-7' }];

  it.each<{ name: string; filter: OperationFilter }>([
    { name: 'nothing', filter: {} },
    { name: 'time', filter: { from: new Date('2026-01-01T01:00:00Z'), to: new Date('2026-01-01T02:00:00Z') } },
    { name: 'action', filter: { actions: ['action-7'] } },
    { name: 'operator', filter: { operators: ['user-7'] } },
    { name: 'status', filter: { statuses: ['FAILED', 'REFUSED'] } },
    { name: 'category', filter: { categories: ['SECRET_READ'] } },
    { name: 'place', filter: { cluster: 'cluster-1', namespaces: ['namespace-7'] } },
    { name: 'kind', filter: { kind: 'Kind7' } },
    { name: 'target', filter: { targetId: 'target-7' } },
    { name: 'workspace', filter: { workspaceId } },
    { name: 'project', filter: { projectId } },
    {
      name: 'what a member may see',
      filter: { visible: { namespaces: scopes, tenants: [`project/${projectId}`], principalId: 'user-7' } },
    },
  ])('reads no more than an index leads to when filtered by $name (CORE-19)', async ({ filter }) => {
    for (const page of [{ first: 50 }, { first: 50, after }, { first: 50, after, isOldestFirst: true }]) {
      const plan = await explain(database, filter, page);
      expect(plan).not.toContain('Seq Scan');
      expect(plan).toContain('Index');
    }
  });
});

async function explain(database: TestDatabase, filter: OperationFilter, page: OperationPageArguments): Promise<string> {
  const query = operationPageQuery(database, filter, page).getSQL();
  const lines = await database.db.execute<{ 'QUERY PLAN': string }>(sql`explain ${query}`);
  return lines.map((line) => line['QUERY PLAN']).join('\n');
}
