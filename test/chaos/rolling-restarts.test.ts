import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import type { ReadyLongshore } from '../support/command-line.ts';
import { type Platform, startPlatform } from './support/replicas.ts';
import { runUnderLoad } from './support/replicas-under-load.ts';

const postgres = await startPostgres();

describe.skipIf(!postgres)('two replicas on one PostgreSQL', () => {
  let platform: Platform;
  let replicas: ReadyLongshore[];
  beforeAll(async () => {
    if (!postgres) throw new Error('no PostgreSQL');
    platform = await startPlatform(postgres, { drainNoticeSeconds: 1, drainSpreadSeconds: 1 });
    replicas = [await platform.start(), await platform.start()];
  });
  afterAll(async () => {
    await platform?.[Symbol.asyncDispose]();
    await postgres?.stop();
  });

  it('restart one after the other without a failed request; subscribers lose nothing and have nothing twice (P37)', async () => {
    const codes: (number | null)[] = [];
    const report = await runUnderLoad(
      platform,
      { requestsPerSecond: 20, writesPerSecond: 2, eventsPerSecond: 10 },
      async () => {
        for (const [index, replica] of replicas.entries()) {
          codes.push(await platform.drain(replica));
          if (index === 0) await platform.start();
        }
      },
    );
    expect(report.failures).toEqual([]);
    expect(report.faults).toEqual([]);
    expect(codes).toEqual([0, 0]);
    // Nobody’s stream was just cut off.
    expect(new Set(report.ends)).toEqual(new Set([1012, 'OVERLOADED']));
    expect(report.sent).toBeGreaterThan(100);
  });
});
