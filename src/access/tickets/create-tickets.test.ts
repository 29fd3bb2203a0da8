import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tickets as rows } from '../../data/tables.ts';
import { openTestDatabase, type TestDatabase } from '../../data/testing/open-test-database.ts';
import { QuotaExceededError } from '../../kernel/answer-error.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import { createTickets, type Tickets } from './create-tickets.ts';
import { ticketPurpose } from './ticket-purpose.ts';

const clock = createManualClock(Date.parse('2026-03-01T10:00:00Z'));
const terminal = ticketPurpose('terminal', z.strictObject({ pod: z.string() }));
const download = ticketPurpose('download', z.strictObject({ pod: z.string() }));
const anna: Principal = {
  id: 'oidc:anna',
  name: 'anna',
  kind: 'USER',
  groups: ['staff'],
  roles: ['DEVELOPER'],
  namespaces: [{ cluster: '*', namespace: 'shop' }],
  memberships: [{ of: 'workspace/1', as: 'DEVELOPER' }],
  expiresAt: undefined,
  session: { id: 'a-session', method: 'OIDC' },
};
let database: TestDatabase;
let isHere = true;
/** Two replicas over one database. */
let one: Tickets;
let other: Tickets;

beforeAll(async () => {
  database = await openTestDatabase();
  const authenticator = {
    resume: async (written: Principal) => (isHere ? { ...written, name: `${written.name} as of now` } : undefined),
  };
  one = createTickets({ database, clock, authenticator });
  other = createTickets({ database, clock, authenticator });
});
beforeEach(async () => {
  isHere = true;
  await database.empty();
});
afterAll(() => database.close());

const pod = { pod: 'web' };

describe('a one-time ticket (CMP-109)', () => {
  it('is good for what it was issued for, on another replica, and for whom it was issued to, as they are now', async () => {
    const { value, expiresAt } = await one.issue(anna, terminal, pod);
    expect(expiresAt).toEqual(new Date(clock.now() + 60_000));
    const { memberships: _given, ...base } = anna;
    expect(await other.redeem(terminal, value)).toEqual({
      principal: { ...base, name: 'anna as of now' },
      subject: pod,
    });
  });

  it('stands nowhere: the table knows its digest alone', async () => {
    const { value } = await one.issue(anna, terminal, pod);
    expect(JSON.stringify(await database.db.select().from(rows))).not.toContain(value);
  });

  it('is good once, whoever is first (refused)', async () => {
    const { value } = await one.issue(anna, terminal, pod);
    const answers = await Promise.all([one, other, one].map((replica) => replica.redeem(terminal, value)));
    expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
  });

  it.each([
    { name: 'another purpose', change: async () => {}, as: download, lasts: true },
    { name: 'a minute later', change: async () => clock.advance(60_000), as: terminal, lasts: false },
    {
      name: 'when its holder may no longer be here',
      change: async () => {
        isHere = false;
      },
      as: terminal,
      lasts: false,
    },
  ])('gives nothing for $name (refused)', async ({ change, as, lasts }) => {
    const { value } = await one.issue(anna, terminal, pod);
    await change();
    expect(await one.redeem(as, value)).toBeUndefined();
    expect((await one.redeem(terminal, value)) !== undefined).toBe(lasts);
  });

  it.each([
    '',
    'lst_nonsense',
    'ls_0000000000000000000000000000000000000000000000000',
  ])('gives nothing for %j (refused)', async (value) => expect(await one.redeem(terminal, value)).toBeUndefined());

  it('ends with the token of whoever asked for it', async () => {
    const expiresAt = clock.now() + 5_000;
    expect((await one.issue({ ...anna, expiresAt }, terminal, pod)).expiresAt).toEqual(new Date(expiresAt));
  });

  it('is refused to who holds many that nobody uses, until those have expired, and to nobody else (refused)', async () => {
    for (let count = 0; count < 20; count += 1) await one.issue(anna, terminal, pod);
    await expect(one.issue(anna, terminal, pod)).rejects.toThrow(QuotaExceededError);
    await one.issue(anna, download, pod);
    await one.issue({ ...anna, id: 'oidc:bert' }, terminal, pod);
    clock.advance(60_000);
    await one.issue(anna, terminal, pod);
    expect(await database.db.select().from(rows)).toHaveLength(1);
  });
});
