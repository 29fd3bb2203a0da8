import { randomUUID } from 'node:crypto';
import type { TenancyService } from 'longshore/plugins/core';
import {
  AnswerError,
  assertFence,
  type Cluster,
  type Clusters,
  type Database,
  type DatabaseHandle,
  drizzle,
  PreconditionError,
  type Profiles,
  type QueueFence,
  type Topics,
  type WorkQueue,
} from 'longshore/sdk';
import { type EngineName, type ReleaseActor, type ReleaseOrder, releaseProgressTopic } from '../../api.ts';
import type { ReleaseTarget } from '../../engines/engine.ts';
import { appServices, groups, orders, serviceReleases, tasks, versions } from '../../tables.ts';
import { toAppService } from '../app-services/app-services.ts';
import { applicationLabelsOf, unitsIn } from '../app-services/place-of-service.ts';
import type { VersionSpec } from '../app-services/version-spec.ts';
import type { PlannedGroup } from '../grouping/plan-groups.ts';
import { lockOrder, tell } from './apply-change.ts';
import { orderLoop } from './create-order.ts';
import type { OrderRow, ReleaseRow, ServiceRow } from './model.ts';
import { readOrderFacts } from './neighbours.ts';
import { toOrder } from './order-rows.ts';
import { orderStateOf } from './order-state.ts';
import { planPods } from './plan-pods.ts';
import { type PlannedTask, planTasks } from './plan-tasks.ts';
import { findRunning } from './release-history.ts';

const { asc, eq } = drizzle;

export interface InitializeOptions {
  readonly database: Database;
  readonly topics: Topics;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  readonly clusters: Pick<Clusters, 'get'>;
  readonly profiles: Profiles;
  readonly tenancy: Pick<TenancyService, 'workspaces' | 'deploymentUnitsOf'>;
  /** Which engine moves the pods of a target there. */
  readonly chooseEngine: (question: {
    readonly target: ReleaseTarget;
    readonly previous: ReleaseTarget | null;
    readonly current: EngineName | null;
    readonly cluster: Cluster;
  }) => EngineName;
}

/** What a release comes to, written down once: forms, profiles and units are never looked at again. */
export interface ReleasePlan {
  readonly engine: EngineName;
  readonly target: ReleaseTarget;
  /** What runs now, as it was written then; null where nothing does. */
  readonly previous: ReleaseTarget | null;
  readonly groups: readonly PlannedGroup[];
  readonly tasks: readonly PlannedTask[];
  readonly totalPods: number;
  readonly pauseAfterGroup: boolean;
}

/**
 * Plans all releases of an order, and makes it READY; INIT_FAILED with the reason where one cannot be planned (REL-22). Nothing of a cluster is
 * written. Done again it does nothing.
 */
export async function initializeOrder(
  orderId: string,
  options: InitializeOptions,
  fence: QueueFence,
  now: Date,
): Promise<void> {
  const db = options.database.current();
  const [order] = await db.select().from(orders).where(eq(orders.id, orderId));
  if (order?.state !== 'INITIALIZING') return;
  const rows = await db
    .select()
    .from(serviceReleases)
    .innerJoin(appServices, eq(appServices.id, serviceReleases.serviceId))
    .innerJoin(versions, eq(versions.id, serviceReleases.versionId))
    .where(eq(serviceReleases.orderId, orderId))
    .orderBy(asc(serviceReleases.position));
  const plans = new Map<string, ReleasePlan>();
  let problem: string | undefined;
  for (const { release_service_releases: release, release_app_services: service, release_versions: version } of rows) {
    if (release.state === 'CANCELLED') continue;
    try {
      plans.set(release.id, await planRelease(options, order, release, service, version.spec));
    } catch (error) {
      // What it cannot be planned for is told; what is broken between us and the database is tried again.
      if (!(error instanceof AnswerError) || error.code === 'UPSTREAM') throw error;
      problem = `${service.name}: ${error.message}`;
      break;
    }
  }
  await options.database.transaction(async (tx) => {
    await assertFence(tx, fence);
    const locked = await lockOrder(tx, orderId);
    if (locked?.state !== 'INITIALIZING') return;
    if (problem === undefined) for (const [id, plan] of plans) await writePlan(tx, id, plan, now);
    const state = problem === undefined ? orderStateOf(await readOrderFacts(tx, orderId)) : ('INIT_FAILED' as const);
    const next: OrderRow = { ...locked, state, reason: problem ?? null, version: locked.version + 1 };
    await tx.update(orders).set({ state, reason: next.reason, version: next.version }).where(eq(orders.id, orderId));
    const [event = null] = await tell(
      tx,
      next,
      null,
      [
        problem === undefined
          ? { kind: 'INITIALIZED', message: 'All is planned: it can be started.' }
          : { kind: 'INIT_FAILED', message: problem },
      ],
      { now, actor: null },
    );
    const totalPods = [...plans.values()].reduce((sum, plan) => sum + plan.totalPods, 0);
    await options.topics.publish(releaseProgressTopic, {
      order: toOrder(next),
      releaseUuid: null,
      event,
      updatedPods: 0,
      totalPods,
    });
  });
}

