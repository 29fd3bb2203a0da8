import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../data/testing/open-test-database.ts';
import { ForbiddenError, PreconditionError, UpstreamError } from '../kernel/answer-error.ts';
import { createFailpoints } from '../kernel/failpoints.ts';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import { type Principal, systemPrincipal } from '../kernel/principal.ts';
import { RequestError } from '../kernel/request-error.ts';
import { noTracing } from '../kernel/tracing.ts';
import type { ReconcileContext } from '../work/reconciler.ts';
import { workOnKey } from '../work/work-on-key.ts';
import { type ClaimedKey, createWorkQueue, type WorkQueue } from '../work/work-queue.ts';
import { createOperationRecords } from './create-operation-records.ts';
import type { LongOperation, RunningOperation, StepResult } from './long-operation.ts';
import { operationActor } from './operation-actor.ts';
import type { OperationRecord, OperationRecords } from './operation-records.ts';
import { planOf, toStepReconciler } from './run-long-operation.ts';

const clock = createManualClock();
const failpoints = createFailpoints();
let database: TestDatabase;
let records: OperationRecords;
let queue: WorkQueue;
beforeAll(async () => {
  database = await openTestDatabase();
  records = createOperationRecords({ database, clock, logger: silentLogger, failpoints });
  queue = createWorkQueue(database, clock);
});
beforeEach(async () => {
  await database.empty();
  done.length = 0;
  doneAs.length = 0;
  callerOf = () => systemPrincipal;
  outcomes.clear();
});
afterAll(() => database.close());

const ann: Principal = { ...systemPrincipal, id: 'dev:ann', name: 'ann', kind: 'USER' };
/** As whom a step is done. */
let callerOf: (record: OperationRecord) => Principal = () => systemPrincipal;
const doneAs: string[] = [];

/** What each step did, in the order of time; and what it is to answer, where that is not `done`. */
const done: string[] = [];
const outcomes = new Map<string, () => StepResult>();
const step = (name: string) => ({
  name,
  description: `Does ${name}.`,
  async run({ ticket, principal }: RunningOperation): Promise<StepResult> {
    doneAs.push(principal.id);
    done.push(name);
    ticket.note({ verb: 'APPLY', name } as never);
    return outcomes.get(name)?.() ?? 'done';
  },
});
const creation: LongOperation = {
  name: 'test.creations',
  description: 'Makes something in three steps.',
  steps: [step('prepare'), step('install'), step('verify')],
};
const names = creation.steps.map(({ name }) => name);
const reconciler = () => toStepReconciler(creation, records, (record) => callerOf(record));

const spec = {
  action: 'createThing',
  principal: systemPrincipal,
  requestId: 'r',
  target: { plugin: 'test', type: 'Thing', id: 'thing' },
  idempotency: { key: 'k', inputHash: 'h' },
};
const begin = () =>
  records.run(spec, async (ticket) => {
    const result = { type: 'createThing', id: 'thing' };
    await database.transaction(() => records.steps.start(ticket, planOf(creation, ticket, { result })));
    return { value: 1, result };
  });

/** One look of one replica at whatever is due; false where nothing is. */
async function look(): Promise<boolean> {
  const [claimed] = await queue.claim({ reconcilers: [creation.name], holder: 'me', limit: 1, leaseMs: 30_000 });
  if (!claimed) return false;
  await workOnKey(reconciler(), claimed, {
    queue,
    clock,
    logger: silentLogger,
    failpoints,
    tracing: noTracing,
    leaseMs: 30_000,
    stopSignal: new AbortController().signal,
    random: () => 1,
    service: () => undefined,
  });
  return true;
}
const contextOf = ({ fence, attempt }: ClaimedKey): ReconcileContext => ({
  signal: new AbortController().signal,
  fence,
  attempt,
  clock,
  failpoints,
  logger: silentLogger,
  service: () => {
    throw new Error('no service is there');
  },
});
async function lookUntilQuiet(): Promise<void> {
  while (await look());
}
async function only() {
  const { records: found } = await records.list({}, { first: 2 });
  const [record] = found;
  if (!record || found.length > 1) throw new Error(`${found.length} records`);
  return record;
}
const statuses = async () => (await only()).steps.map(({ status }) => status);

