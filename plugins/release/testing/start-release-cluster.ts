import { setTimeout as pause } from 'node:timers/promises';
import {
  advancedStatefulSetKind,
  cloneSetKind,
  deploymentKind,
  horizontalPodAutoscalerKind,
  podKind,
  serviceKind,
  statefulSetKind,
} from 'longshore/plugins/compute';
import {
  type ClusterReader,
  ConflictError,
  declareKind,
  type KindRef,
  type OperationHandle,
  type Principal,
} from 'longshore/sdk';
import { loadEngines } from '../../../src/embedded/engines/load-engines.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { silentLogger } from '../../../src/kernel/logger.ts';
import { createClusters } from '../../../src/kube/create-clusters.ts';
import type { KubeCluster } from '../../../src/kube/kube-cluster.ts';
import { autoscalerIndexes } from '../../compute/services/operations/find-autoscaler.ts';
import type { EngineWrite, Observed, ReleaseEngine, ReleaseTarget, Wanted } from '../engines/engine.ts';
import { podsOfVersion } from '../engines/observe-pods.ts';
import { writeToCluster } from '../engines/write.ts';

const admin: Principal = {
  ...{ id: 'dev:alice', name: 'alice', kind: 'USER', groups: [], roles: ['ADMIN'], namespaces: [] },
  expiresAt: undefined,
};
const ticket: OperationHandle = { id: '7d9f5c3e-0000-4000-8000-000000000002', isDryRun: false, note() {} };

/** An embedded cluster, reached over HTTPS by the real reader and writer. */
export interface ReleaseCluster extends AsyncDisposable {
  readonly embedded: EmbeddedCluster;
  readonly cluster: KubeCluster;
  observe(engine: ReleaseEngine, target: ReleaseTarget): Promise<Observed>;
  /** Throws as the writer does. */
  write(target: ReleaseTarget, write: EngineWrite): Promise<void>;
  /** One look after the other, as the loop does, until all is written and as many pods as wanted are of the version and ready. */
  reach(engine: ReleaseEngine, target: ReleaseTarget, wanted: Wanted, hooks?: ReachHooks): Promise<Observed>;
  reader(): ClusterReader;
  /** Until there is nothing left to finish, and all pods are of the version. */
  finish(engine: ReleaseEngine, target: ReleaseTarget): Promise<Observed>;
}

export interface ReachHooks {
  /** What the engine decides on instead of what is there. */
  readonly see?: (observed: Observed) => Observed;
  readonly before?: (write: EngineWrite, observed: Observed) => Promise<void> | void;
  readonly after?: (write: EngineWrite) => Promise<void> | void;
}

const patienceMs = 20_000;
const lookEveryMs = 5;

export async function startReleaseCluster(engines: readonly string[] = ['kruise']): Promise<ReleaseCluster> {
  const embedded = await startEmbeddedCluster({ engines: await loadEngines(engines), speed: 200, nodes: 2 });
  const clusters = createClusters({
    clusters: [{ name: 'embedded', source: { kubeconfigText: embedded.kubeconfig } }],
    kinds: [
      ...(
        [
          podKind,
          serviceKind,
          deploymentKind,
          statefulSetKind,
          cloneSetKind,
          advancedStatefulSetKind,
        ] as readonly KindRef[]
      ).map((kind) => declareKind({ kind })),
      declareKind({ kind: horizontalPodAutoscalerKind, indexes: autoscalerIndexes }),
    ],
    clock: systemClock,
    logger: silentLogger,
  });
  await clusters.whenSettled(10_000);
  const cluster = clusters.get('embedded') as KubeCluster;

  const world: ReleaseCluster = {
    embedded,
    cluster,
    reader: () => cluster.reader(admin),
    observe: (engine, target) => engine.observe(target, cluster.reader(admin)),
    write: (target, write) => writeToCluster(write, { target, writer: cluster.writer(admin), ticket }),
    async reach(engine, target, wanted, { see = (observed: Observed) => observed, before, after }: ReachHooks = {}) {
      const until = Date.now() + patienceMs;
      for (;;) {
        const observed = await world.observe(engine, target);
        const write = engine.next(target, wanted, see(observed));
        if (write) {
          await before?.(write, observed);
          await takeIt(world.write(target, write));
          await after?.(write);
        } else if (isReached(observed, target, wanted)) return observed;
        if (Date.now() > until) throw new Error(`not reached: ${describe(observed)}`);
        if (!write) await pause(lookEveryMs);
      }
    },
    async finish(engine, target) {
      const until = Date.now() + patienceMs;
      for (;;) {
        const observed = await world.observe(engine, target);
        const write = engine.finish(target, observed);
        if (write) await takeIt(world.write(target, write));
        else if (observed.every((unit) => isPlain(unit, target))) return observed;
        if (Date.now() > until) throw new Error(`not finished: ${describe(observed)}`);
        if (!write) await pause(lookEveryMs);
      }
    },
    async [Symbol.asyncDispose]() {
      await clusters.stop();
      await embedded.stop();
    },
  };
  return world;
}

/** Somebody was faster: the loop looks again. */
async function takeIt(writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}

function isReached(observed: Observed, { versionId }: ReleaseTarget, wanted: Wanted): boolean {
  return observed.every((unit) => {
    const ready = podsOfVersion(unit.pods, versionId).filter(({ isReady }) => isReady);
    const isStill = unit.pods.every(({ isLeaving }) => !isLeaving);
    return unit.isSettled && isStill && ready.length >= Math.min(wanted.get(unit.unit) ?? 0, unit.replicas);
  });
}

function isPlain({ pods, replicas, isSettled }: Observed[number], { versionId }: ReleaseTarget): boolean {
  const own = podsOfVersion(pods, versionId).filter(({ isReady }) => isReady);
  return isSettled && own.length === replicas && pods.length === replicas;
}

const describe = (observed: Observed): string =>
  JSON.stringify(
    observed.map(({ unit, replicas, allowed, isSettled, isPrepared, pods }) => ({
      ...{ unit, replicas, allowed, isSettled, isPrepared },
      pods: pods.map(({ name, versionId, isReady, isLeaving, problem }) => ({
        ...{ name, versionId, isReady, isLeaving, problem },
      })),
    })),
  );
