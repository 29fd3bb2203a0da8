import { randomUUID } from 'node:crypto';
import { type DatabaseHandle, drizzle, type Topics, type WorkQueue } from 'longshore/sdk';
import { appServicesTopic, type ReleaseActor, releaseProgressTopic } from '../../api.ts';
import { appServices, groups, orders, releaseEvents, serviceReleases, tasks, versions } from '../../tables.ts';
import type { Change, ChangeEvent, OrderRow, ReleaseRow, Sibling } from './model.ts';
import { toAppService, toOrder } from './order-rows.ts';
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

/**
 * Writes what a decision makes of one release, tells its events, and brings the order's state up to date. In a transaction that has locked
 * the order. Answers the order as it then is.
 */
export async function applyChange(
  tx: DatabaseHandle,
  order: OrderRow,
  release: ReleaseRow,
  change: Change,
  options: ApplyOptions,
): Promise<OrderRow> {
  const { topics, now, actor } = options;
  const after: ReleaseRow = { ...release, ...change.release };
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
  const next = after.state === release.state ? order : await moveOrder(tx, order, release.id, after, options);
  const told = await tell(tx, next, release.id, change.events ?? [], { now, actor });
  const progress = {
    order: toOrder(next),
    releaseUuid: release.id,
    updatedPods: after.updatedPods,
    totalPods: after.totalPods,
  };
  for (const event of told) await topics.publish(releaseProgressTopic, { ...progress, event });
  if (told.length === 0 && change.release?.updatedPods !== undefined) {
    await topics.publish(releaseProgressTopic, { ...progress, event: null });
  }
  return next;
}

/** What a release has become may let others begin or go back, and is part of the order's own state. */
async function moveOrder(
  tx: DatabaseHandle,
  order: OrderRow,
  releaseId: string,
  after: Sibling,
  { queue, now }: ApplyOptions,
): Promise<OrderRow> {
  const rows = await tx
    .select({ id: serviceReleases.id, state: serviceReleases.state, dependsOn: serviceReleases.dependsOn })
    .from(serviceReleases)
    .where(eq(serviceReleases.orderId, order.id));
  const all = rows.map((row) => (row.id === releaseId ? { ...row, state: after.state } : row));
  for (const { id, dependsOn } of all) {
    if (dependsOn.includes(releaseId) || after.dependsOn.includes(id)) await queue.enqueue(releaseLoop, id);
  }
  const state = orderStateOf(all);
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

/** Writes events down, numbered without gaps. */
export async function tell(
  tx: DatabaseHandle,
  order: Pick<OrderRow, 'id'>,
  releaseId: string | null,
  events: readonly ChangeEvent[],
  { now, actor }: Pick<ApplyOptions, 'now' | 'actor'>,
) {
  if (events.length === 0) return [];
  const [last] = await tx
    .select({ sequence: sql<number>`coalesce(max(${releaseEvents.sequence}), 0)::int` })
    .from(releaseEvents)
    .where(eq(releaseEvents.orderId, order.id));
  const rows = events.map(({ kind, message, groupPosition }, index) => ({
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
