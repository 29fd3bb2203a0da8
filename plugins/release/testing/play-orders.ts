import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type OperationHandle, systemPrincipal, type WorkQueue } from 'longshore/sdk';
import { createOperationRecords } from '../../../src/audit/create-operation-records.ts';
import { openTestDatabase, type TestDatabase } from '../../../src/data/testing/open-test-database.ts';
import { createFailpoints } from '../../../src/kernel/failpoints.ts';
import { silentLogger } from '../../../src/kernel/logger.ts';
import { createManualClock } from '../../../src/kernel/manual-clock.ts';
import { createWorkQueue } from '../../../src/work/work-queue.ts';
import type { ReleaseActor } from '../api.ts';
import type { EngineWrite, Observed } from '../engines/engine.ts';
import { createAppServicesService, requireIdle } from '../services/app-services/app-services-service.ts';
import { releaseLoop } from '../services/orders/apply-change.ts';
import { createOrder, orderLoop } from '../services/orders/create-order.ts';
import type { ReleaseAction } from '../services/orders/decide-action.ts';
import { initializeOrder, retryInitialization } from '../services/orders/initialize-order.ts';
import { createOrdersStore, type OrdersStore, ordersStoreRef } from '../services/orders/orders-store.ts';
import { releaseLoopRef, takeStep } from '../services/orders/take-step.ts';
import type { TaskFacts, TaskLook } from '../services/tasks/task-look.ts';
import { appServices, groups, orders, releaseEvents, serviceReleases, tasks, versions } from '../tables.ts';
import { createFakeCluster } from './fake-cluster.ts';
import { makeSpec } from './make-spec.ts';

const leaseMs = 30_000;
const start = Date.parse('2026-06-01T00:00:00Z');
const ticket: OperationHandle = { id: undefined, isDryRun: false, note() {} };
export const ann: ReleaseActor = { id: 'user:ann', name: 'ann', impersonatedBy: null };

/** Thrown where the process is killed: nothing behind it happens, and its lease runs out. */
export class Killed extends Error {}

export function openReleaseDatabase(url?: string): Promise<TestDatabase> {
  const folder = fileURLToPath(new URL('../../../migrations/release', import.meta.url));
  return openTestDatabase({ migrations: [{ plugin: 'release', folder }], ...(url === undefined ? {} : { url }) });
}

/** Image and copies of configuration are its own in each version. */
const specOf = (name: string, number: number, replicas: number) =>
  makeSpec({
    scaling: { replicas },
    deployment: { pauseAfterGroup: false },
    podSpec: {
      containers: [
        {
          name: 'main',
          image: `${name}:${number}`,
          envFrom: [{ configMapRef: { name: `${name}-settings-${number}` } }],
        },
      ],
    },
  });

/**
 * The whole of orders but GraphQL and a real cluster: tables, loop, queue with leases, on a clock of its own. The loop is driven by
 * hand, so that it can be killed anywhere and each run is the same.
 */
