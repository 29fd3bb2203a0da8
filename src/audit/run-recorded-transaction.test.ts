import { pgTable, text } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../data/testing/open-test-database.ts';
import { PreconditionError } from '../kernel/answer-error.ts';
import { dryRunTicket, type OperationHandle } from './operation-handle.ts';
import { runRecordedTransaction } from './run-recorded-transaction.ts';

const notes = pgTable('acme_notes', { id: text('id').primaryKey() });
const ticket: OperationHandle = { id: 'op-1', isDryRun: false, note() {} };

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.db.execute('create table acme_notes (id text primary key)');
});
beforeEach(() => database.empty());
afterAll(() => database.close());

const write = (id: string, handle: OperationHandle, afterCommit: () => void = () => {}) =>
  runRecordedTransaction(database, handle, async (tx) => {
    database.afterCommit(afterCommit);
    const [row] = await tx.insert(notes).values({ id }).returning();
    return row?.id;
  });
const ids = async () => (await database.db.select().from(notes)).map(({ id }) => id);

describe('runRecordedTransaction', () => {
  it('commits and answers what was done', async () => {
    const told = vi.fn();
    expect(await write('a', ticket, told)).toBe('a');
    expect(await ids()).toEqual(['a']);
    expect(told).toHaveBeenCalledOnce();
  });

  it('answers the same in a dry run, and leaves nothing behind (refused)', async () => {
    const told = vi.fn();
    expect(await write('a', dryRunTicket, told)).toBe('a');
    expect(await ids()).toEqual([]);
    expect(told).not.toHaveBeenCalled();
  });

  it.each([
    { name: 'for real', handle: ticket },
    { name: 'in a dry run', handle: dryRunTicket },
  ])('meets the same constraints $name (refused)', async ({ handle }) => {
    await write('a', ticket);
    await expect(write('a', handle)).rejects.toMatchObject({ name: 'ConflictError' });
    const refusal = new PreconditionError('TIDE_OUT', 'too low');
    await expect(runRecordedTransaction(database, handle, () => Promise.reject(refusal))).rejects.toBe(refusal);
  });
});
