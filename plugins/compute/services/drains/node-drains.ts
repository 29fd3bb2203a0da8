import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type Database,
  drizzle,
  inFencedTransaction,
  type LongOperation,
  type OperationHandle,
  type OperationRecords,
  PreconditionError,
  type Principal,
  planOf,
  type QueueFence,
  runRecordedTransaction,
  type ServiceRef,
  serviceRef,
  type WorkQueue,
  wakeLongOperation,
} from 'longshore/sdk';
import { nodeDrains } from '../../tables.ts';

const { and, eq, isNull, lt } = drizzle;

export type NodeDrain = typeof nodeDrains.$inferSelect;

/** Nodes that are being drained, some to be removed (CMP-26), over all replicas. */
export interface NodeDrains {
  /** Begins one as the long operation of the ticket. Throws `PreconditionError` NODE_DRAINING where there is one already. */
  begin(
    drain: Pick<NodeDrain, 'cluster' | 'node' | 'nodeUid' | 'wasSchedulable' | 'options'>,
    steps: readonly string[],
    ticket: OperationHandle,
    result: { readonly type: string; readonly id: string },
  ): Promise<void>;
  get(id: string): Promise<NodeDrain | undefined>;
  /** All that have not ended: few. */
  open(): Promise<readonly NodeDrain[]>;
  /** Throws `PreconditionError` NODE_DRAINING where there is one. */
  requireNone(place: Pick<NodeDrain, 'cluster' | 'node'>): Promise<void>;
  /**
   * Has it ended as it is: its loop does that, and wakes where a step of it had failed. Throws `PreconditionError` NODE_NOT_DRAINING where it is over,
   * or the node is being removed.
   */
  cancel(
    place: Pick<NodeDrain, 'cluster' | 'node'>,
    uncordons: boolean | undefined,
    ticket: OperationHandle,
    by: Principal,
  ): Promise<void>;
  /** For its loop alone. Throws `FenceLostError` where another worker has it by now. */
  note(id: string, fence: QueueFence, news: Partial<Pick<NodeDrain, 'pods' | 'attempt' | 'wasEmpty'>>): Promise<void>;
  /** From then on it is not cancelled; false where somebody has done that first. */
  passNoReturn(id: string, fence: QueueFence): Promise<boolean>;
  end(id: string, fence: QueueFence): Promise<void>;
}

export const nodeDrainsRef: ServiceRef<NodeDrains> = serviceRef<NodeDrains>('compute.nodeDrains');

/** How long it is known of one that is over how it went, in ms: a failed step may still be tried again. */
const keptMs = 90 * 24 * 60 * 60 * 1_000;

export function createNodeDrains(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly operations: Pick<OperationRecords, 'get' | 'steps'>;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  /** What carries them on. */
  readonly operation: LongOperation;
}): NodeDrains {
  const { database, clock, operations, queue, operation } = options;
  const now = () => new Date(clock.now());
  const rowOf = (id: string) => eq(nodeDrains.id, id);
  const openAt = ({ cluster, node }: Pick<NodeDrain, 'cluster' | 'node'>) =>
    and(eq(nodeDrains.cluster, cluster), eq(nodeDrains.node, node), isNull(nodeDrains.endedAt));

  async function openOf(place: Pick<NodeDrain, 'cluster' | 'node'>): Promise<NodeDrain | undefined> {
    const [row] = await database.current().select().from(nodeDrains).where(openAt(place));
    return row;
  }
  async function requireNone(place: Pick<NodeDrain, 'cluster' | 'node'>): Promise<void> {
    if (!(await openOf(place))) return;
    throw new PreconditionError('NODE_DRAINING', `Node '${place.node}' is being drained; wait for that, or cancel it.`);
  }
  const update = (id: string, news: Partial<NodeDrain>) =>
    database.current().update(nodeDrains).set(news).where(rowOf(id));

  return {
    async begin(drain, steps, ticket, result) {
      const id = ticket.id ?? randomUUID();
      await runRecordedTransaction(database, ticket, async (tx) => {
        // Two at the same moment: the index refuses the second one.
        await requireNone(drain);
        await tx.insert(nodeDrains).values({ ...drain, id, pods: [], attempt: 0, wasEmpty: false, createdAt: now() });
        await operations.steps.start(ticket, planOf(operation, ticket, { only: steps, result }));
      });
    },
    async get(id) {
      const [row] = await database.current().select().from(nodeDrains).where(rowOf(id));
      return row;
    },
    open: () => database.current().select().from(nodeDrains).where(isNull(nodeDrains.endedAt)),
    requireNone,
    async cancel(place, uncordons, ticket, by) {
      const over = new PreconditionError(
        'NODE_NOT_DRAINING',
        `Node '${place.node}' is not being drained, or is removed already.`,
      );
      await runRecordedTransaction(database, ticket, async (tx) => {
        const row = await openOf(place);
        if (!row) throw over;
        const changed = await tx
          .update(nodeDrains)
          .set({
            cancelledAt: now(),
            uncordons: uncordons ?? row.wasSchedulable,
            problem: `It was cancelled by '${by.name}'.`,
          })
          .where(
            and(rowOf(row.id), isNull(nodeDrains.endedAt), isNull(nodeDrains.cancelledAt), isNull(nodeDrains.passedAt)),
          )
          .returning({ id: nodeDrains.id });
        if (changed.length === 0) throw over;
        await wakeLongOperation({ operations, queue }, operation, row.id, by);
      });
    },
    async note(id, fence, news) {
      await inFencedTransaction(database, fence, () => update(id, news));
    },
    async passNoReturn(id, fence) {
      const changed = await inFencedTransaction(database, fence, () =>
        database
          .current()
          .update(nodeDrains)
          .set({ passedAt: now() })
          .where(and(rowOf(id), isNull(nodeDrains.cancelledAt), isNull(nodeDrains.endedAt)))
          .returning({ id: nodeDrains.id }),
      );
      return changed.length > 0;
    },
    async end(id, fence) {
      await inFencedTransaction(database, fence, async () => {
        await update(id, { endedAt: now() });
        await database
          .current()
          .delete(nodeDrains)
          .where(lt(nodeDrains.endedAt, new Date(clock.now() - keptMs)));
      });
    },
  };
}
