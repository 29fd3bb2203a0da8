import { podKind } from 'longshore/plugins/compute';
import {
  AnswerError,
  again,
  type Cluster,
  type ClusterReader,
  type Clusters,
  type OperationRecords,
  type Principal,
  type Profiles,
  type ReconcileContext,
  type ReconcileResult,
  type ServiceRef,
  serviceRef,
  settled,
  type Users,
} from 'longshore/sdk';
import type { EngineName } from '../../api.ts';
import type { EngineWrite, Observed, ReleaseEngine, ReleaseTarget } from '../../engines/engine.ts';
import type { WriteContext } from '../../engines/write.ts';
import { groupTimeoutSeconds, podReadySeconds } from '../../profile-keys/orders.ts';
import { idOfOrder } from '../subjects.ts';
import type { TaskFacts, TaskLook } from '../tasks/task-look.ts';
import { releaseLoop } from './apply-change.ts';
import {
  decideRelease,
  failure,
  goalOf,
  type Move,
  needsCluster,
  nextTask,
  rollbackFailed,
  type Seen,
  wantedAt,
} from './decide-release.ts';
import type { Change, ReleaseView, ServiceRow } from './model.ts';
import { ordersStoreRef } from './orders-store.ts';
import { ownUnits } from './own-units.ts';

/** What the loop of releases needs of the gateway: a manifest is data. */
export interface ReleaseLoop {
  readonly clusters: Pick<Clusters, 'get'>;
  readonly operations: Pick<OperationRecords, 'run'>;
  readonly profiles: Profiles;
  readonly users: Pick<Users, 'actingAs'>;
  readonly engine: (name: EngineName, cluster: Cluster) => ReleaseEngine;
  /** Makes one write of an engine or task; one that is made twice has effect once. */
  readonly write: (write: EngineWrite, context: WriteContext) => Promise<void>;
  /** Whether the cluster has the workloads as they were seen, past all caches. */
  readonly isStillSo: (units: Observed, context: Omit<WriteContext, 'ticket'>) => Promise<boolean>;
  /** What a task comes to now. */
  readonly lookAtTask: (facts: TaskFacts) => Promise<TaskLook>;
  /** Has all traffic of a service go to its Services again, whatever version their pods are of. */
  readonly restoreTraffic: (target: ReleaseTarget, reader: ClusterReader) => Promise<TaskLook>;
}

export const releaseLoopRef: ServiceRef<ReleaseLoop> = serviceRef<ReleaseLoop>('release.loop');

/** How soon a cache that lags is looked at again, in ms. */
const staleMs = 1_000;
/** How soon a cluster that is away is asked again, in ms. */
const awayMs = 15_000;

/** One step of one release: read, decide, at most one effect. Whoever is killed in between finds the way from what is there. */
export async function takeStep(releaseId: string, context: ReconcileContext): Promise<ReconcileResult> {
  const { failpoints, clock, fence } = context;
  const loop = context.service(releaseLoopRef);
  const store = context.service(ordersStoreRef);

  // 1. Read.
  const view = await store.view(releaseId);
  if (!view) return settled;
  const service = await store.serviceOf(view.release);
  if (!service) return settled;
  const commit = async (change: Change, name: string): Promise<ReconcileResult> => {
    await failpoints.reach(`${releaseLoop}.before-${name}`);
    await store.commit(view, change, fence);
    await failpoints.reach(`${releaseLoop}.after-${name}`);
    return again(0);
  };
  const giveUp = (reason: string) =>
    commit(isOnWayBack(view) ? rollbackFailed(reason, clock.now()) : failure(view, reason, clock.now()), 'failure');
  let cluster: Cluster | undefined;
  let caller: Principal | undefined;
  let seen: Seen = { units: [], task: undefined };
  let engine: ReleaseEngine | undefined;
  if (needsCluster(view)) {
    cluster = loop.clusters.get(service.cluster);
    // Nothing is undone, and nothing is late, because a cluster is away (T25).
    if (cluster?.state !== 'READY' && cluster?.state !== 'DEGRADED') {
      await commit({ release: { since: new Date(clock.now()) } }, 'away');
      return again(awayMs);
    }
    caller = loop.users.actingAs(view.release.actor);
    if (!caller) return giveUp(`'${view.release.actor.name}', in whose name this is done, may not be here any more.`);
    engine = view.release.engine ? withinOrder(loop.engine(view.release.engine, cluster)) : undefined;
    if (!engine) return giveUp('Nothing is known of how its pods are moved.');
    seen = await look(view, loop, engine, cluster, caller, context);
  }

  // 2. Decide.
  const limits = limitsOf(loop.profiles, service);
  const move = engine
    ? decideRelease({ view, seen, engine, limits, now: clock.now() })
    : decideRelease({ view, seen, engine: noEngine, limits, now: clock.now() });

  // 3. One effect.
  if (move.do === 'rest') return settled;
  if (move.do === 'wait') return again(move.afterMs);
  if (move.do === 'change' && move.isEnd && cluster && caller) {
    const target = { namespace: service.namespace, serviceId: service.id, service: service.name };
    const isCurrent = await loop.isStillSo(seen.units, { target, writer: cluster.writer(caller) });
    if (!isCurrent) return again(staleMs);
  }
  if (move.do === 'change') return commit(move.change, `change-${view.release.state.toLowerCase()}`);
  if (!cluster || !caller) return settled;
  try {
    await failpoints.reach(`${releaseLoop}.before-${move.do}`);
    await perform(move, { view, service, cluster, caller, loop });
    await failpoints.reach(`${releaseLoop}.after-${move.do}`);
    return again(0);
  } catch (error) {
    if (!isFinal(error)) throw error;
    return giveUp(error.message);
  }
}

