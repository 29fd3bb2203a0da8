import { randomUUID } from 'node:crypto';
import {
  type Database,
  type DatabaseHandle,
  drizzle,
  type OperationHandle,
  PreconditionError,
  runRecordedTransaction,
  type Topics,
  ValidationError,
  type WorkQueue,
} from 'longshore/sdk';
import { appServicesTopic, type ReleaseActor, type ReleaseOrder, releaseProgressTopic } from '../../api.ts';
import { appServices, orders, serviceReleases, versions } from '../../tables.ts';
import { toAppService } from '../app-services/app-services.ts';
import { beingDeleted } from '../app-services/service-deletion.ts';
import { tell } from './apply-change.ts';
import { toOrder } from './order-rows.ts';
import { requireDependencies } from './plan-order.ts';

const { and, eq, inArray, isNull } = drizzle;

/** Keys of the loop that initialises orders are their ids. */
export const orderLoop = 'release.orders';

export interface NewRelease {
  readonly serviceId: string;
  readonly versionId: string;
  /** Ids of services of the same order. */
  readonly dependsOn: readonly string[];
}

export interface NewOrder {
  /** UUID that it gets; any where not given. */
  readonly id?: string | undefined;
  readonly title: string;
  readonly workspaceId: string | null;
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly units: readonly string[];
  readonly betaGroup: boolean;
  readonly services: readonly NewRelease[];
  readonly actor: ReleaseActor;
}

/**
 * Makes an order of services that are in no other (REL-17, REL-33), each with a submitted version of its own. All or nothing: two orders
 * that are made at the same time never have a service in common. Throws `ValidationError` for services, versions and dependencies that do
 * not fit (REL-20), and `PreconditionError` RELEASE_ACTIVE and BEING_DELETED.
 */
export function createOrder(
  options: {
    readonly database: Database;
    readonly topics: Topics;
    readonly queue: Pick<WorkQueue, 'enqueue'>;
    readonly now: Date;
  },
  order: NewOrder,
  ticket: OperationHandle,
  /** What is written with it, in the same transaction; a ticket for that. */
  before?: (ticket: OperationHandle) => Promise<void>,
): Promise<ReleaseOrder> {
  const { topics, queue, now } = options;
  return runRecordedTransaction(options.database, ticket, async (tx) => {
    // It is rolled back as a whole in a dry run, and must stand until then.
    await before?.({ ...ticket, isDryRun: false });
    const services = await lockServices(tx, order.services);
    requireDependencies(
      order.services.map(({ serviceId, dependsOn }) => ({
        serviceId,
        dependsOn,
        name: services.get(serviceId)?.name ?? serviceId,
      })),
    );
    await requireVersions(tx, order.services);
    const releases = new Map(order.services.map(({ serviceId }) => [serviceId, randomUUID()]));
    const row: typeof orders.$inferSelect = {
      id: order.id ?? randomUUID(),
      title: order.title,
      workspaceId: order.workspaceId,
      cluster: order.cluster,
      namespace: order.namespace,
      units: order.units,
      betaGroup: order.betaGroup,
      state: 'INITIALIZING',
      reason: null,
      createdBy: order.actor.id,
      createdAt: now,
      startedAt: null,
      finishedAt: null,
      version: 1,
    };
    await tx.insert(orders).values(row);
    await tx.insert(serviceReleases).values(
      order.services.map(({ serviceId, versionId, dependsOn }, position) => ({
        id: releases.get(serviceId) ?? randomUUID(),
        orderId: row.id,
        serviceId,
        versionId,
        position,
        fromVersionId: services.get(serviceId)?.currentVersionId ?? null,
        dependsOn: dependsOn.map((id) => releases.get(id) ?? id),
        state: 'READY' as const,
        pauseAfterGroup: true,
        actor: order.actor,
        groupPosition: 0,
        totalPods: 0,
        updatedPods: 0,
        since: now,
        createdAt: now,
      })),
    );
    for (const [serviceId, releaseId] of releases) {
      const [changed] = await tx
        .update(appServices)
        .set({ releaseId, lastReleaseState: 'READY' })
        .where(eq(appServices.id, serviceId))
        .returning();
      if (changed)
        await topics.publish(appServicesTopic, toAppService(changed), { type: 'MODIFIED', cluster: changed.cluster });
    }
    const created = { kind: 'CREATED' as const, message: `'${order.title}' was made.` };
    const [event = null] = await tell(tx, row, null, [created], { now, actor: order.actor });
    const made = toOrder(row);
    const progress = { order: made, releaseUuid: null, event, updatedPods: 0, totalPods: 0 };
    await topics.publish(releaseProgressTopic, progress, { type: 'ADDED' });
    await queue.enqueue(orderLoop, row.id);
    return made;
  });
}

/** Locked in the order of their ids, so that two orders of the same services never wait for each other. */
async function lockServices(tx: DatabaseHandle, wanted: readonly NewRelease[]) {
  const ids = [...new Set(wanted.map(({ serviceId }) => serviceId))].sort();
  const rows = await tx
    .select()
    .from(appServices)
    .where(and(inArray(appServices.id, ids), isNull(appServices.deletedAt)))
    .orderBy(appServices.id)
    .for('update');
  const found = new Map(rows.map((row) => [row.id, row]));
  wanted.forEach(({ serviceId }, index) => {
    if (found.has(serviceId)) return;
    throw new ValidationError([
      { path: ['services', index, 'serviceId'], code: 'unknown', message: 'There is no such app service' },
    ]);
  });
  for (const { name, releaseId, lastReleaseState, deletion } of rows) {
    if (deletion) throw beingDeleted(name);
    if (releaseId === null) continue;
    const why =
      lastReleaseState === 'FAILED' || lastReleaseState === 'ROLLBACK_FAILED'
        ? 'its last release has failed: retry it or roll it back first'
        : 'it is in another release order';
    throw new PreconditionError('RELEASE_ACTIVE', `'${name}' cannot be released: ${why}.`);
  }
  return found;
}

async function requireVersions(tx: DatabaseHandle, wanted: readonly NewRelease[]): Promise<void> {
  const ids = [...new Set(wanted.map(({ versionId }) => versionId))];
  const rows = await tx
    .select({ id: versions.id, serviceId: versions.serviceId, editState: versions.editState })
    .from(versions)
    .where(inArray(versions.id, ids));
  const found = new Map(rows.map((row) => [row.id, row]));
  const issues = wanted.flatMap(({ serviceId, versionId }, index) => {
    const version = found.get(versionId);
    const path = ['services', index, 'versionId'];
    if (version?.serviceId !== serviceId)
      return [{ path, code: 'unknown', message: 'The app service has no such version' }];
    if (version.editState !== 'DRAFT') return [];
    return [{ path, code: 'draft', message: 'A draft must be submitted before it can be released' }];
  });
  if (issues.length > 0) throw new ValidationError(issues);
}