describe('a long operation', () => {
  it('stays PENDING when its request has ended, and SUCCEEDS with its last step (CORE-22, CORE-23)', async () => {
    await begin();
    expect(await only()).toMatchObject({ status: 'PENDING', runner: { name: 'test.creations' } });
    expect(await statuses()).toEqual(['NOT_EXECUTED', 'NOT_EXECUTED', 'NOT_EXECUTED']);
    await look();
    expect(await statuses()).toEqual(['SUCCESS', 'NOT_EXECUTED', 'NOT_EXECUTED']);
    await lookUntilQuiet();
    expect(done).toEqual(names);
    expect(await only()).toMatchObject({ status: 'SUCCEEDED', finishedAt: new Date(clock.now()), writeCount: 3 });
  });

  it('answers a repetition with the same key while it is under way', async () => {
    await begin();
    expect(await begin()).toMatchObject({ isReplay: true, result: { id: 'thing' } });
  });

  it('is told of at each step', async () => {
    const told: string[] = [];
    const stop = records.onWrite(async ({ record }) => {
      told.push(`${record.status} ${record.steps.map(({ status }) => status[0]).join('')}`);
    });
    await begin();
    await lookUntilQuiet();
    stop();
    expect(told).toEqual([
      'PENDING ',
      'PENDING NNN',
      'PENDING RNN',
      'PENDING SNN',
      'PENDING SRN',
      'PENDING SSN',
      'PENDING SSR',
      'SUCCEEDED SSS',
    ]);
  });

  it('waits where a step says so, and keeps what it wrote', async () => {
    outcomes.set('install', () => ({ againAfterMs: 5_000 }));
    await begin();
    await lookUntilQuiet();
    expect(await statuses()).toEqual(['SUCCESS', 'RUNNING', 'NOT_EXECUTED']);
    expect((await only()).writeCount).toBe(2);
    outcomes.clear();
    clock.advance(5_000);
    await lookUntilQuiet();
    expect((await only()).status).toBe('SUCCEEDED');
  });

  it('is not swept while it is under way, and woken where its key was lost', async () => {
    await begin();
    await database.db.execute('delete from core_queue');
    clock.advance(10 * 60_000);
    await records.sweep(async () => ({ status: 'FAILED' }));
    expect((await only()).status).toBe('PENDING');
    await lookUntilQuiet();
    expect((await only()).status).toBe('SUCCEEDED');
  });
});

describe('an operation that nobody carries on', () => {
  const here = { runners: new Set(['other.loops']) };
  const sweep = (runners = here) => records.sweep(async () => undefined, runners);

  it('fails after an hour in which nothing moved, says that its plugin is gone, and can be gone on with (CORE-22, CORE-23)', async () => {
    await begin();
    await look();
    clock.advance(59 * 60_000);
    await sweep();
    expect((await only()).status).toBe('PENDING');
    clock.advance(2 * 60_000);
    await sweep({ runners: new Set([creation.name]) });
    expect((await only()).status).toBe('PENDING');
    await sweep();
    expect(await only()).toMatchObject({
      status: 'FAILED',
      error: {
        code: 'CAPABILITY_MISSING',
        message: expect.stringContaining("Nothing here carries on 'test.creations'"),
      },
    });
    expect(await look()).toBe(false);
    await records.steps.decide((await only()).id, 'install', 'retry', { by: ann });
    await lookUntilQuiet();
    expect((await only()).status).toBe('SUCCEEDED');
  });

  it('is left to the replica that holds its key (refused)', async () => {
    await begin();
    clock.advance(2 * 60 * 60_000);
    const [claimed] = await queue.claim({ reconcilers: [creation.name], holder: 'newer', limit: 1, leaseMs: 30_000 });
    expect(claimed).toBeDefined();
    await sweep();
    expect((await only()).status).toBe('PENDING');
  });
});

describe('whom a step is done as', () => {
  it('is who the operation is of, asked anew for each step (CORE-09, CORE-23)', async () => {
    callerOf = (record) => ({ ...ann, id: `${operationActor(record).id} ${doneAs.length}` });
    await begin();
    await lookUntilQuiet();
    expect(doneAs).toEqual(['system:longshore 0', 'system:longshore 1', 'system:longshore 2']);
  });

  it('is nobody once they may not: the step is not begun, and fails with the reason (CORE-23, refused)', async () => {
    callerOf = () => {
      if (doneAs.length === 0) return ann;
      throw new ForbiddenError("'ann', in whose name this is done, may not be here any more");
    };
    await begin();
    await lookUntilQuiet();
    expect(doneAs).toEqual([ann.id]);
    expect(await only()).toMatchObject({
      status: 'FAILED',
      error: { code: 'FORBIDDEN', message: expect.stringContaining('may not be here any more') },
    });
  });

  it('is asked again later where that cannot be told (CORE-23)', async () => {
    callerOf = () => {
      throw new RequestError('UPSTREAM_UNAVAILABLE', 'try again');
    };
    await begin();
    await look();
    expect((await only()).status).toBe('PENDING');
    callerOf = () => ann;
    clock.advance(60_000);
    await lookUntilQuiet();
    expect((await only()).status).toBe('SUCCEEDED');
  });

  it('is whoever decided on a step last (CORE-23)', async () => {
    callerOf = (record) => ({ ...ann, ...operationActor(record), impersonatedBy: { id: 'x', name: 'x' } });
    outcomes.set('install', () => {
      throw new PreconditionError('NO_LICENSE', 'there is no licence');
    });
    await begin();
    await lookUntilQuiet();
    outcomes.clear();
    const by = { ...ann, impersonatedBy: { id: 'dev:ada', name: 'ada' } };
    await records.steps.decide((await only()).id, 'install', 'retry', { by });
    await lookUntilQuiet();
    expect(doneAs).toEqual(['system:longshore', 'system:longshore', 'dev:ann', 'dev:ann']);
    expect((await only()).steps[1]?.decidedBy).toEqual({
      id: 'dev:ann',
      name: 'ann',
      impersonatedBy: { id: 'dev:ada', name: 'ada' },
    });
  });
});

