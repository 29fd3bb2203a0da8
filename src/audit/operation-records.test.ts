import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { operations } from '../data/tables.ts';
import { openTestDatabase, type TestDatabase } from '../data/testing/open-test-database.ts';
import { ConflictError, ForbiddenError, PreconditionError } from '../kernel/answer-error.ts';
import { createFailpoints } from '../kernel/failpoints.ts';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import { type Principal, systemPrincipal } from '../kernel/principal.ts';
import { createOperationRecords } from './create-operation-records.ts';
import type { OperationFilter, OperationRecords, OperationSpec, SessionMeasure } from './operation-records.ts';

const clock = createManualClock();
const failpoints = createFailpoints();
let database: TestDatabase;
let records: OperationRecords;
beforeAll(async () => {
  database = await openTestDatabase();
  records = createOperationRecords({ database, clock, logger: silentLogger, failpoints });
});
beforeEach(() => database.empty());
afterAll(() => database.close());

const anna: Principal = { ...systemPrincipal, id: 'token:anna', name: 'anna', kind: 'TOKEN', roles: ['DEVELOPER'] };
const spec = (over: Partial<OperationSpec> = {}): OperationSpec => ({
  action: 'scaleWorkload',
  principal: anna,
  requestId: 'req-1',
  target: {
    plugin: 'compute',
    type: 'Deployment',
    id: 'id-web',
    cluster: 'dev',
    namespace: 'shop',
    kind: 'Deployment',
    name: 'web',
  },
  input: { replicas: 3 },
  ...over,
});
const withKey = (key: string, inputHash = 'hash') => spec({ idempotency: { key, inputHash } });
const write = {
  cluster: 'dev',
  verb: 'SCALE',
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  resourceVersion: '12',
} as const;

async function onlyRecord() {
  const page = await records.list({}, { first: 10 });
  expect(page.records).toHaveLength(1);
  const [record] = page.records;
  if (!record) throw new Error('no record');
  return record;
}

describe('findDone', () => {
  it('finds what was done with the same key and input, before anything is loaded', async () => {
    const ran = await records.run(withKey('k'), async () => ({ value: 1, result: { type: 'Pod', id: 'p' } }));
    expect(await records.findDone(withKey('k'))).toMatchObject({ id: ran.record.id, result: { type: 'Pod', id: 'p' } });
  });

  it.each([
    { name: 'no key', asked: spec() },
    { name: 'another key', asked: withKey('other') },
    { name: 'another caller', asked: { ...withKey('k'), principal: systemPrincipal } },
    { name: 'another mutation', asked: { ...withKey('k'), action: 'restartWorkload' } },
  ])('finds nothing for $name (refused)', async ({ asked }) => {
    await records.run(withKey('k'), async () => ({ value: 1 }));
    expect(await records.findDone(asked)).toBeUndefined();
  });

  it('refuses other input under the same key (refused)', async () => {
    await records.run(withKey('k'), async () => ({ value: 1 }));
    await expect(records.findDone(withKey('k', 'other'))).rejects.toThrow(ConflictError);
  });

  it('waits for the attempt that is under way where that is asked for', async () => {
    const under = Promise.withResolvers<void>();
    const ran = records.run(withKey('k'), async () => {
      await under.promise;
      return { value: 1 };
    });
    await vi.waitFor(async () => expect(await records.count({ statuses: ['PENDING'] })).toBe(1));
    const found = records.findDone(withKey('k'), { waitsForAttempt: true });
    under.resolve();
    expect((await found)?.id).toBe((await ran).record.id);
  });

  it('finds nothing while the first is under way (refused)', async () => {
    await records.run(withKey('k'), async () => {
      expect(await records.findDone(withKey('k'))).toBeUndefined();
      return { value: 1 };
    });
  });
});

