import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../data/testing/open-test-database.ts';
import { ConflictError, NotFoundError, UpstreamError, ValidationError } from '../kernel/answer-error.ts';
import { createFailpoints } from '../kernel/failpoints.ts';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock, type ManualClock } from '../kernel/manual-clock.ts';
import { createRecordedTracing } from '../kernel/recorded-tracing.ts';
import { assertFence, FenceLostError } from './fence.ts';
import type { Job } from './job.ts';
import { again, type ReconcileContext, type ReconcileResult, type Reconciler, settled } from './reconciler.ts';
import { createReconcilerRunner, type ReconcilerRunner, type ReconcilerRunnerOptions } from './reconciler-runner.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

let database: TestDatabase;
let clock: ManualClock;
let queue: WorkQueue;
const runners: ReconcilerRunner[] = [];
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  await database.empty();
  clock = createManualClock();
  queue = createWorkQueue(database, clock);
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => moving(runner.stop())));
});
afterAll(() => database.close());

const failpoints = createFailpoints();

function run(
  reconcile: (key: string, context: ReconcileContext) => Promise<ReconcileResult>,
  over: Partial<ReconcilerRunnerOptions> & { timeoutMs?: number } = {},
): ReconcilerRunner {
  const reconciler: Reconciler = {
    name: 'test.things',
    description: 'test',
    reconcile,
    ...(over.timeoutMs ? { timeoutMs: over.timeoutMs } : {}),
  };
  const runner = createReconcilerRunner({
    queue,
    clock,
    logger: silentLogger,
    failpoints,
    reconcilers: [reconciler],
    jobs: [],
    random: () => 1,
    ...over,
  });
  runners.push(runner);
  runner.start();
  return runner;
}

/** Moves time until something holds. A query between the steps lets what is under way go on. */
async function moveUntil(holds: () => boolean | Promise<boolean>, stepMs = 100): Promise<void> {
  while (!(await holds())) {
    await database.db.execute('select 1');
    clock.advance(stepMs);
  }
}
async function moving<T>(promise: Promise<T>, stepMs = 100): Promise<T> {
  let isSettled = false;
  const done = promise.finally(() => {
    isSettled = true;
  });
  done.catch(() => undefined);
  await moveUntil(() => isSettled, stepMs);
  return done;
}
const waiting = () => queue.list('test.things', 10);
const keyIs = async (dueInMs: number) =>
  (await waiting()).map((entry) => entry.dueAt.getTime() - clock.now()).includes(dueInMs);