describe('a step that fails', () => {
  const refused = () => {
    throw new PreconditionError('NO_LICENSE', 'there is no licence');
  };
  beforeEach(async () => {
    outcomes.set('install', refused);
    await begin();
    await lookUntilQuiet();
  });

  it('stops the operation and says why (CORE-21, CORE-23)', async () => {
    const record = await only();
    expect(record).toMatchObject({
      status: 'FAILED',
      error: { code: 'PRECONDITION_FAILED', message: "Step 'install' failed: there is no licence" },
    });
    expect(record.steps[1]).toMatchObject({ status: 'ERROR', error: { message: 'there is no licence' }, attempts: 1 });
    expect(done).toEqual(['prepare', 'install']);
  });

  it('is done again by retry, and what follows it (CORE-23)', async () => {
    outcomes.clear();
    const decided = await records.steps.decide((await only()).id, 'install', 'retry', { by: ann });
    expect(decided).toMatchObject({ status: 'PENDING', error: undefined, finishedAt: undefined });
    await lookUntilQuiet();
    expect(done).toEqual(['prepare', 'install', 'install', 'verify']);
    expect((await only()).steps[1]).toMatchObject({ status: 'SUCCESS', attempts: 2, error: null });
    expect((await only()).status).toBe('SUCCEEDED');
  });

  it('is passed over by ignore (CORE-23)', async () => {
    await records.steps.decide((await only()).id, 'install', 'ignore', { by: ann });
    await lookUntilQuiet();
    expect(done).toEqual(['prepare', 'install', 'verify']);
    expect((await only()).steps[1]).toMatchObject({ status: 'ERROR', isIgnored: true });
    expect((await only()).status).toBe('SUCCEEDED');
  });

  it('is left alone by a dry run', async () => {
    await records.steps.decide((await only()).id, 'install', 'retry', { by: ann, isDryRun: true });
    expect((await only()).status).toBe('FAILED');
    expect(await look()).toBe(false);
  });

  it.each([
    'prepare',
    'verify',
  ])('is the only one that can be decided about, not %s (CORE-23, refused)', async (name) => {
    const { id } = await only();
    await expect(records.steps.decide(id, name, 'retry', { by: ann })).rejects.toMatchObject({
      reason: 'STEP_NOT_FAILED',
    });
    await expect(records.steps.decide(id, name, 'ignore', { by: ann })).rejects.toMatchObject({
      reason: 'STEP_NOT_FAILED',
    });
    expect((await only()).status).toBe('FAILED');
  });
});

it('tries what may pass again by itself, and fails the step after the sixth time (CORE-23)', async () => {
  outcomes.set('install', () => {
    throw new UpstreamError('cluster:dev', 'the cluster does not answer');
  });
  await begin();
  await lookUntilQuiet();
  expect(await statuses()).toEqual(['SUCCESS', 'RUNNING', 'NOT_EXECUTED']);
  for (let tries = 0; tries < 5; tries += 1) {
    clock.advance(10 * 60_000);
    await lookUntilQuiet();
  }
  expect(done.filter((name) => name === 'install')).toHaveLength(6);
  expect((await only()).steps[1]).toMatchObject({ status: 'ERROR', error: { code: 'UPSTREAM' } });
});

describe('a process that is killed', () => {
  /** Never comes back: as if the process had ended there. Its lease runs out and another goes on. */
  const places = ['begin', 'finish'].flatMap((what) => [
    `operation.steps.before-${what}`,
    `operation.steps.after-${what}`,
  ]);

  it.each([
    ...places,
    'queue.before-finish',
  ])('at %s loses no step and does none twice in the record (P11, P19)', async (place) => {
    await begin();
    const killed = Promise.withResolvers<void>();
    const disarm = failpoints.arm(place, () => {
      disarm();
      killed.resolve();
      return new Promise(() => {});
    });
    const [dead] = await queue.claim({ reconcilers: [creation.name], holder: 'dead', limit: 1, leaseMs: 30_000 });
    if (!dead) throw new Error('nothing was claimed');
    // Nobody renews its lease, and nobody waits for it.
    const last = reconciler().reconcile(dead.fence.key, contextOf(dead));
    last.then(() => failpoints.reach('queue.before-finish')).catch(() => {});
    await killed.promise;
    clock.advance(31_000);
    await lookUntilQuiet();
    expect((await only()).status).toBe('SUCCEEDED');
    expect(await statuses()).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
    expect([...new Set(done)]).toEqual(names);
    expect((await only()).steps.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
  });

  it('writes nothing more once another has the key (refused)', async () => {
    await begin();
    const [old] = await queue.claim({ reconcilers: [creation.name], holder: 'old', limit: 1, leaseMs: 1_000 });
    clock.advance(2_000);
    await lookUntilQuiet();
    const { id } = await only();
    if (!old) throw new Error('nothing was claimed');
    await expect(records.steps.fail(id, 'verify', new Error('late'), old.fence)).rejects.toThrow(
      'held by someone else',
    );
    expect((await only()).status).toBe('SUCCEEDED');
  });
});
