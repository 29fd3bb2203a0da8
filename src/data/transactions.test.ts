import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConflictError, UpstreamError, ValidationError } from '../kernel/answer-error.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import { leases } from './tables.ts';
import { openTestDatabase, type TestDatabase } from './testing/open-test-database.ts';
import { DatabaseStatementError } from './translate-database-error.ts';

const clock = createManualClock();
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase({ clock });
});
beforeEach(() => database.empty());
afterAll(() => database.close());

const lease = (name: string) => ({ name, holder: 'a', fence: 1, expiresAt: new Date(0), createdAt: new Date(0) });
const names = async () =>
  (await database.db.select({ name: leases.name }).from(leases).orderBy(leases.name)).map((row) => row.name);

describe('a transaction', () => {
  it('commits what its handle wrote', async () => {
    const answer = await database.transaction(async (tx) => {
      await tx.insert(leases).values(lease('one'));
      return 7;
    });
    expect(answer).toBe(7);
    expect(await names()).toEqual(['one']);
  });

  it('rolls back where its work throws', async () => {
    const work = database.transaction(async (tx) => {
      await tx.insert(leases).values(lease('one'));
      throw new ConflictError('changed my mind');
    });
    await expect(work).rejects.toThrow(new ConflictError('changed my mind'));
    expect(await names()).toEqual([]);
  });

  it('rolls back where its work throws before it waits for anything', async () => {
    await expect(
      database.transaction(() => {
        throw new Error('at once');
      }),
    ).rejects.toThrow('at once');
    clock.advance(120_000);
    expect(await names()).toEqual([]);
  });

  it('does not commit where a statement failed and nobody minded', async () => {
    const work = database.transaction(async (tx) => {
      await tx.insert(leases).values(lease('one'));
      await tx.execute(sql`select 1/0`).catch(() => undefined);
    });
    await expect(work).rejects.toThrow('a statement of the transaction had failed');
    expect(await names()).toEqual([]);
  });

  it('refuses the database outside of its handle (refused)', async () => {
    await database.transaction(async () => {
      await expect(database.db.select().from(leases)).rejects.toThrow(
        'a query outside of the open transaction: use the handle that the transaction was given',
      );
    });
  });

  it('refuses its handle once it is over (refused)', async () => {
    const handle = await database.transaction(async (tx) => tx);
    await expect(handle.select().from(leases)).rejects.toThrow('a query on a transaction that is over');
  });

  it('lets what outlives it use the database again', async () => {
    const over = Promise.withResolvers<void>();
    const { later } = await database.transaction(async () => ({ later: over.promise.then(() => names()) }));
    over.resolve();
    expect(await later).toEqual([]);
  });

  it('is what current() answers inside of it', async () => {
    await database.transaction(async (tx) => {
      expect(database.current()).toBe(tx);
    });
    expect(database.current()).toBe(database.db);
  });

  it('ends what takes too long with UpstreamError', async () => {
    const begun = Promise.withResolvers<void>();
    const work = database.transaction(
      async (tx) => {
        await tx.insert(leases).values(lease('one'));
        begun.resolve();
        await new Promise(() => {});
      },
      { timeoutMs: 5_000 },
    );
    await begun.promise;
    clock.advance(5_000);
    await expect(work).rejects.toThrow(new UpstreamError('database', 'the transaction took longer than 5000 ms'));
    expect(await names()).toEqual([]);
  });

  it('runs its statements one after the other, even when asked all at once', async () => {
    await database.transaction(async (tx) => {
      await Promise.all(['a', 'b', 'c'].map((name) => tx.insert(leases).values(lease(name))));
    });
    expect(await names()).toEqual(['a', 'b', 'c']);
  });

  it('refuses cluster calls inside of it (refused)', async () => {
    await database.transaction(async () => {
      expect(() => database.assertOutsideTransaction('a cluster write')).toThrow(
        'a cluster write inside a database transaction',
      );
    });
    expect(() => database.assertOutsideTransaction('a cluster write')).not.toThrow();
  });
});