describe('run', () => {
  it('has committed the record PENDING before the work begins, and closes it with what was written', async () => {
    const ran = await records.run(spec(), async (ticket) => {
      expect(await onlyRecord()).toMatchObject({ id: ticket.id, status: 'PENDING', writes: [] });
      ticket.note(write);
      return { value: 'done', result: { type: 'Deployment', id: 'id-web' } };
    });
    expect(ran).toMatchObject({ isReplay: false, value: 'done' });
    expect(await onlyRecord()).toEqual({
      id: ran.record.id,
      category: 'WRITE',
      tenants: {},
      changes: [],
      areChangesCut: false,
      action: 'scaleWorkload',
      status: 'SUCCEEDED',
      principalId: 'token:anna',
      principalName: 'anna',
      requestId: 'req-1',
      target: spec().target,
      input: { replicas: 3 },
      idempotencyKey: undefined,
      error: undefined,
      result: { type: 'Deployment', id: 'id-web' },
      writes: [write],
      writeCount: 1,
      steps: [],
      createdAt: new Date(clock.now()),
      finishedAt: new Date(clock.now()),
    });
  });

  it('closes the record FAILED with code and message, and throws on what the work threw (CORE-21)', async () => {
    const refusal = new PreconditionError('PAUSED', 'the workload is paused');
    await expect(records.run(spec(), () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(await onlyRecord()).toMatchObject({
      status: 'FAILED',
      error: { code: 'PRECONDITION_FAILED', message: 'the workload is paused' },
    });
  });

  it('keeps the text of an unexpected error out of the record', async () => {
    await expect(records.run(spec(), () => Promise.reject(new Error('password=hunter2')))).rejects.toThrow('hunter2');
    expect((await onlyRecord()).error).toEqual({
      code: 'INTERNAL',
      message: 'Internal error; the log has it under request req-1',
    });
  });

  it('keeps 200 writes and counts the rest', async () => {
    await records.run(spec(), async (ticket) => {
      for (let i = 0; i < 250; i += 1) ticket.note(write);
      return { value: undefined };
    });
    const record = await onlyRecord();
    expect([record.writes.length, record.writeCount]).toEqual([200, 250]);
  });

  it('does not keep an input beyond 8 KiB, nor characters that cannot be stored', async () => {
    await records.run(spec({ input: { yaml: 'x'.repeat(10_000) } }), async () => ({ value: 1 }));
    expect((await onlyRecord()).input).toEqual({ omitted: '10011 bytes of input' });
    await database.empty();
    await records.run(spec({ input: { name: 'a\0b\ud800' } }), async () => ({ value: 1 }));
    expect((await onlyRecord()).input).toEqual({ name: 'a\uFFFDb\uFFFD' });
  });

  it('is refused inside a transaction (refused)', async () => {
    const run = database.transaction(() => records.run(spec(), async () => ({ value: 1 })));
    await expect(run).rejects.toThrow("operation 'scaleWorkload' inside a database transaction");
  });

  it('does not run the work where no record can be written (refused)', async () => {
    const closed = await openTestDatabase();
    await closed.close();
    const other = createOperationRecords({ database: closed, clock, logger: silentLogger, failpoints });
    let hasRun = false;
    const run = other.run(spec(), async () => {
      hasRun = true;
      return { value: 1 };
    });
    await expect(run).rejects.toThrow('the database is closed');
    expect(hasRun).toBe(false);
  });

  it('leaves the record PENDING where the process ends before it could close it', async () => {
    const reached = Promise.withResolvers<void>();
    const disarm = failpoints.arm('operation.before-close', () => {
      reached.resolve();
      return new Promise(() => {});
    });
    void records.run(spec(), async () => ({ value: 1 })).catch(() => undefined);
    await reached.promise;
    disarm();
    expect((await onlyRecord()).status).toBe('PENDING');
  });
});

describe('idempotency', () => {
  const done = async () => ({ value: 'first', result: { type: 'Deployment', id: 'id-web' } });

  it('answers a repetition with the reference to the result', async () => {
    const first = await records.run(withKey('k'), done);
    const second = await records.run(withKey('k'), () => Promise.reject(new Error('must not run')));
    expect(second).toMatchObject({
      isReplay: true,
      record: { id: first.record.id },
      result: { type: 'Deployment', id: 'id-web' },
    });
    expect(await records.count({})).toBe(1);
  });

  it('refuses the same key with other input (refused)', async () => {
    await records.run(withKey('k'), done);
    await expect(records.run(withKey('k', 'other'), done)).rejects.toThrow(
      new ConflictError("idempotencyKey 'k' was used before with other input"),
    );
  });

  it.each([
    { name: 'another principal', other: { principal: { ...anna, id: 'token:ben' } } },
    { name: 'another mutation', other: { action: 'deleteWorkload' } },
  ])('is separate for $name', async ({ other }) => {
    await records.run(withKey('k'), done);
    const second = await records.run({ ...withKey('k'), ...other }, done);
    expect(second.isReplay).toBe(false);
  });

  it('has one effect and equal answers for a hundred at once', async () => {
    let effects = 0;
    const runs = await Promise.all(
      Array.from({ length: 100 }, () =>
        records.run(withKey('k'), async () => {
          effects += 1;
          return { value: 1, result: { type: 'Deployment', id: `id-${effects}` } };
        }),
      ),
    );
    expect(effects).toBe(1);
    expect(new Set(runs.map((run) => run.record.id)).size).toBe(1);
    expect(runs.filter((run) => run.isReplay)).toHaveLength(99);
  });

  it('frees the key of a failed attempt, so that the next one runs', async () => {
    await expect(records.run(withKey('k'), () => Promise.reject(new ConflictError('busy')))).rejects.toThrow('busy');
    expect(await records.run(withKey('k'), done)).toMatchObject({ isReplay: false });
  });

  it('tells the second after 30 s that the first is still in progress (refused)', async () => {
    const finish = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const first = records.run(withKey('k'), async () => {
      begun.resolve();
      await finish.promise;
      return { value: 1 };
    });
    await begun.promise;
    const second = records.run(withKey('k'), done);
    const refused = expect(second).rejects.toThrow('still in progress');
    await movingTime(refused, 1_000);
    finish.resolve();
    await first;
  });

  it('forgets a key after 24 hours', async () => {
    await records.run(withKey('k'), done);
    clock.advance(24 * 3_600_000 - 1);
    expect((await records.run(withKey('k'), done)).isReplay).toBe(true);
    clock.advance(1);
    expect((await records.run(withKey('k'), done)).isReplay).toBe(false);
  });
});

describe('what changed', () => {
  const change = (path: string, after: unknown) => ({ operation: 'ADD', path, before: null, after }) as const;
  const runWith = (list: readonly ReturnType<typeof change>[], isCut = false) =>
    records.run(spec(), async () => ({ value: 1, changes: { list, isCut } }));

  it('stands in the record once that is closed (CORE-18)', async () => {
    await runWith([change('/spec/replicas', 3)]);
    expect(await onlyRecord()).toMatchObject({
      changes: [{ operation: 'ADD', path: '/spec/replicas', before: null, after: 3 }],
      areChangesCut: false,
    });
  });

  it('is bounded in bytes and number, and says that it is cut', async () => {
    await runWith(Array.from({ length: 250 }, (_, index) => change(`/data/${index}`, 'x'.repeat(300))));
    const { changes, areChangesCut } = await onlyRecord();
    expect(areChangesCut).toBe(true);
    expect(changes.length).toBeLessThan(100);
    expect(Buffer.byteLength(JSON.stringify(changes))).toBeLessThan(33_000);
  });

  it('tells one long value by its length, and takes characters that a database refuses', async () => {
    await runWith([change('/data/a', 'x'.repeat(2_000)), change('/data/b', 'a\0b')]);
    expect(await onlyRecord()).toMatchObject({
      changes: [{ after: '(2002 bytes)' }, { after: 'a\uFFFDb' }],
      areChangesCut: false,
    });
  });
});

describe('record', () => {
  it('resolves once the record is committed, of many at once as of one (CORE-18)', async () => {
    const made = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        records.record(spec({ action: 'readSecretValue', category: 'SECRET_READ', detail: `key ${index}` })),
      ),
    );
    expect(await records.count({ categories: ['SECRET_READ'], ids: made.map(({ id }) => id) })).toBe(30);
    expect(await records.get(made[7]?.id ?? '')).toMatchObject({ status: 'SUCCEEDED', detail: 'key 7' });
  });

  it('throws where no record can be written, and tells everyone who waited (refused)', async () => {
    const stop = records.onWrite(() => Promise.reject(new Error('the journal is full')));
    const attempts = await Promise.allSettled([records.record(spec()), records.record(spec())]);
    stop();
    expect(attempts.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await records.count({})).toBe(0);
  });
});