const noEngine: Pick<ReleaseEngine, 'next' | 'finish' | 'remove'> = {
  next: () => undefined,
  finish: () => undefined,
  remove: () => undefined,
};

const isOnWayBack = ({ release }: ReleaseView): boolean =>
  release.state === 'ROLLING_BACK' || release.state === 'ROLLBACK_TASKS';

async function look(
  view: ReleaseView,
  loop: ReleaseLoop,
  engine: ReleaseEngine,
  cluster: Cluster,
  caller: Principal,
  { signal }: ReconcileContext,
): Promise<Seen> {
  const goal = goalOf(view);
  const { state, target, previous, groupPosition } = view.release;
  const reader = cluster.reader(caller, signal);
  const movesPods = state === 'GROUPS' || state === 'ROLLING_BACK';
  const units = goal && movesPods ? await engine.observe(goal, reader) : [];
  if (state === 'ROLLING_BACK' && target?.traffic) return { units, task: await loop.restoreTraffic(target, reader) };
  const task = nextTask(view);
  if (!task || !target) return { units, task: undefined };
  const { kind, phase } = task;
  const hasBegun = task.state !== 'PENDING';
  const wanted = wantedAt(view, groupPosition, units);
  return { units, task: await loop.lookAtTask({ kind, phase, hasBegun, target, previous, engine, wanted, reader }) };
}

/** Where an order is for some units only, the others are none of its business (REL-19). */
function withinOrder(engine: ReleaseEngine): ReleaseEngine {
  return { ...engine, observe: async (target, reader) => ownUnits(target, await engine.observe(target, reader)) };
}

function limitsOf(profiles: Profiles, { cluster, namespace }: ServiceRow) {
  const profile = profiles.at({ cluster, namespace });
  return {
    podReadySeconds: profile.get(podReadySeconds),
    groupTimeoutSeconds: profile.get(groupTimeoutSeconds),
  };
}

/** One write, recorded before it is made, in the name of whoever made the last decision about the release. */
async function perform(
  move: Extract<Move, { do: 'write' | 'delete-pod' }>,
  {
    view,
    service,
    cluster,
    caller,
    loop,
  }: {
    readonly view: ReleaseView;
    readonly service: ServiceRow;
    readonly cluster: Cluster;
    readonly caller: Principal;
    readonly loop: ReleaseLoop;
  },
): Promise<void> {
  const { namespace } = service;
  const what =
    move.do === 'write' ? `${move.write.verb} ${move.write.kind.kind} ${move.write.name}` : `delete Pod ${move.name}`;
  await loop.operations.run(
    {
      action: releaseLoop,
      principal: caller,
      requestId: view.release.id,
      target: {
        plugin: 'release',
        type: 'ReleaseOrder',
        id: idOfOrder(view.release.orderId),
        kind: 'ReleaseOrder',
        name: service.name,
        cluster: cluster.name,
        namespace,
      },
      detail: what,
    },
    async (ticket) => {
      const writer = cluster.writer(caller);
      const target = { namespace, serviceId: service.id, service: service.name };
      if (move.do === 'write') await loop.write(move.write, { target, writer, ticket });
      else await writer.delete(ticket, podKind, namespace, move.name, { uid: move.uid });
      return { value: undefined };
    },
  );
}

const finalCodes = new Set([
  'VALIDATION',
  'FORBIDDEN',
  'QUOTA_EXCEEDED',
  'PRECONDITION_FAILED',
  'CAPABILITY_MISSING',
  'IN_USE',
]);

/** What will not be otherwise when it is tried again: somebody has to decide. */
const isFinal = (error: unknown): error is AnswerError => error instanceof AnswerError && finalCodes.has(error.code);