describe('the reconciler runner', () => {
  it('makes each look a trace of its own, with the statements it sends inside, and says of one that it failed', async () => {
    const tracing = createRecordedTracing();
    run(
      async (key) => {
        await database.db.execute('select 42');
        if (key === 'bad') throw new ConflictError('no');
        return settled;
      },
      { tracing },
    );
    await queue.enqueue('test.things', 'good');
    await queue.enqueue('test.things', 'bad');
    const looks = () => tracing.spans.filter(({ name }) => name === 'reconcile test.things');
    await moveUntil(() => looks().length === 2 && looks().every(({ isEnded }) => isEnded));
    const failures = looks().map(({ attributes, failure }) => [attributes['longshore.key'], failure]);
    expect(Object.fromEntries(failures)).toEqual({ good: undefined, bad: 'CONFLICT' });
    const statements = tracing.spans.filter(({ attributes }) => attributes['db.query.text'] === 'select 42');
    expect(statements.map(({ name, within }) => [name, within])).toEqual([
      ['SELECT', ['reconcile test.things']],
      ['SELECT', ['reconcile test.things']],
    ]);
  });

  it('looks at a key as soon as it is put in, and forgets it once it is settled', async () => {
    const seen: string[] = [];
    run(async (key) => {
      seen.push(key);
      return settled;
    });
    await queue.enqueue('test.things', 'a');
    await expect.poll(() => seen).toEqual(['a']);
    await expect.poll(waiting).toEqual([]);
  });

  it('looks at keys that were put in before it began', async () => {
    await queue.enqueue('test.things', 'a');
    const seen: string[] = [];
    run(async (key) => {
      seen.push(key);
      return settled;
    });
    await expect.poll(() => seen).toEqual(['a']);
  });

  it('looks at a key put in by a transaction only once that has committed', async () => {
    const seen: string[] = [];
    run(async (key) => {
      seen.push(key);
      return settled;
    });
    await database
      .transaction(async () => {
        await queue.enqueue('test.things', 'lost');
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    await database.transaction(() => queue.enqueue('test.things', 'kept'));
    await expect.poll(() => seen).toEqual(['kept']);
  });

  it('comes back when the reconciler said', async () => {
    const times: number[] = [];
    const start = clock.now();
    run(async () => {
      times.push(clock.now() - start);
      return times.length < 3 ? again(60_000) : settled;
    });
    await queue.enqueue('test.things', 'a');
    await expect.poll(() => keyIs(60_000)).toBe(true);
    await moveUntil(() => times.length === 2);
    expect(times[1]).toBeGreaterThanOrEqual(60_000);
    expect(times[1]).toBeLessThanOrEqual(60_200);
  });

  it('looks again at a key that was woken while it was worked on, and never at one key twice at a time', async () => {
    const go = Promise.withResolvers<void>();
    let [looks, atATime, most] = [0, 0, 0];
    run(async () => {
      looks += 1;
      atATime += 1;
      most = Math.max(most, atATime);
      if (looks === 1) await go.promise;
      atATime -= 1;
      return settled;
    });
    await queue.enqueue('test.things', 'a');
    await expect.poll(() => looks).toBe(1);
    await queue.enqueue('test.things', 'a');
    await queue.enqueue('test.things', 'a');
    go.resolve();
    await expect.poll(waiting).toEqual([]);
    expect([looks, most]).toEqual([2, 1]);
  });

  it('works on no more keys at a time than it has workers, and on all in the end', async () => {
    let [atATime, most, done] = [0, 0, 0];
    run(
      async () => {
        atATime += 1;
        most = Math.max(most, atATime);
        await new Promise((resolve) => setImmediate(resolve));
        atATime -= 1;
        done += 1;
        return settled;
      },
      { workers: 3 },
    );
    await Promise.all(Array.from({ length: 20 }, (_, index) => queue.enqueue('test.things', `key-${index}`)));
    await expect.poll(() => done).toBe(20);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('finds by polling what no signal told it', async () => {
    const seen: string[] = [];
    run(async (key) => {
      seen.push(key);
      return settled;
    });
    await database.db.execute(
      `insert into core_queue (reconciler, key, due_at, wakeups, fence, attempts, created_at)
       values ('test.things', 'quiet', '2020-01-01', 1, 0, 0, '2020-01-01')`,
    );
    await moveUntil(() => seen.length > 0);
    expect(seen).toEqual(['quiet']);
  });

  it('refuses two reconcilers of one name (refused)', () => {
    const twice: Reconciler = { name: 'test.things', description: '', reconcile: async () => settled };
    expect(() => run(async () => settled, { reconcilers: [twice, twice] })).toThrow(
      "two reconcilers are named 'test.things'",
    );
  });
});

describe('a reconciler that throws', () => {
  it.each([
    {
      name: 'backs off where an upstream failed',
      error: new UpstreamError('x', 'away'),
      inMs: 1_000,
      lastError: 'UPSTREAM: away',
    },
    {
      name: 'waits where something must change',
      error: new ValidationError([{ path: [], message: 'bad', code: 'bad' }]),
      inMs: 600_000,
      lastError: 'VALIDATION: bad',
    },
    {
      name: 'reads again where something changed',
      error: new ConflictError('changed'),
      inMs: 50,
      lastError: 'CONFLICT: changed',
    },
    {
      name: 'backs off from a fault of ours and keeps its text in the log',
      error: new Error('password=hunter2'),
      inMs: 1_000,
      lastError: 'INTERNAL: see the log',
    },
  ])('$name', async ({ error, inMs, lastError }) => {
    run(() => Promise.reject(error));
    await queue.enqueue('test.things', 'a');
    await expect.poll(async () => (await waiting())[0]?.lastError).toBe(lastError);
    expect(await keyIs(inMs)).toBe(true);
  });

  it('is done where the thing is gone', async () => {
    run(() => Promise.reject(new NotFoundError('gone')));
    await queue.enqueue('test.things', 'a');
    await expect.poll(waiting).toEqual([]);
  });

  it('counts its attempts, and forgets them with the first success', async () => {
    const attempts: number[] = [];
    run(async (_key, { attempt }) => {
      attempts.push(attempt);
      if (attempts.length < 4) throw new UpstreamError('x', 'away');
      return attempts.length < 6 ? again(10) : settled;
    });
    await queue.enqueue('test.things', 'a');
    await moveUntil(() => attempts.length === 6);
    expect(attempts).toEqual([1, 2, 3, 4, 1, 1]);
  });

  it('is looked at at once when it is woken', async () => {
    let isBroken = true;
    let looks = 0;
    run(async () => {
      looks += 1;
      if (isBroken) throw new ValidationError([]);
      return settled;
    });
    await queue.enqueue('test.things', 'a');
    await expect.poll(() => keyIs(600_000)).toBe(true);
    isBroken = false;
    await queue.enqueue('test.things', 'a');
    await expect.poll(waiting).toEqual([]);
    expect(looks).toBe(2);
  });
});

describe('a lease on a key', () => {
  it('is renewed as long as the work lasts', async () => {
    const go = Promise.withResolvers<void>();
    let looks = 0;
    run(async () => {
      looks += 1;
      await go.promise;
      return settled;
    });
    run(async () => {
      looks += 1;
      return settled;
    });
    await queue.enqueue('test.things', 'a');
    await expect.poll(() => looks).toBe(1);
    for (let i = 0; i < 20; i += 1) {
      clock.advance(10_000);
      await expect
        .poll(
          async () => (await database.db.execute('select 1 from core_queue where lease_expires_at > due_at')).length,
        )
        .toBe(1);
    }
    expect(looks).toBe(1);
    go.resolve();
    await expect.poll(waiting).toEqual([]);
  });

  it('passes on when its worker dies, and the attempt is counted', async () => {
    await queue.enqueue('test.things', 'a');
    const [dead] = await queue.claim({ reconcilers: ['test.things'], holder: 'dead', limit: 1, leaseMs: 30_000 });
    expect(dead?.attempt).toBe(1);
    const attempts: number[] = [];
    run(async (_key, { attempt }) => {
      attempts.push(attempt);
      return settled;
    });
    await moveUntil(() => attempts.length > 0);
    expect(attempts).toEqual([2]);
    expect(clock.now() - (dead?.leaseExpiresAt ?? 0)).toBeGreaterThanOrEqual(0);
  });

  it('aborts the work when it was lost, and what that writes is refused', async () => {
    const lost = Promise.withResolvers<unknown>();
    run(async (_key, { signal, fence }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      lost.resolve(
        await database
          .transaction(async (tx) => assertFence(tx, fence))
          .then(
            () => 'accepted',
            (error: unknown) => error,
          ),
      );
      return settled;
    });
    await queue.enqueue('test.things', 'a');
    await expect
      .poll(async () => (await database.db.execute('select 1 from core_queue where holder is not null')).length)
      .toBe(1);
    await database.db.execute(
      "update core_queue set holder = 'other', fence = nextval('core_fences'), lease_expires_at = '2999-01-01'",
    );
    expect(await moving(lost.promise, 1_000)).toBeInstanceOf(FenceLostError);
    expect((await database.db.execute("select 1 from core_queue where holder = 'other'")).length).toBe(1);
  });

  it('ends work that takes too long, even where that does not mind', async () => {
    run(() => new Promise(() => {}), { timeoutMs: 20_000 });
    await queue.enqueue('test.things', 'a');
    await moveUntil(async () => (await waiting())[0]?.lastError === 'INTERNAL: see the log');
  });
});

describe('the end', () => {
  it('lets work under way finish while draining, and takes no more', async () => {
    const go = Promise.withResolvers<void>();
    const seen: string[] = [];
    const runner = run(async (key) => {
      await go.promise;
      seen.push(key);
      return settled;
    });
    await queue.enqueue('test.things', 'a');
    await expect
      .poll(async () => (await database.db.execute('select 1 from core_queue where holder is not null')).length)
      .toBe(1);
    const drained = runner.drain(60_000);
    await queue.enqueue('test.things', 'b');
    go.resolve();
    await drained;
    expect(seen).toEqual(['a']);
    expect((await waiting()).map((entry) => entry.key)).toEqual(['b']);
  });

  it('aborts work under way at the stop and gives its key back at once', async () => {
    const begun = Promise.withResolvers<void>();
    const runner = run((_key, { signal }) => {
      begun.resolve();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    });
    await queue.enqueue('test.things', 'a');
    await begun.promise;
    await runner.stop();
    const claimed = await queue.claim({ reconcilers: ['test.things'], holder: 'next', limit: 1, leaseMs: 1_000 });
    expect(claimed.map((one) => one.fence.key)).toEqual(['a']);
  });

  it('has stopped only once a look that was under way is over, which says nothing any more', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<never>();
    const said: unknown[] = [];
    const runner = run(async () => settled, {
      logger: { ...silentLogger, warn: (...words: unknown[]) => said.push(words) } as never,
      queue: {
        ...queue,
        claim: () => {
          asked.resolve();
          return answer.promise;
        },
      },
    });
    await asked.promise;
    let isOver = false;
    const stopped = runner.stop().then(() => {
      isOver = true;
    });
    await database.db.execute('select 1');
    expect(isOver).toBe(false);
    answer.reject(new UpstreamError('database', 'the database is closed'));
    await stopped;
    expect(said).toEqual([]);
  });

  it('stops within two seconds of work that does not mind', async () => {
    const begun = Promise.withResolvers<void>();
    const runner = run(() => {
      begun.resolve();
      return new Promise(() => {});
    });
    await queue.enqueue('test.things', 'a');
    await begun.promise;
    const start = clock.now();
    await moving(runner.stop(), 10);
    expect(clock.now() - start).toBeLessThanOrEqual(2_010);
  });
});

describe('a job', () => {
  const jobAt = (cron: string, runJob: Job['run']): Job => ({
    name: 'test.job',
    description: 'test',
    cron,
    zone: 'UTC',
    run: runJob,
  });

  it('runs at its times, once over all replicas', async () => {
    const times: string[] = [];
    const job = jobAt('*/5 * * * *', async (context) => {
      times.push(new Date(context.clock.now()).toISOString());
    });
    run(async () => settled, { jobs: [job] });
    run(async () => settled, { jobs: [job] });
    await moveUntil(() => times.length === 3, 5_000);
    expect(times.map((time) => time.slice(11, 16))).toEqual(['00:05', '00:10', '00:15']);
  });

  it('is made up for once, where its time passed while nothing ran', async () => {
    let runs = 0;
    const job = jobAt('0 * * * *', async () => {
      runs += 1;
    });
    const first = run(async () => settled, { jobs: [job] });
    await expect.poll(() => queue.list('job:test.job', 1)).toHaveLength(1);
    await first.stop();
    clock.advance(5 * 3_600_000 + 60_000);
    run(async () => settled, { jobs: [job] });
    await expect.poll(() => runs).toBe(1);
    await expect
      .poll(async () => (await queue.list('job:test.job', 1))[0]?.dueAt.toISOString())
      .toBe('2026-01-01T06:00:00.000Z');
    expect(runs).toBe(1);
  });
});
