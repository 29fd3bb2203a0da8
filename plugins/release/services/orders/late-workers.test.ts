import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../../src/data/testing/open-test-database.ts';
import { startPostgres } from '../../../../src/data/testing/start-postgres.ts';
import { openReleaseDatabase, playOrders } from '../../testing/play-orders.ts';
import { releaseLoop } from './apply-change.ts';

const server = await startPostgres();
const rounds = process.env.LONGSHORE_TEST_LONG === '1' ? 1_000 : 10;

describe.each([
  ['the embedded database', false],
  ['PostgreSQL', true],
] as const)('a worker that wakes up behind its lease, on %s (P12)', (_name, isServer) => {
  let database: TestDatabase;
  beforeAll(async () => {
    if (isServer && server) database = await openReleaseDatabase(await server.createDatabase());
    else if (!isServer) database = await openReleaseDatabase();
  });
  beforeEach(() => database?.empty());
  afterAll(async () => {
    await database?.close();
    if (isServer) await server?.stop();
  });

  it.skipIf(isServer && !server)(
    'writes nothing any more, neither to the database nor to the cluster',
    { timeout: 3_600_000 },
    async () => {
      for (let round = 0; round < rounds; round += 1) {
        await database.empty();
        const play = playOrders(database);
        const { serviceId, versions } = await play.addService('front', 4);
        const order = await play.create([{ serviceId, versionId: versions[0] ?? '' }], { betaGroup: false });
        await play.settle();
        await play.act('START', order.uuid);
        // Another step of the release each round, and another point of it.
        for (let steps = 0; steps < round % 7; steps += 1) await play.step();
        const held = Promise.withResolvers<void>();
        const reached = Promise.withResolvers<void>();
        const points = ['before-write', 'before-change-waiting', 'before-change-pre_tasks', 'before-change-groups'];
        const disarm = points.map((point) =>
          play.failpoints.arm(`${releaseLoop}.${point}`, () => {
            for (const each of disarm) each();
            reached.resolve();
            return held.promise;
          }),
        );
        const late = play.step('late');
        await Promise.race([reached.promise, late]);
        for (const each of disarm) each();
        play.clock.advance(300_000);
        expect(await play.settle(600_000)).toBe(true);
        const before = { cluster: play.cluster.effects.length, events: (await play.rows()).events.length };
        held.resolve();
        await late;
        const after = await play.rows();
        expect({ cluster: play.cluster.effects.length, events: after.events.length }).toEqual(before);
        expect(after.order?.state).toBe('SUCCEEDED');
        for (const each of disarm) each();
      }
    },
  );
});