describe('openSession', () => {
  const terminal = spec({ action: 'openTerminal', category: 'TERMINAL', detail: 'container web' });

  it('tells what went through it with each sign of life, and how it ended', async () => {
    let measure: SessionMeasure = { bytesIn: 1, bytesOut: 2 };
    const session = await records.openSession(terminal, () => measure);
    clock.advance(60_000);
    await vi.waitFor(async () => expect(await onlyRecord()).toMatchObject({ session: { bytesIn: 1, bytesOut: 2 } }));
    measure = { bytesIn: 3, bytesOut: 4, exitCode: 130, endReason: 'EXITED' };
    await session.end();
    expect(await onlyRecord()).toMatchObject({ status: 'SUCCEEDED', session: measure });
  });

  it('is PENDING while it lasts and closed with its end (CORE-18)', async () => {
    const session = await records.openSession(terminal);
    expect(await onlyRecord()).toMatchObject({ id: session.id, status: 'PENDING', category: 'TERMINAL' });
    clock.advance(10_000);
    await session.end();
    await session.end(new Error('only the first end counts'));
    expect(await onlyRecord()).toMatchObject({ status: 'SUCCEEDED', finishedAt: new Date(clock.now()) });
  });

  it('closes FAILED with the error that ended it', async () => {
    const session = await records.openSession(terminal);
    await session.end(new ForbiddenError('the rights are gone'));
    expect(await onlyRecord()).toMatchObject({ status: 'FAILED', error: { code: 'FORBIDDEN' } });
  });

  it('is not swept while its process shows signs of life, and is closed as interrupted once it does not', async () => {
    const opened = await records.openSession(terminal);
    const session = await onlyRecord();
    for (let minute = 0; minute < 7; minute += 1) {
      clock.advance(60_000);
      await expect.poll(async () => (await onlyRecord()).aliveAt?.getTime()).toBe(clock.now());
    }
    await records.sweep(async () => undefined);
    expect((await onlyRecord()).status).toBe('PENDING');
    // As of a process that died six minutes ago.
    await database.db.update(operations).set({ aliveAt: new Date(clock.now() - 360_000) });
    await records.sweep(async () => undefined);
    expect(await onlyRecord()).toMatchObject({
      id: session.id,
      status: 'FAILED',
      error: { code: 'INTERRUPTED' },
      finishedAt: new Date(clock.now() - 360_000),
    });
    // It was there all along, and only the database was not: its own word is the last.
    await opened.end();
    const { status, error } = await onlyRecord();
    expect([status, error]).toEqual(['SUCCEEDED', undefined]);
  });
});

