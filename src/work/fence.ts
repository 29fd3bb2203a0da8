import { sql } from 'drizzle-orm';
import type { Database, DatabaseHandle } from '../data/database.ts';

/** The number under which a worker holds a key of the queue. Numbers only ever grow; the newest holder has the greatest. */
export interface QueueFence {
  readonly kind: 'queue';
  readonly reconciler: string;
  readonly key: string;
  readonly number: number;
}

/** The number under which a replica holds a named lease. */
export interface LeaseFence {
  readonly kind: 'lease';
  readonly name: string;
  readonly number: number;
}

export type Fence = QueueFence | LeaseFence;

/** Someone else holds the key or lease by now: what this worker still wants to write is not wanted any more. */
export class FenceLostError extends Error {
  override readonly name = 'FenceLostError';
}

/**
 * Call it first in every transaction in which a loop writes. Throws `FenceLostError` where the holder has changed; where
 * it has not, nobody can take over before this transaction has ended.
 */
export async function assertFence(tx: DatabaseHandle, fence: Fence): Promise<void> {
  const held = fence.kind === 'queue' ? await tx.execute(queueRow(fence)) : await tx.execute(leaseRow(fence));
  if (held.length === 0) {
    const what = fence.kind === 'queue' ? `${fence.reconciler} ${fence.key}` : `lease ${fence.name}`;
    throw new FenceLostError(`${what} is held by someone else by now (fence ${fence.number})`);
  }
}

/** A transaction of a loop: `assertFence`, then the work. Throws `FenceLostError` where the holder has changed; nothing is written then. */
export function inFencedTransaction<T>(
  database: Pick<Database, 'transaction'>,
  fence: Fence,
  work: (tx: DatabaseHandle) => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    await assertFence(tx, fence);
    return work(tx);
  });
}

/** Keeps out `FOR UPDATE`, by which a key is claimed, but not the update that wakes it. */
function queueRow(fence: QueueFence) {
  return sql`select 1 from core_queue
    where reconciler = ${fence.reconciler} and key = ${fence.key} and fence = ${fence.number} for key share`;
}

/** Keeps out every update, by which a lease is taken over. */
function leaseRow(fence: LeaseFence) {
  return sql`select 1 from core_leases where name = ${fence.name} and fence = ${fence.number} for share`;
}
