import { randomUUID } from 'node:crypto';
import {
  type Clock,
  ConflictError,
  type Database,
  type DatabaseHandle,
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
import { clusterChanges } from '../../tables.ts';

const { and, eq, isNull, lt, ne, sql } = drizzle;

export type ClusterChange = typeof clusterChanges.$inferSelect;
type Place = Pick<ClusterChange, 'cluster' | 'namespace' | 'name'>;
type News = Partial<Pick<ClusterChange, 'attempt' | 'uid' | 'phase' | 'problem' | 'rollbackAt'>>;

/** Managed clusters that are being made, expanded or deleted, over all replicas (CMP-07, CMP-13, CMP-14). */
export interface ClusterChanges {
  /**
   * Begins one as the long operation of the ticket. Throws `PreconditionError` CLUSTER_CHANGING where another one is under way; one that failed before it had
   * made anything gives way, and a deletion ends all others. Throws `ConflictError` where a machine that it would use was promised to another cluster since
   * it was looked.
   */
  begin(
    change: Place & Pick<ClusterChange, 'kind' | 'workspaceId' | 'plan' | 'uid'>,
    ticket: OperationHandle,
    by: Principal,
    result: { readonly type: string; readonly id: string },
  ): Promise<void>;
  get(id: string): Promise<ClusterChange | undefined>;
  /** All that have not ended: few. */
  open(): Promise<readonly ClusterChange[]>;
  /** Throws `PreconditionError` CLUSTER_CHANGING where one is under way. */
  requireNone(place: Place): Promise<void>;
  /** For its loop alone. Throws `FenceLostError` where another worker has it by now. */
  note(id: string, fence: QueueFence, news: News): Promise<void>;
  /** From then on something may be there; false where somebody has ended it first. */
  pass(id: string, fence: QueueFence): Promise<boolean>;
  end(id: string, fence: QueueFence): Promise<void>;
}

export const clusterChangesRef: ServiceRef<ClusterChanges> = serviceRef<ClusterChanges>('compute.clusterChanges');

/** How long it is known of one that is over how it went, in ms: a failed step may still be tried again. */
const keptMs = 90 * 24 * 60 * 60 * 1_000;

export function createClusterChanges(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly operations: Pick<OperationRecords, 'get' | 'steps'>;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  /** What carries each kind on. */
  readonly loops: Readonly<Record<ClusterChange['kind'], LongOperation>>;
}): ClusterChanges {
  const { database, clock, operations, queue, loops } = options;
  const now = () => new Date(clock.now());
  const rowOf = (id: string) => eq(clusterChanges.id, id);
  const openAt = ({ cluster, namespace, name }: Place) =>
    and(
      eq(clusterChanges.cluster, cluster),
      eq(clusterChanges.namespace, namespace),
      eq(clusterChanges.name, name),
      isNull(clusterChanges.endedAt),
    );
  const openOf = (place: Place): Promise<ClusterChange[]> =>
    database.current().select().from(clusterChanges).where(openAt(place));
  const changing = ({ name, kind }: ClusterChange) =>
    new PreconditionError(
      'CLUSTER_CHANGING',
      `Managed cluster '${name}' is being ${{ CREATE: 'made', EXPAND: 'expanded', DELETE: 'deleted' }[kind]}: wait for that, or delete it.`,
    );

  /** Before something else begins there: what has made nothing ends, a deletion has the others end by their own loops. */
  async function makeWay(
    kind: ClusterChange['kind'],
    other: ClusterChange,
    tx: DatabaseHandle,
    by: Principal,
  ): Promise<void> {
    const steps = (await operations.get(other.id))?.steps ?? [];
    const hasFailed = steps.some(({ status, isIgnored }) => status === 'ERROR' && !isIgnored);
    if (kind === 'CREATE' && other.kind === 'CREATE' && hasFailed && other.passedAt === null) {
      await tx
        .update(clusterChanges)
        .set({ endedAt: now(), problem: `It was begun anew by '${by.name}' before anything was made.` })
        .where(rowOf(other.id));
      return;
    }
    if (kind !== 'DELETE' || other.kind === 'DELETE') throw changing(other);
    const problem = `'${by.name}' deleted the cluster.`;
    await tx.update(clusterChanges).set({ cancelledAt: now(), problem }).where(rowOf(other.id));
    await wakeLongOperation({ operations, queue }, loops[other.kind], other.id, by);
  }

  /** Machines that are there already become nodes of one cluster: two that chose the same one at the same moment go one after the other here. */
  async function claimHosts(change: Place & Pick<ClusterChange, 'plan'>, tx: DatabaseHandle): Promise<void> {
    const wanted = new Set(change.plan.expand?.hosts.map(({ name }) => name));
    if (wanted.size === 0) return;
    const { cluster, namespace } = change;
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`compute.hosts/${cluster}/${namespace}`}))`);
    const others = await tx
      .select()
      .from(clusterChanges)
      .where(
        and(
          eq(clusterChanges.cluster, cluster),
          eq(clusterChanges.namespace, namespace),
          isNull(clusterChanges.endedAt),
        ),
      );
    for (const { name, plan } of others) {
      const taken = plan.expand?.hosts.find((host) => wanted.has(host.name));
      if (!taken) continue;
      throw new ConflictError(`Machine '${taken.name}' has just been promised to managed cluster '${name}'.`);
    }
  }

  return {
    async begin(change, ticket, by, result) {
      const id = ticket.id ?? randomUUID();
      await runRecordedTransaction(database, ticket, async (tx) => {
        for (const other of await openOf(change)) await makeWay(change.kind, other, tx, by);
        await claimHosts(change, tx);
        // Two at the same moment: the index refuses the second one.
        await tx.insert(clusterChanges).values({ ...change, id, phase: 'FORWARD', attempt: 0, createdAt: now() });
        await operations.steps.start(ticket, planOf(loops[change.kind], ticket, { result }));
      });
    },
    async get(id) {
      const [row] = await database.current().select().from(clusterChanges).where(rowOf(id));
      return row;
    },
    open: () => database.current().select().from(clusterChanges).where(isNull(clusterChanges.endedAt)),
    async requireNone(place) {
      const [other] = await openOf(place);
      if (other) throw changing(other);
    },
    async note(id, fence, news) {
      await inFencedTransaction(database, fence, () =>
        database.current().update(clusterChanges).set(news).where(rowOf(id)),
      );
    },
    async pass(id, fence) {
      const changed = await inFencedTransaction(database, fence, () =>
        database
          .current()
          .update(clusterChanges)
          .set({ passedAt: now() })
          .where(and(rowOf(id), isNull(clusterChanges.cancelledAt), isNull(clusterChanges.endedAt)))
          .returning({ id: clusterChanges.id }),
      );
      return changed.length > 0;
    },
    async end(id, fence) {
      await inFencedTransaction(database, fence, async () => {
        const current = database.current();
        await current
          .update(clusterChanges)
          .set({ endedAt: now() })
          .where(and(rowOf(id), isNull(clusterChanges.endedAt)));
        await current
          .delete(clusterChanges)
          .where(and(lt(clusterChanges.endedAt, new Date(clock.now() - keptMs)), ne(clusterChanges.id, id)));
      });
    },
  };
}