describe('locateTargets', () => {
  it('says where targets lie, before and after the work, and is given once', async () => {
    const local = createOperationRecords({ database, clock, logger: silentLogger, failpoints });
    const workspaceId = '00000000-0000-4000-8000-000000000001';
    local.locateTargets((_target, result) => (result ? { workspaceId, targetId: result.id } : undefined));
    expect(() => local.locateTargets(() => undefined)).toThrow('have a locator already');
    await local.run(spec(), async () => {
      expect((await onlyRecord()).tenants.workspaceId).toBeUndefined();
      return { value: 1, result: { type: 'Workspace', id: 'made' } };
    });
    expect(await onlyRecord()).toMatchObject({ tenants: { workspaceId }, target: { id: 'made' } });
    expect(await records.count({ workspaceId })).toBe(1);
  });
});

describe('forget', () => {
  it('forgets what is closed and old, of one cluster or of none; never what is PENDING (CON-32)', async () => {
    await records.run(spec(), async () => ({ value: 1 }));
    await records.run(spec({ target: { plugin: 'core', type: 'Workspace', id: 'w' } }), async () => ({ value: 1 }));
    await records.openSession(spec());
    const before = new Date(clock.now() + 1);
    expect(await records.forget({ cluster: 'dev', before: new Date(clock.now()) })).toBe(0);
    expect(await records.forget({ cluster: 'dev', before })).toBe(1);
    expect(await records.count({})).toBe(2);
    expect(await records.forget({ notOf: ['dev'], before })).toBe(1);
    expect(await onlyRecord()).toMatchObject({ status: 'PENDING' });
  });
});

