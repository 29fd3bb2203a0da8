import { randomUUID } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../data/database.ts';
import { leases } from '../data/tables.ts';
import { type Clock, sleep } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { LeaseFence } from './fence.ts';

/** Signals with a lease's name go here when it gets free. */
const leasesChannel = 'leases';

export interface LeaseOptions {
  readonly name: string;
  /** How long the lease outlives a holder that died, in ms; default 15,000. */
  readonly ttlMs?: number;
  /**
   * Called each time the lease is got; the signal aborts when it is lost or given up. When the work ends by itself,
   * the lease is given up, and tried for again after a third of `ttlMs`. Cancelled work must end within a second; what it still writes has to assert the fence.
   */
  readonly whileHeld: (fence: LeaseFence, signal: AbortSignal) => Promise<void>;
}

export interface HeldLease {
  /** Whether this replica holds it at present. */
  readonly isHeld: boolean;
  /** Gives it up and does not try again; resolves within 2 s. */
  stop(): Promise<void>;
}

/** Named leases: of all replicas one does a thing, and another takes over when it dies. */
export interface Leases {
  /** Tries for the lease until stopped, and runs the work while it is held. Never throws. */
  hold(options: LeaseOptions): HeldLease;
}

const stopGraceMs = 1_000;

export function createLeases(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}): Leases {
  const { database, clock } = options;
  const holder = randomUUID();

  /** Takes the lease where it is free; undefined where someone has it. */
  async function acquire(name: string, ttlMs: number): Promise<{ fence: LeaseFence; expiresAt: number } | undefined> {
    const now = clock.now();
    const expiresAt = now + ttlMs;
    const rows = await database.db.execute<{ fence: string }>(sql`
      insert into core_leases as held (name, holder, fence, expires_at, created_at)
      values (${name}, ${holder}, nextval('core_fences'), ${iso(expiresAt)}, ${iso(now)})
      on conflict (name) do update set holder = excluded.holder, fence = excluded.fence, expires_at = excluded.expires_at
      where held.expires_at <= ${iso(now)}
      returning fence`);
    const [row] = rows;
    return row && { fence: { kind: 'lease', name, number: Number(row.fence) }, expiresAt };
  }

  async function setExpiry(fence: LeaseFence, expiresAt: number): Promise<boolean> {
    const rows = await database.db
      .update(leases)
      .set({ expiresAt: new Date(expiresAt) })
      .where(and(eq(leases.name, fence.name), eq(leases.fence, fence.number)))
      .returning({ name: leases.name });
    return rows.length > 0;
  }

  /** Resolves when the lease is lost or `ended` aborts. */
  async function keep(fence: LeaseFence, firstExpiresAt: number, ttlMs: number, ended: AbortSignal): Promise<void> {
    let expiresAt = firstExpiresAt;
    while (!ended.aborted) {
      await sleep(clock, Math.min(ttlMs / 3, Math.max(0, expiresAt - clock.now())), ended);
      if (ended.aborted || clock.now() >= expiresAt) return;
      const next = clock.now() + ttlMs;
      const late = new AbortController();
      // Whatever the database answers, and even if it does not: from its expiry on the lease is someone else's.
      const answer = await Promise.race([
        setExpiry(fence, next).catch(() => undefined),
        sleep(clock, expiresAt - clock.now(), AbortSignal.any([ended, late.signal])),
      ]);
      late.abort();
      if (answer === false) return;
      if (answer === true) expiresAt = next;
    }
  }

  async function holdOnce(
    lease: LeaseOptions,
    ttlMs: number,
    stopped: AbortSignal,
    setHeld: (isHeld: boolean) => void,
  ): Promise<boolean> {
    const logger = options.logger.child({ lease: lease.name });
    const got = await acquire(lease.name, ttlMs);
    if (!got) return false;
    setHeld(true);
    const over = new AbortController();
    const work = (async () => lease.whileHeld(got.fence, over.signal))()
      .catch((error: unknown) => {
        if (!over.signal.aborted) logger.error({ err: error }, 'the work under a lease failed');
      })
      .finally(() => over.abort());
    await keep(got.fence, got.expiresAt, ttlMs, AbortSignal.any([stopped, over.signal]));
    setHeld(false);
    over.abort();
    const grace = new AbortController();
    await Promise.race([work, sleep(clock, stopGraceMs, grace.signal)]);
    grace.abort();
    // Free at once for the others; where someone has it by now nothing happens.
    if (await setExpiry(got.fence, clock.now())) await database.signal(leasesChannel, lease.name);
    return true;
  }

  return {
    hold(lease) {
      const ttlMs = lease.ttlMs ?? 15_000;
      const stopped = new AbortController();
      const state = { isHeld: false };
      const tryOnce = async () => {
        try {
          return await holdOnce(lease, ttlMs, stopped.signal, (isHeld) => {
            state.isHeld = isHeld;
          });
        } catch (error) {
          options.logger.warn({ err: error, lease: lease.name }, 'a lease cannot be asked for');
          return false;
        }
      };
      const run = async () => {
        while (!stopped.signal.aborted) {
          const free = new AbortController();
          const stopListening = database.onSignal(leasesChannel, (name) => {
            if (name === lease.name) free.abort();
          });
          const hasHeld = await tryOnce();
          // Who just gave it up lets others try first.
          const wakers = hasHeld ? [stopped.signal] : [stopped.signal, free.signal];
          await sleep(clock, ttlMs / 3, AbortSignal.any(wakers));
          stopListening();
        }
      };
      const done = run();
      return {
        get isHeld() {
          return state.isHeld;
        },
        async stop() {
          stopped.abort();
          await done;
        },
      };
    },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