export function playOrders(database: TestDatabase) {
  const clock = createManualClock(start);
  const armed = createFailpoints();
  let onFailpoint: (name: string) => void = () => undefined;
  let onEffect: (what: string) => void = () => undefined;
  const failpoints = {
    ...armed,
    reach(name: string) {
      onFailpoint(name);
      return armed.reach(name);
    },
  };
  const cluster = createFakeCluster(() => clock.now());
  const queue: WorkQueue = createWorkQueue(database, clock);
  const topics = { publish: async () => undefined } as never;
  const store = createOrdersStore({ database, clock, topics, queue });
  let clusterState = 'READY';
  const clusters = {
    get: (name: string) => ({
      name,
      state: clusterState,
      reader: () => ({}),
      serves: () => true,
      writer: () => ({
        delete: async (_t: unknown, _k: unknown, _ns: unknown, _n: unknown, { uid }: { uid: string }) => {
          onEffect('effect: a pod is deleted');
          cluster.deletePod(uid);
        },
      }),
    }),
  } as never;
  const profiles = { at: () => ({ get: (key: { default: unknown }) => key.default }) } as never;
  let isActorThere = true;
  const loop = {
    clusters,
    profiles,
    operations: createOperationRecords({ database, clock, logger: silentLogger, failpoints }),
    users: { actingAs: () => (isActorThere ? systemPrincipal : undefined) },
    engine: () => cluster.engine,
    async write(write: EngineWrite) {
      onEffect(`effect: ${write.verb} ${write.name}`);
      cluster.apply(write);
    },
    isStillSo: async (units: Observed) => units.every(({ workloads }) => workloads.every(cluster.isStillSo)),
    async lookAtTask({ kind, target, hasBegun }: TaskFacts): Promise<TaskLook> {
      if (kind !== 'CLEAN_WORKLOADS') return { is: 'skipped' };
      const left = cluster.engine.finish(target, await cluster.engine.observe(target, {} as never));
      if (left) return { is: 'write', write: left };
      return { is: hasBegun ? 'done' : 'skipped' };
    },
    restoreTraffic: async () => ({ is: 'done' as const }),
  };
  const initialization = {
    database,
    topics,
    queue,
    clusters,
    profiles,
    tenancy: { workspaces: async () => [], deploymentUnitsOf: () => [] },
    chooseEngine: () => 'CLONE_SET' as const,
  };
  const appServicesService = createAppServicesService({ database, clock, topics, queue });
  const told: OrdersStore = {
    ...store,
    commit(view, change, fence) {
      onEffect(`effect: ${view.release.state} changes`);
      return store.commit(view, change, fence);
    },
  };
  const services = new Map<unknown, unknown>([
    [releaseLoopRef, loop],
    [ordersStoreRef, told],
  ]);

  /** One step of whatever is due; false where nothing is. */
  async function step(holder = 'one'): Promise<boolean> {
    const [claimed] = await queue.claim({ reconcilers: [orderLoop, releaseLoop], holder, limit: 1, leaseMs });
    if (!claimed) return false;
    const { fence, attempt } = claimed;
    try {
      if (fence.reconciler === orderLoop) {
        await failpoints.reach('release.orders.before-initialize');
        await initializeOrder(fence.key, initialization, fence, new Date(clock.now()));
        await failpoints.reach('release.orders.after-initialize');
        await failpoints.reach('queue.before-finish');
        await queue.settle(claimed);
        return true;
      }
      const result = await takeStep(fence.key, {
        fence,
        clock,
        failpoints,
        attempt,
        logger: silentLogger,
        signal: new AbortController().signal,
        service: (ref) => services.get(ref) as never,
      });
      await failpoints.reach('queue.before-finish');
      if (result.kind === 'settled') await queue.settle(claimed);
      else await queue.postpone(claimed, clock.now() + result.afterMs);
    } catch (error) {
      // A process that is killed gives nothing back.
      if (!(error instanceof Killed)) await queue.postpone(claimed, clock.now() + 1_000, 'failed');
    }
    return true;
  }

  const people = { mayCancelWhilePaused: () => true, authorize: () => undefined };
  return {
    clock,
    cluster,
    failpoints,
    store,
    queue,
    step,
    setClusterState: (state: 'READY' | 'UNREACHABLE') => {
      clusterState = state;
    },
    /** Called at each point that the loop passes; what it throws is thrown there. */
    onFailpoint: (listener: (name: string) => void) => {
      onFailpoint = listener;
    },
    /** Called at each write of the loop, to the cluster or the database. */
    onEffect: (listener: (what: string) => void) => {
      onEffect = listener;
    },
    removeActor: () => {
      isActorThere = false;
    },
    /** An app service with this many pods and versions; all submitted. */
    async addService(name: string, replicas: number, versionCount = 2) {
      const serviceId = randomUUID();
      const now = new Date(clock.now());
      const common = { createdBy: ann.id, createdAt: now, updatedAt: now, submittedAt: now, version: 1 };
      const ids = Array.from({ length: versionCount }, () => randomUUID());
      await database.db.insert(appServices).values({
        id: serviceId,
        name,
        cluster: 'east',
        namespace: 'shop',
        applicationId: randomUUID(),
        applicationName: 'shop',
        isStateful: false,
        operators: [],
        description: '',
        version: 1,
        createdAt: now,
      });
      await database.db.insert(versions).values(
        ids.map((id, index) => ({
          ...common,
          id,
          serviceId,
          number: index + 1,
          editState: 'SUBMITTED' as const,
          spec: specOf(name, index + 1, replicas),
        })),
      );
      return { serviceId, name, versions: ids };
    },
    /** Another version of it, as somebody submits one; answers its id. */
    async submitVersion({ serviceId, name }: { serviceId: string; name: string }, number: number, replicas: number) {
      const written = { uuid: randomUUID(), spec: specOf(name, number, replicas), basedOnUuid: null, author: ann.id };
      await appServicesService.addSubmitted(serviceId, { ...written, isSubmitted: true }, ticket);
      return written.uuid;
    },
    /** As `deleteAppService` does: what runs of it, then itself. */
    async deleteService({ serviceId, name }: { serviceId: string; name: string }) {
      const [service] = await appServicesService.get([serviceId]);
      if (!service) return;
      requireIdle(service);
      cluster.remove(name);
      await appServicesService.remove(serviceId, ticket);
    },
    create: (
      releases: readonly { serviceId: string; versionId: string; dependsOn?: readonly string[] }[],
      more: { readonly betaGroup?: boolean } = {},
    ) =>
      createOrder(
        { database, topics, queue, now: new Date(clock.now()) },
        {
          title: 'Vote',
          workspaceId: null,
          cluster: 'east',
          namespace: 'shop',
          units: [],
          betaGroup: more.betaGroup ?? true,
          services: releases.map((each) => ({ dependsOn: [], ...each })),
          actor: ann,
        },
        ticket,
      ),
    act: (action: ReleaseAction, orderId: string, releaseIds?: readonly string[], taskId?: string) =>
      store.act({ action, orderId, releaseIds, taskId, actor: ann, ...people }, ticket),
    retryInitialization: (orderId: string) =>
      database.transaction((tx) =>
        retryInitialization(tx, orderId, { queue, topics, now: new Date(clock.now()), actor: ann }),
      ),
    /** Works until nothing is left to do, at most so long on the clock. Answers whether it came to rest. */
    async settle(withinMs = 120_000): Promise<boolean> {
      const until = clock.now() + withinMs;
      for (;;) {
        if (await step()) continue;
        const due = await queue.nextDue([orderLoop, releaseLoop]);
        if (due === undefined) return true;
        if (due > until) return false;
        clock.advance(Math.max(1, due - clock.now()));
      }
    },
    /** All rows that a user could see, without what only time decides. */
    async rows() {
      const [order] = await database.db.select().from(orders);
      const releases = await database.db.select().from(serviceReleases).orderBy(serviceReleases.position);
      const all = await database.db.select().from(groups).orderBy(groups.position);
      const work = await database.db.select().from(tasks).orderBy(tasks.phase, tasks.position);
      const events = await database.db.select().from(releaseEvents).orderBy(releaseEvents.sequence);
      const held = await database.db.select().from(appServices).orderBy(appServices.name);
      return { order, releases, groups: all, tasks: work, events, services: held };
    },
  };
}

export type OrderPlay = ReturnType<typeof playOrders>;
