import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestDatabase } from '../../../../src/data/testing/open-test-database.ts';
import { silentLogger } from '../../../../src/kernel/logger.ts';
import { createManualClock } from '../../../../src/kernel/manual-clock.ts';
import type { Profile } from '../../../../src/kernel/profiles/profiles.ts';
import { members, workspaces } from '../../tables.ts';
import { createChangeTenancy } from './change-tenancy.ts';
import { createTenancyDirectory } from './create-tenancy-directory.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.empty());

let stopping = new AbortController();
afterEach(() => stopping.abort());

const ann = { id: 'dev:ann', groups: [] };
const profiles = { get: (name: string) => (name === 'esk' ? ({} as Profile) : undefined) };
const ticket = { isDryRun: false } as never;

function setUp() {
  stopping = new AbortController();
  const clock = createManualClock();
  const warn = vi.fn<(fields: object, text: string) => void>();
  const onChange = vi.fn<() => void>();
  let isDown = false;
  let isDeaf = false;
  const guarded: typeof database = {
    ...database,
    current: () => {
      if (isDown) throw new Error('away');
      return database.current();
    },
    onSignal: (channel, listener) => database.onSignal(channel, (id) => !isDeaf && listener(id)),
  };
  const options = { clock, logger: { ...silentLogger, warn }, signal: stopping.signal, onChange, profiles };
  const directory = createTenancyDirectory({ database: guarded, ...options });
  const change = createChangeTenancy({ database, clock, directory: { refresh: async () => {} } });
  const join = () =>
    change(ticket, (tx, createdAt) =>
      tx.insert(members).values({ tenant: 'workspace/one', kind: 'PRINCIPAL', name: ann.id, role: 'ADMIN', createdAt }),
    );
  const leave = () => change(ticket, (tx) => tx.delete(members));
  return {
    ...{ clock, warn, onChange, change, directory, join, leave },
    setDown: (to: boolean) => {
      isDown = to;
    },
    setDeaf: () => {
      isDeaf = true;
    },
  };
}

describe('createTenancyDirectory', () => {
  it('warns once of each set of workspaces whose profile is not there, and says when it is well again (CORE-02)', async () => {
    const { change, directory, warn } = setUp();
    const carry = (identifier: string, profile: string | null) =>
      change(ticket, async (tx, createdAt) => {
        await tx.delete(workspaces).where(eq(workspaces.identifier, identifier));
        const fields = {
          displayName: identifier,
          description: '',
          region: 'r',
          networkType: 'VPC' as const,
          zones: ['z'],
          version: 1,
        };
        await tx.insert(workspaces).values({ id: randomUUID(), identifier, ...fields, profile, createdAt });
      });
    const told = async () => {
      await directory.refresh();
      return warn.mock.calls.splice(0).map(([, text]) => text);
    };
    await carry('calm', 'esk');
    expect(await told()).toEqual([]);
    await carry('lost', 'gone');
    const first = "Workspace 'lost' carries the profile 'gone', which is not there: nothing can be changed in it";
    expect(await told()).toEqual([expect.stringContaining(first)]);
    await carry('calm', null);
    expect(await told()).toEqual([]);
    await carry('calm', 'gone');
    expect(await told()).toEqual([expect.stringMatching(/^Workspace 'calm' .*; 1 more like it$/)]);
  });

  it('gives nothing until it has been read, and what was read then (CORE-09)', async () => {
    const { directory, join, onChange } = setUp();
    await join();
    expect(directory.grantsOf(ann)).toBeUndefined();
    await directory.refresh();
    expect(directory.grantsOf(ann)).toMatchObject({ memberships: [{ of: 'workspace/one', as: 'ADMIN' }] });
    expect(directory.grantsOf({ id: 'dev:bob', groups: [ann.id] })).toBeUndefined();
    const told = onChange.mock.calls.length;
    await directory.refresh();
    expect(onChange).toHaveBeenCalledTimes(told);
  });

  it('hears of a change by a signal, and finds one by itself where the signal was lost (CORE-09)', async () => {
    const { clock, directory, join, leave, setDeaf } = setUp();
    await directory.refresh();
    await join();
    await vi.waitFor(() => expect(directory.grantsOf(ann)).toBeDefined());
    setDeaf();
    await leave();
    expect(directory.grantsOf(ann)).toBeDefined();
    clock.advance(3_000);
    await vi.waitFor(() => expect(directory.grantsOf(ann)).toBeUndefined());
  });

  it('refuses everybody what cannot be read for eight seconds, tells of it once, and gives it again afterwards (CORE-09)', async () => {
    const { clock, directory, join, onChange, setDown, warn } = setUp();
    await join();
    await directory.refresh();
    setDown(true);
    clock.advance(3_000);
    await expect(directory.refresh()).rejects.toThrow('away');
    expect([directory.grantsOf(ann), directory.problem]).toEqual([expect.anything(), undefined]);
    const told = onChange.mock.calls.length;
    clock.advance(5_000);
    await expect(directory.refresh()).rejects.toThrow('away');
    expect(directory.grantsOf(ann)).toBeUndefined();
    expect(directory.problem).toContain('cannot be read');
    await expect(directory.refresh()).rejects.toThrow('away');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(onChange).toHaveBeenCalledTimes(told + 1);
    setDown(false);
    await directory.refresh();
    expect([directory.grantsOf(ann), directory.problem]).toEqual([expect.anything(), undefined]);
  });
});
