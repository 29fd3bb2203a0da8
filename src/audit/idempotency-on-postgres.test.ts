import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../data/testing/open-test-database.ts';
import { startPostgres } from '../data/testing/start-postgres.ts';
import { systemClock } from '../kernel/clock.ts';
import { createFailpoints } from '../kernel/failpoints.ts';
import { silentLogger } from '../kernel/logger.ts';
import { systemPrincipal } from '../kernel/principal.ts';
import { createOperationRecords } from './create-operation-records.ts';

const server = await startPostgres();

describe.skipIf(!server)('an idempotency key on two replicas', () => {
  const replicas: TestDatabase[] = [];
  beforeAll(async () => {
    const url = await server?.createDatabase();
    for (let i = 0; i < 2; i += 1) replicas.push(await openTestDatabase(url === undefined ? {} : { url }));
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await server?.stop();
  });

  it('has one effect and a hundred equal answers, even where the first attempt fails', async () => {
    const records = replicas.map((database) =>
      createOperationRecords({ database, clock: systemClock, logger: silentLogger, failpoints: createFailpoints() }),
    );
    const spec = {
      action: 'scaleWorkload',
      principal: systemPrincipal,
      requestId: 'r',
      target: { plugin: 'compute', type: 'Deployment', id: 'web' },
      idempotency: { key: 'k', inputHash: 'h' },
    };
    let [attempts, effects] = [0, 0];
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) =>
        records[index % 2]?.run(spec, async () => {
          attempts += 1;
          if (attempts === 1) throw new Error('the first fails');
          await new Promise((resolve) => setImmediate(resolve));
          effects += 1;
          return { value: 1, result: { type: 'Deployment', id: `web-${effects}` } };
        }),
      ),
    );
    expect(effects).toBe(1);
    expect(answers.filter((answer) => answer.status === 'rejected')).toHaveLength(1);
    const ids = answers.flatMap((answer) =>
      answer.status === 'fulfilled' && answer.value ? [answer.value.record.id] : [],
    );
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(99);
    expect(await records[0]?.count({ statuses: ['PENDING'] })).toBe(0);
  });
});
