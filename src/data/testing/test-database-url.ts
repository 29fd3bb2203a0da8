/**
 * An embedded database in memory. Where `LONGSHORE_TEST_DATABASE_IMAGE` names a file that `makeDatabaseImage` made, its tables are there
 * already: making them takes as long as starting the database.
 */
export function testDatabaseUrl(): string {
  return `memory:${process.env.LONGSHORE_TEST_DATABASE_IMAGE ?? ''}`;
}