describe('recordRefusal', () => {
  it('leaves a FAILED record of what was not allowed (refused, CORE-18)', async () => {
    await records.recordRefusal(spec(), new ForbiddenError('anna may not scale shop/web'));
    expect(await onlyRecord()).toMatchObject({
      status: 'REFUSED',
      error: { code: 'FORBIDDEN', message: 'anna may not scale shop/web' },
      finishedAt: new Date(clock.now()),
    });
  });
});

describe('list', () => {
  const make = async (over: Partial<OperationSpec>) => {
    clock.advance(1_000);
    return (await records.run(spec(over), async () => ({ value: 1 }))).record.id;
  };
  const target = (over: object) => ({ target: { ...spec().target, ...over } });

  it('pages newest first without repeating or skipping, even where times are equal and rows are added', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.push(await make({}));
    ids.push((await records.run(spec(), async () => ({ value: 1 }))).record.id);
    const first = await records.list({}, { first: 2 });
    expect(first.hasMore).toBe(true);
    await make({});
    const last = first.records.at(-1);
    const second = await records.list({}, { first: 2, after: last && { createdAt: last.createdAt, id: last.id } });
    expect(second.hasMore).toBe(false);
    expect([...first.records, ...second.records].map((record) => record.id).sort()).toEqual([...ids].sort());
  });

  it.each<{ name: string; filter: OperationFilter; count: number }>([
    { name: 'nothing', filter: {}, count: 4 },
    { name: 'actions', filter: { actions: ['deleteWorkload'] }, count: 1 },
    { name: 'an operator by id', filter: { operators: ['token:ben'] }, count: 1 },
    { name: 'an operator by name', filter: { operators: ['anna'] }, count: 3 },
    { name: 'status', filter: { statuses: ['REFUSED'] }, count: 1 },
    { name: 'cluster', filter: { cluster: 'prod' }, count: 1 },
    { name: 'namespaces', filter: { namespaces: ['shop'] }, count: 3 },
    { name: 'no namespace at all', filter: { namespaces: [] }, count: 0 },
    { name: 'kind and name', filter: { kind: 'Deployment', name: 'api' }, count: 1 },
    { name: 'target', filter: { targetId: 'id-web' }, count: 4 },
    {
      name: 'what a caller with one namespace may see',
      filter: { visible: { namespaces: [{ cluster: 'prod', namespace: 'shop' }], tenants: [], principalId: 'x' } },
      count: 1,
    },
    {
      name: 'what a caller with a namespace in every cluster may see',
      filter: { visible: { namespaces: [{ cluster: '*', namespace: 'shop' }], tenants: [], principalId: 'x' } },
      count: 3,
    },
    {
      name: 'what a caller with no namespace may see: their own',
      filter: { visible: { namespaces: [], tenants: [], principalId: 'token:ben' } },
      count: 1,
    },
  ])('filters by $name', async ({ filter, count }) => {
    await make({});
    await make({ action: 'deleteWorkload', ...target({ name: 'api' }) });
    await make({ principal: { ...anna, id: 'token:ben', name: 'ben' }, ...target({ namespace: 'lab' }) });
    await records.recordRefusal(spec(target({ cluster: 'prod' })), new ForbiddenError('no'));
    expect(await records.count(filter)).toBe(count);
    expect((await records.list(filter, { first: 10 })).records).toHaveLength(count);
  });

  it('filters by time: from is inside, to is not', async () => {
    await make({});
    const middle = new Date(clock.now() + 1_000);
    await make({});
    await make({});
    expect(await records.count({ from: middle, to: new Date(clock.now()) })).toBe(1);
  });
});