describe('a transaction inside a transaction', () => {
  it('is a savepoint that commits with the outer one', async () => {
    await database.transaction(async (tx) => {
      await tx.insert(leases).values(lease('outer'));
      await database.transaction(async (inner) => inner.insert(leases).values(lease('inner')));
    });
    expect(await names()).toEqual(['inner', 'outer']);
  });

  it('loses only its own writes where it throws', async () => {
    await database.transaction(async (tx) => {
      await tx.insert(leases).values(lease('before'));
      const inner = database.transaction(async (savepoint) => {
        await savepoint.insert(leases).values(lease('inner'));
        await savepoint.insert(leases).values(lease('inner'));
      });
      await expect(inner).rejects.toBeInstanceOf(ConflictError);
      await tx.insert(leases).values(lease('after'));
    });
    expect(await names()).toEqual(['after', 'before']);
  });

  it('nests to any depth', async () => {
    await database.transaction(async (tx) => {
      await database.transaction(async (second) => {
        await second.insert(leases).values(lease('second'));
        await database
          .transaction(async (third) => {
            await third.insert(leases).values(lease('third'));
            throw new Error('only this one');
          })
          .catch(() => undefined);
        await second.insert(leases).values(lease('again'));
      });
      await tx.insert(leases).values(lease('first'));
    });
    expect(await names()).toEqual(['again', 'first', 'second']);
  });

  it('keeps the outer handle from use meanwhile (refused)', async () => {
    await database.transaction(async (tx) => {
      await database.transaction(async () => {
        await expect(tx.select().from(leases)).rejects.toThrow('while a savepoint in it is open');
      });
    });
  });

  it('is alone: two at a time are refused (refused)', async () => {
    const work = database.transaction(() =>
      Promise.all([
        database.transaction(async (inner) => inner.insert(leases).values(lease('a'))),
        database.transaction(async (inner) => inner.insert(leases).values(lease('b'))),
      ]),
    );
    await expect(work).rejects.toThrow('two savepoints of one transaction at a time');
    expect(await names()).toEqual([]);
  });
});

describe('afterCommit', () => {
  it('runs its hooks once all is committed, and those of a savepoint only if that was kept', async () => {
    const seen: string[] = [];
    await database.transaction(async () => {
      database.afterCommit(() => seen.push('outer'));
      await database.transaction(async () => database.afterCommit(() => seen.push('kept')));
      await database
        .transaction(async () => {
          database.afterCommit(() => seen.push('lost'));
          throw new Error('rolled back');
        })
        .catch(() => undefined);
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual(['outer', 'kept']);
  });

  it('runs none after a rollback', async () => {
    const seen: string[] = [];
    await database
      .transaction(async () => {
        database.afterCommit(() => seen.push('never'));
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    expect(seen).toEqual([]);
  });

  it('runs at once outside of a transaction', () => {
    const seen: string[] = [];
    database.afterCommit(() => seen.push('now'));
    expect(seen).toEqual(['now']);
  });
});

describe('errors of the database', () => {
  it('are ConflictError for a key that is there, without its value', async () => {
    await database.db.insert(leases).values(lease('secret-name'));
    const error: unknown = await database.db
      .insert(leases)
      .values(lease('secret-name'))
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error).toBeInstanceOf(ConflictError);
    expect((error as ConflictError).message).toBe(
      'there is already one with this key in core_leases (core_leases_pkey)',
    );
    expect(JSON.stringify([error, (error as Error).cause, ((error as Error).cause as Error).message])).not.toContain(
      'secret-name',
    );
  });

  it('are ValidationError for a value that does not fit, without the value', async () => {
    const error: unknown = await database.db.execute(sql`select ${'secret-value'}::uuid`).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ValidationError);
    expect(`${(error as Error).message} ${String((error as Error).cause)}`).not.toContain('secret-value');
  });

  it('are a fault of ours for a statement that is wrong, with the SQLSTATE and no parameters', async () => {
    const error: unknown = await database.db
      .select({ one: sql`no_such_column` })
      .from(leases)
      .where(eq(leases.name, 'secret-name'))
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error).toBeInstanceOf(DatabaseStatementError);
    expect((error as DatabaseStatementError).message).toBe('the database refused a statement (SQLSTATE 42703)');
  });

  it('are UpstreamError once it is closed', async () => {
    const other = await openTestDatabase();
    await other.close();
    await expect(other.db.select().from(leases)).rejects.toThrow(
      new UpstreamError('database', 'the database is closed'),
    );
    expect(await other.health()).toMatchObject({ isUp: false, reason: 'the database is closed' });
  });
});

describe('signals', () => {
  it('reach listeners of their channel after the commit', async () => {
    const seen: string[] = [];
    const stop = database.onSignal('things', (id) => seen.push(id));
    await database.transaction(async () => {
      await database.signal('things', '1');
      await database.signal('others', '2');
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual(['1']);
    stop();
    await database.signal('things', '3');
    expect(seen).toEqual(['1']);
  });

  it('are not data (refused)', async () => {
    await expect(database.signal('things', 'x'.repeat(2_000))).rejects.toThrow('longer than 1000 bytes');
  });
});

describe('health', () => {
  it('is up while the database answers', async () => {
    expect(await database.health()).toMatchObject({ isUp: true, reason: undefined });
  });
});
