import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../data/testing/open-test-database.ts';
import { systemClock } from '../kernel/clock.ts';
import { createFailpoints } from '../kernel/failpoints.ts';
import { silentLogger } from '../kernel/logger.ts';
import type { LeasedLoop } from './leased-loop.ts';
import { createLeases } from './leases.ts';
import { runLeasedLoops } from './run-leased-loops.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(() => database.empty());
afterAll(() => database.close());

const name = 'test.follow';

/** One replica: which keys it holds at this moment. */
function startReplica(wanted: () => readonly string[]) {
  const holding = new Set<string>();
  const loop: LeasedLoop = {
    name,
    description: 'test',
    keys: async () => wanted(),
    async whileHeld(key, { signal }) {
      holding.add(key);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      holding.delete(key);
    },
  };
  const common = { database, clock: systemClock, logger: silentLogger };
  const leases = createLeases(common);
  const loops = runLeasedLoops({
    ...common,
    leases,
    loops: [loop],
    failpoints: createFailpoints(),
    service: () => undefined,
  });
  return { holding, stop: loops.stop };
}

describe('leased loops', () => {
  it('hold each wanted key at one replica at a time, and pass it on when that goes (P12)', async () => {
    const [one, other] = [startReplica(() => ['a', 'b', 'c']), startReplica(() => ['a', 'b', 'c'])];
    const all = () => [...one.holding, ...other.holding].sort();
    await expect.poll(all, { timeout: 10_000 }).toEqual(['a', 'b', 'c']);
    await one.stop();
    expect(one.holding.size).toBe(0);
    await expect.poll(() => [...other.holding].sort(), { timeout: 10_000 }).toEqual(['a', 'b', 'c']);
    await other.stop();
    expect(all()).toEqual([]);
  });

  it('take up what is wanted and give up what is not any more as soon as somebody says so', async () => {
    let wanted = ['a', 'b'];
    const replica = startReplica(() => wanted);
    await expect.poll(() => [...replica.holding].sort(), { timeout: 10_000 }).toEqual(['a', 'b']);
    wanted = ['b', 'c'];
    await database.signal(name, 'c');
    await expect.poll(() => [...replica.holding].sort(), { timeout: 3_000 }).toEqual(['b', 'c']);
    await replica.stop();
  });

  it('go on with what they hold while their keys cannot be read', async () => {
    let isAway = false;
    let asked = 0;
    const replica = startReplica(() => {
      asked += isAway ? 2 : 0;
      if (isAway) throw new Error('away');
      return ['a'];
    });
    await expect.poll(() => [...replica.holding], { timeout: 10_000 }).toEqual(['a']);
    isAway = true;
    await database.signal(name, 'a');
    await expect.poll(() => asked).toBeGreaterThan(1);
    expect([...replica.holding]).toEqual(['a']);
    await replica.stop();
  });

  it('do not start with a name twice', () => {
    const loop: LeasedLoop = { name, description: 'test', keys: async () => [], whileHeld: async () => {} };
    const common = { database, clock: systemClock, logger: silentLogger };
    const given = { ...common, leases: createLeases(common), failpoints: createFailpoints(), service: () => undefined };
    expect(() => runLeasedLoops({ ...given, loops: [loop, loop] })).toThrow("two leased loops are named 'test.follow'");
  });
});
