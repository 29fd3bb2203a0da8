import postgresClient from 'postgres';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import { type Platform, startPlatform } from '../chaos/support/replicas.ts';
import { runUnderLoad } from '../chaos/support/replicas-under-load.ts';
import { until } from '../support/until.ts';

const postgres = await startPostgres();
afterAll(() => postgres?.stop());

describe.skipIf(!postgres)('replicas on one PostgreSQL', () => {
  let platform: Platform;
  beforeEach(async () => {
    if (!postgres) throw new Error('no PostgreSQL');
    platform = await startPlatform(postgres, {
      drainNoticeSeconds: 2,
      drainSpreadSeconds: 5,
      // What is asked here is one caller.
      limits: { inFlightPerPrincipal: 200 },
    });
  });
  afterEach(() => platform?.[Symbol.asyncDispose]());

  it('restart five times, both, at 200 requests a second: none fails, and subscribers lose nothing and have nothing twice (P37)', async () => {
    const replicas = [await platform.start(), await platform.start()];
    const report = await runUnderLoad(
      platform,
      { requestsPerSecond: 200, writesPerSecond: 5, eventsPerSecond: 10 },
      async () => {
        for (let round = 0; round < 10; round += 1) {
          const [oldest] = replicas.splice(0, 1);
          if (!oldest) throw new Error('no replica');
          expect(await platform.drain(oldest)).toBe(0);
          replicas.push(await platform.start());
        }
      },
    );
    expect(report.failures).toEqual([]);
    expect(report.faults).toEqual([]);
    expect(new Set(report.ends)).toEqual(new Set([1012, 'OVERLOADED']));
    expect(report.sent).toBeGreaterThan(200 * 60);
  }, 600_000);

  it('three, of which the one that journals is killed: another takes over, and who comes back with its cursor lost nothing (P37)', async () => {
    const sql = postgresClient(platform.databaseUrl, { max: 1, onnotice: () => {} });
    const lease = async () => {
      const [row] = await sql<{ fence: string; holder: string }[]>`
        select fence, holder from core_leases where name = 'cluster/main' and expires_at > now()`;
      if (!row) throw new Error('nobody journals');
      return row;
    };
    try {
      const holder = await platform.start();
      const before = await until(lease);
      await platform.start();
      await platform.start();
      expect((await lease()).holder).toBe(before.holder);
      const report = await runUnderLoad(
        platform,
        { requestsPerSecond: 50, writesPerSecond: 5, eventsPerSecond: 20 },
        async () => {
          await platform.kill(holder);
          await until(async () => expect((await lease()).holder).not.toBe(before.holder), 40_000);
        },
      );
      expect(report.faults).toEqual([]);
      expect(Number((await lease()).fence)).toBeGreaterThan(Number(before.fence));
      // Only what was under way at the killed one, until the balancer had noticed.
      expect(report.failures.length).toBeLessThan(50);
    } finally {
      await sql.end();
    }
  }, 300_000);
});