describe('get', () => {
  it('answers undefined for what is no id (refused)', async () => {
    expect(await records.get("1' or 1=1")).toBeUndefined();
    expect(await records.get('00000000-0000-0000-0000-000000000000')).toBeUndefined();
  });
});

describe('onChange', () => {
  it('tells of a record when it is made and when it is closed, each after its commit', async () => {
    const seen: string[] = [];
    const stop = records.onChange((id) => {
      void records.get(id).then((record) => seen.push(record?.status ?? 'unseen'));
    });
    await records.run(spec(), async () => ({ value: 1 }));
    await expect.poll(() => seen).toContain('SUCCEEDED');
    expect(seen).toHaveLength(2);
    expect(seen).not.toContain('unseen');
    stop();
  });
});

describe('sweep', () => {
  async function abandon(over: OperationSpec = spec()): Promise<void> {
    const reached = Promise.withResolvers<void>();
    const disarm = failpoints.arm('operation.before-close', () => {
      reached.resolve();
      return new Promise(() => {});
    });
    void records.run(over, async () => ({ value: 1 })).catch(() => undefined);
    await reached.promise;
    disarm();
  }

  it('leaves records alone for five minutes', async () => {
    await abandon();
    clock.advance(5 * 60_000);
    await records.sweep(() => Promise.reject(new Error('must not be asked')));
    expect((await onlyRecord()).status).toBe('PENDING');
  });

  it('closes a record as what the settler found out', async () => {
    await abandon();
    clock.advance(5 * 60_000 + 1);
    await records.sweep(async (record) => {
      expect(record.target.name).toBe('web');
      return { status: 'SUCCEEDED', result: { type: 'Deployment', id: 'id-web' } };
    });
    expect(await onlyRecord()).toMatchObject({ status: 'SUCCEEDED', result: { id: 'id-web' } });
  });

  it('closes a record whose outcome nobody can find out as FAILED', async () => {
    await abandon();
    clock.advance(5 * 60_000 + 1);
    await records.sweep(async () => undefined);
    expect(await onlyRecord()).toMatchObject({ status: 'FAILED', error: { code: 'OUTCOME_UNKNOWN' } });
  });

  it('keeps a record for the next time while the cluster is away, but not for more than a day', async () => {
    await abandon();
    clock.advance(60 * 60_000);
    await records.sweep(() => Promise.reject(new Error('cluster away')));
    expect((await onlyRecord()).status).toBe('PENDING');
    clock.advance(24 * 60 * 60_000);
    await records.sweep(() => Promise.reject(new Error('cluster away')));
    expect((await onlyRecord()).status).toBe('FAILED');
  });

  it('lets a retry with the same key find the result that was settled', async () => {
    await abandon(withKey('k'));
    clock.advance(5 * 60_000 + 1);
    await records.sweep(async () => ({ status: 'SUCCEEDED', result: { type: 'Deployment', id: 'id-web' } }));
    expect(await records.run(withKey('k'), () => Promise.reject(new Error('must not run')))).toMatchObject({
      isReplay: true,
      result: { id: 'id-web' },
    });
  });

  it('does not overwrite what the process said after all', async () => {
    await abandon();
    clock.advance(5 * 60_000 + 1);
    const { id } = await onlyRecord();
    await records.sweep(async () => {
      await records.sweep(async () => ({ status: 'SUCCEEDED', result: { type: 'Deployment', id: 'said first' } }));
      return { status: 'FAILED' };
    });
    expect(await records.get(id)).toMatchObject({ status: 'SUCCEEDED', result: { id: 'said first' } });
  });
});

/** Moves the clock until the promise is settled. */
async function movingTime(promise: Promise<unknown>, stepMs: number): Promise<void> {
  let isSettled = false;
  const settled = promise.finally(() => {
    isSettled = true;
  });
  while (!isSettled) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(stepMs);
  }
  await settled;
}
