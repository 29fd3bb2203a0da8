import { createSeededRandom } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../../src/data/testing/open-test-database.ts';
import { openReleaseDatabase, playOrders } from '../../testing/play-orders.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openReleaseDatabase();
});
afterAll(() => database.close());

const seeds = process.env.LONGSHORE_TEST_LONG === '1' ? 500 : 12;
const replicas = 4;

/** Two orders of one service, and back again; each look at the cluster is as old as `ageOf` says, in looks. */
async function run(ageOf: () => number, seed = 0) {
  await database.empty();
  const play = playOrders(database);
  const { serviceId, versions } = await play.addService('front', replicas);
  const settle = async () => {
    // Only so long: a cache that never comes up to date decides nothing.
    for (let steps = 0; steps < 120; steps += 1) {
      play.cluster.lookBack(ageOf());
      if (!(await play.step())) play.clock.advance(1_000);
    }
    play.cluster.lookBack(0);
    expect({ seed, cameToRest: await play.settle(900_000) }).toEqual({ seed, cameToRest: true });
  };
  let last = '';
  for (const versionId of versions) {
    const order = await play.create([{ serviceId, versionId }], { betaGroup: false });
    last = order.uuid;
    await settle();
    await play.act('START', last);
    await settle();
    expect((await play.store.get([last]))[0]?.state).toBe('SUCCEEDED');
    expect(play.cluster.state()).toEqual({ front: { replicas, versions: Array(replicas).fill(versionId) } });
  }
  await play.act('ROLL_BACK', last);
  await settle();
  expect(play.cluster.state()).toEqual({ front: { replicas, versions: Array(replicas).fill(versions[0]) } });
  expect(play.cluster.violations).toEqual([]);
  return play.cluster.effects.map(({ what }) => what.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'version'));
}

describe('a release whose looks at the cluster are 1 to 50 looks old (P13)', () => {
  it('writes what it writes on fresh ones, each once', { timeout: 3_600_000 }, async () => {
    const fresh = await run(() => 0);
    expect(fresh.filter((what) => what.startsWith('create'))).toHaveLength(1);
    for (let seed = 1; seed <= seeds; seed += 1) {
      const random = createSeededRandom(seed);
      const stale = await run(() => (random.next() < 0.5 ? 0 : 1 + random.below(50)), seed);
      expect({ seed, effects: stale }).toEqual({ seed, effects: fresh });
    }
  });
});
