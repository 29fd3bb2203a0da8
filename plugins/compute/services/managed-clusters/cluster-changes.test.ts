import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { OperationHandle, Principal } from 'longshore/sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../../src/data/testing/open-test-database.ts';
import { startPostgres } from '../../../../src/data/testing/start-postgres.ts';
import { createManualClock } from '../../../../src/kernel/manual-clock.ts';
import { type ClusterChanges, createClusterChanges } from './cluster-changes.ts';

const migrations = [
  { plugin: 'compute', folder: fileURLToPath(new URL('../../../../migrations/compute', import.meta.url)) },
];
const server = await startPostgres();
let database: TestDatabase;
let changes: ClusterChanges;
/** Between the claim and the commit: until both are there, or one has to wait for the other. */
let before: () => Promise<void> = async () => {};

beforeAll(async () => {
  if (!server) return;
  database = await openTestDatabase({ migrations, url: await server.createDatabase() });
  const never = async (): Promise<never> => Promise.reject(new Error('nobody asks'));
  changes = createClusterChanges({
    database,
    clock: createManualClock(Date.UTC(2026, 0, 1)),
    operations: { get: async () => undefined, steps: { start: () => before(), list: never } as never },
    queue: { enqueue: never },
    loops: { CREATE: loop('create'), EXPAND: loop('expand'), DELETE: loop('delete') },
  });
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

const loop = (name: string) => ({ name, description: name, timeoutMs: 1_000, steps: [] });

function expand(name: string, hosts: readonly string[], namespace = 'fleet'): Promise<void> {
  const plan = {
    ...{ stageMinutes: 30, stalledMinutes: null },
    expand: {
      ...{ after: [], before: {}, known: [], added: hosts.length, unitLabel: 'unit' },
      hosts: hosts.map((host) => ({ name: host, mark: `mark-of-${name}` })),
    },
  };
  const place = { cluster: 'east', namespace, name, kind: 'EXPAND', uid: randomUUID(), workspaceId: null } as const;
  const ticket: OperationHandle = { id: randomUUID(), isDryRun: false, note: () => {} };
  return changes.begin({ ...place, plan }, ticket, { name: 'anna' } as Principal, { type: 'expand', id: name });
}

it.skipIf(!server)(
  'machines that are there are promised to one cluster alone, however close two ask on PostgreSQL (CMP-24) (refused)',
  async () => {
    for (let round = 0; round < 10; round += 1) {
      let open = 0;
      before = async () => {
        open += 1;
        // As long as the other one needs to come as far, where nothing holds it.
        if (open === 1) await new Promise((resolve) => setTimeout(resolve, 5));
      };
      const names = ['a', 'b', 'c'].map((each) => `${each}-${round}`);
      const ended = await Promise.allSettled(names.map((name) => expand(name, [`host-${round}`, `own-${name}`])));
      const refused = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      expect(refused).toMatchObject([{ code: 'CONFLICT' }, { code: 'CONFLICT' }]);
      expect((await changes.open()).filter(({ name }) => names.includes(name))).toHaveLength(1);
    }
  },
);

it.skipIf(!server)('machines of another namespace, or of nobody any more, are free (CMP-24)', async () => {
  before = async () => {};
  await expand('one', ['shared']);
  await expand('two', ['shared'], 'other-fleet');
  await expect(expand('three', ['shared'])).rejects.toMatchObject({
    message: "Machine 'shared' has just been promised to managed cluster 'one'.",
  });
  await expand('three', ['another']);
  expect((await changes.open()).filter(({ name }) => ['one', 'two', 'three'].includes(name))).toHaveLength(3);
});