/** Has an order that could not be initialised planned again. Throws `PreconditionError` RELEASE_STATE in any other state. */
export async function retryInitialization(
  tx: DatabaseHandle,
  orderId: string,
  {
    queue,
    topics,
    now,
    actor,
  }: Pick<InitializeOptions, 'queue' | 'topics'> & { readonly now: Date; readonly actor: ReleaseActor },
): Promise<{ readonly before: ReleaseOrder; readonly after: ReleaseOrder } | undefined> {
  const order = await lockOrder(tx, orderId);
  if (!order) return undefined;
  if (order.state !== 'INIT_FAILED') {
    throw new PreconditionError('RELEASE_STATE', `The order is ${order.state}: there is nothing to initialise again.`);
  }
  const after: OrderRow = { ...order, state: 'INITIALIZING', reason: null, version: order.version + 1 };
  const { state, reason, version } = after;
  await tx.update(orders).set({ state, reason, version }).where(eq(orders.id, orderId));
  await tx.update(serviceReleases).set({ actor }).where(eq(serviceReleases.orderId, orderId));
  const retried = { kind: 'RETRIED' as const, message: 'It is initialised again.' };
  const [event = null] = await tell(tx, after, null, [retried], { now, actor });
  await topics.publish(releaseProgressTopic, {
    order: toOrder(after),
    releaseUuid: null,
    event,
    updatedPods: 0,
    totalPods: 0,
  });
  await queue.enqueue(orderLoop, orderId);
  return { before: toOrder(order), after: toOrder(after) };
}

async function planRelease(
  { database, clusters, profiles, tenancy, chooseEngine }: InitializeOptions,
  order: OrderRow,
  release: ReleaseRow,
  service: ServiceRow,
  spec: VersionSpec,
): Promise<ReleasePlan> {
  const cluster = clusters.get(service.cluster);
  if (!cluster) throw new PreconditionError('CLUSTER_AWAY', `Cluster '${service.cluster}' is not served any more.`);
  if (cluster.state !== 'READY' && cluster.state !== 'DEGRADED') {
    throw new PreconditionError('CLUSTER_AWAY', `Cluster '${cluster.name}' is ${cluster.state}.`);
  }
  const running = (await findRunning(database.current(), [service.id])).get(service.id);
  const previous = running?.target ?? null;
  const {
    target,
    groups: planned,
    totalPods,
  } = planPods(
    {
      service: toAppService(service),
      version: { uuid: release.versionId, spec },
      units: await unitsIn(tenancy, service.workspaceId),
      applicationLabels: applicationLabelsOf(service, profiles),
    },
    order,
    previous,
  );
  return {
    engine: chooseEngine({ target, previous, current: running?.engine ?? null, cluster }),
    target,
    previous,
    groups: planned,
    tasks: planTasks({ ...needsOf(target, previous), groupCount: planned.length }),
    totalPods,
    pauseAfterGroup: spec.deployment.pauseAfterGroup,
  };
}

/** Which tasks it takes to get from the one to the other. */
function needsOf(target: ReleaseTarget, previous: ReleaseTarget | null) {
  const hasTraffic = Boolean(target.traffic);
  const services = [...(target.access ?? []), ...(previous?.access ?? [])];
  return { hasTraffic, hasServices: hasTraffic || services.length > 0, isLossless: target.isLossless === true };
}

async function writePlan(tx: DatabaseHandle, releaseId: string, plan: ReleasePlan, now: Date): Promise<void> {
  const { engine, target, previous, totalPods, pauseAfterGroup } = plan;
  await tx
    .update(serviceReleases)
    .set({ engine, target, previous, totalPods, pauseAfterGroup })
    .where(eq(serviceReleases.id, releaseId));
  // An initialisation that failed half-way has written nothing, so there is nothing to take away.
  if (plan.groups.length > 0) {
    await tx.insert(groups).values(
      plan.groups.map(({ isBeta, pods }, position) => ({
        id: randomUUID(),
        releaseId,
        position,
        isBeta,
        pods,
        state: 'PENDING' as const,
        createdAt: now,
      })),
    );
  }
  await tx.insert(tasks).values(
    plan.tasks.map((task) => ({
      ...task,
      id: randomUUID(),
      releaseId,
      state: 'PENDING' as const,
      attempts: 0,
      createdAt: now,
    })),
  );
}
