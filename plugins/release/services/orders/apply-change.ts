import { randomUUID } from 'node:crypto';
import { type DatabaseHandle, drizzle, type Topics, type WorkQueue } from 'longshore/sdk';
import { appServicesTopic, type ReleaseActor, releaseProgressTopic } from '../../api.ts';
import { appServices, groups, orders, releaseEvents, serviceReleases, tasks, versions } from '../../tables.ts';
import { toAppService } from '../app-services/app-services.ts';
import { wakeObjectOf } from '../objects/order-objects-store.ts';
import type { Change, ChangeEvent, OrderRow, ReleaseRow } from './model.ts';
import { freedBy, readOrderFacts } from './neighbours.ts';
import { toOrder } from './order-rows.ts';
import { hasEnded, orderStateOf } from './order-state.ts';

const { and, eq, isNull, sql } = drizzle;

/** Keys of the loop are ids of service releases. */
export const releaseLoop = 'release.serviceReleases';

export interface ApplyOptions {
  readonly topics: Topics;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  readonly now: Date;
  /** Who did it; null where the platform went on by itself. */
  readonly actor: ReleaseActor | null;
}

/** The order's row, locked: whatever changes in an order changes one after the other. Undefined where it is gone. */
export async function lockOrder(tx: DatabaseHandle, orderId: string): Promise<OrderRow | undefined> {
  const [row] = await tx.select().from(orders).where(eq(orders.id, orderId)).for('update');
  return row;
}

/** What becomes of one release. */
export interface ReleaseChange {
  readonly release: ReleaseRow;
  readonly change: Change;
}

/**
 * Writes what decisions make of releases of one order, tells their events, and brings the order's state up to date, once for all of them.
 * In a transaction that has locked the order. Answers the order as it then is.
 */
export async function applyChanges(
  tx: DatabaseHandle,
  order: OrderRow,
  changes: readonly ReleaseChange[],
  options: ApplyOptions,
): Promise<OrderRow> {
  const { topics, now, actor } = options;
  for (const each of changes) await writeRows(tx, each, options);
  const moved = changes.filter(({ release, change }) => (change.release?.state ?? release.state) !== release.state);
  const next = moved.length === 0 ? order : await moveOrder(tx, order, moved, options);
  const events = changes.flatMap(({ release, change }) =>
    (change.events ?? []).map((event) => ({ ...event, releaseId: release.id })),
  );
  const told = Map.groupBy(await tellAll(tx, next, events, { now, actor }), ({ releaseId }) => releaseId);
  const node = toOrder(next);
  for (const { release, change } of changes) {
    const { updatedPods, totalPods } = { ...release, ...change.release };
    const progress = { order: node, releaseUuid: release.id, updatedPods, totalPods };
    const own = told.get(release.id) ?? [];
    for (const event of own) await topics.publish(releaseProgressTopic, { ...progress, event });
    if (own.length === 0 && change.release?.updatedPods !== undefined) {
      await topics.publish(releaseProgressTopic, { ...progress, event: null });
    }
  }
  const isNews = told.size > 0 || changes.some(({ change }) => change.release?.updatedPods !== undefined);
  if (isNews) await wakeObjectOf(tx, order.id, options.queue, now);
  return next;
}

async function writeRows(
  tx: DatabaseHandle,
  { release, change }: ReleaseChange,
  { topics, now }: ApplyOptions,
): Promise<void> {
  if (change.release) await tx.update(serviceReleases).set(change.release).where(eq(serviceReleases.id, release.id));
  for (const { position, set } of change.groups ?? []) {
    await tx
      .update(groups)
      .set(set)
      .where(and(eq(groups.releaseId, release.id), eq(groups.position, position)));
  }
  for (const { id, set } of change.tasks ?? []) {
    await tx
      .update(tasks)
      .set(set)
      .where(and(eq(tasks.releaseId, release.id), eq(tasks.id, id)));
  }
  if (change.isPublished) {
    await tx
      .update(versions)
      .set({ editState: 'PUBLISHED', releasedAt: now })
      .where(and(eq(versions.id, release.versionId), isNull(versions.releasedAt)));
  }
  if (change.service) {
    const [row] = await tx
      .update(appServices)
      .set(change.service)
      .where(eq(appServices.id, release.serviceId))
      .returning();
    if (row) await topics.publish(appServicesTopic, toAppService(row), { type: 'MODIFIED', cluster: row.cluster });
  }
}

/** What releases have become may let others begin or go back, and is part of the order's own state. */
async function moveOrder(
  tx: DatabaseHandle,
  order: OrderRow,
  moved: readonly ReleaseChange[],
  { queue, now }: ApplyOptions,
): Promise<OrderRow> {
  const freed = new Set<string>();
  for (const { release, change } of moved) {
    for (const id of await freedBy(tx, release, change.release?.state ?? release.state)) freed.add(id);
  }
  for (const id of freed) await queue.enqueue(releaseLoop, id);
  const state = orderStateOf(await readOrderFacts(tx, order.id));
  // What is not planned yet is not READY because one of its services was taken out; only taking out all of them ends it.
  const isUnplanned = order.state === 'INITIALIZING' || order.state === 'INIT_FAILED';
  if (state === order.state || (isUnplanned && state !== 'CANCELLED')) return order;
  const set = {
    state,
    reason: null,
    version: order.version + 1,
    startedAt: order.startedAt ?? (state === 'CANCELLED' ? null : now),
    finishedAt: hasEnded(state) ? now : null,
  };
  await tx.update(orders).set(set).where(eq(orders.id, order.id));
  return { ...order, ...set };
}

type Telling = Pick<ApplyOptions, 'now' | 'actor'>;

/** Writes events of one release, or of the order itself, down, numbered without gaps. */
export function tell(
  tx: DatabaseHandle,
  order: Pick<OrderRow, 'id'>,
  releaseId: string | null,
  events: readonly ChangeEvent[],
  telling: Telling,
) {
  return tellAll(
    tx,
    order,
    events.map((event) => ({ ...event, releaseId })),
    telling,
  );
}

async function tellAll(
  tx: DatabaseHandle,
  order: Pick<OrderRow, 'id'>,
  events: readonly (ChangeEvent & { readonly releaseId: string | null })[],
  { now, actor }: Telling,
) {
  if (events.length === 0) return [];
  const [last] = await tx
    .select({ sequence: sql<number>`coalesce(max(${releaseEvents.sequence}), 0)::int` })
    .from(releaseEvents)
    .where(eq(releaseEvents.orderId, order.id));
  const rows = events.map(({ kind, message, groupPosition, releaseId }, index) => ({
    id: randomUUID(),
    orderId: order.id,
    releaseId,
    groupPosition: groupPosition ?? null,
    kind,
    message: message.slice(0, 2_000),
    actor: actor?.id ?? null,
    sequence: (last?.sequence ?? 0) + index + 1,
    createdAt: now,
  }));
  await tx.insert(releaseEvents).values(rows);
  return rows;
}
