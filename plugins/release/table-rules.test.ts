import { fileURLToPath } from 'node:url';
import { drizzle } from 'longshore/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../src/data/testing/open-test-database.ts';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';

const { sql } = drizzle;
const server = await startPostgres();
afterAll(() => server?.stop());

const migrations = [{ plugin: 'release', folder: fileURLToPath(new URL('../../migrations/release', import.meta.url)) }];
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

describe.each([
  { name: 'the embedded database', isServer: false },
  { name: 'a PostgreSQL server', isServer: true },
])('$name', ({ isServer }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    if (isServer && !server) return;
    const url = isServer ? await server?.createDatabase() : undefined;
    database = await openTestDatabase({ migrations, ...(url === undefined ? {} : { url }) });
    await database.db.execute(sql`insert into release_app_services
      (id, cluster, namespace, name, application_id, application_name, is_stateful, operators, description, version, created_at)
      values (${id(1)}, 'c', 'shop', 'web', ${id(9)}, 'shop', false, '[]', '', 1, now())`);
    for (const [number, state] of ['DRAFT', 'SUBMITTED', 'PUBLISHED'].entries()) {
      await database.db.execute(sql`insert into release_versions
        (id, service_id, number, edit_state, spec, created_by, created_at, updated_at, version)
        values (${id(10 + number)}, ${id(1)}, ${number + 1}, ${state}, '{"a": 1}', 'somebody', now(), now(), 1)`);
    }
  });
  afterAll(() => database?.close());

  const [draft, submitted, published] = [id(10), id(11), id(12)];
  /** `restrict_violation`: the words of the database stay in its log. */
  const refused = 'SQLSTATE 23001';
  const messageOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: Error) => error.message,
    );

  it.skipIf(isServer && !server).each([
    ['its spec', sql`spec = '{"a": 2}'`],
    ['its number', sql`number = 77`],
    ['its service', sql`service_id = ${id(2)}`],
    ['who made it', sql`created_by = 'another'`],
    ['that it was submitted', sql`edit_state = 'DRAFT'`],
  ])('keeps %s of a version that was submitted, whoever asks (refused) (REL-10)', async (_what, change) => {
    for (const version of [submitted, published]) {
      const asked = database.db.execute(sql`update release_versions set ${change} where id = ${version}`);
      expect(await messageOf(asked)).toContain(refused);
    }
  });

  it.skipIf(isServer && !server)('does not let a submitted version be deleted (refused) (REL-10)', async () => {
    const asked = database.db.execute(sql`delete from release_versions where id = ${submitted}`);
    expect(await messageOf(asked)).toContain(refused);
  });

  it.skipIf(isServer && !server)('lets a submitted one be published, and a draft change and go', async () => {
    await database.db.execute(
      sql`update release_versions set edit_state = 'PUBLISHED', released_at = now() where id = ${submitted}`,
    );
    await database.db.execute(sql`update release_versions set spec = '{"a": 3}', version = 2 where id = ${draft}`);
    await database.db.execute(sql`delete from release_versions where id = ${draft}`);
    const left = await database.db.execute<{ id: string }>(sql`select id from release_versions order by number`);
    expect(left.map((row) => row.id)).toEqual([submitted, published]);
  });
});
