import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Cluster, ClusterChange, ClusterListener } from './cluster.ts';
import { createClusterFollowers } from './cluster-followers.ts';
import type { ClusterSettings } from './cluster-settings.ts';
import { createCluster, type RunningCluster } from './create-cluster.ts';
import type { DeclaredKind } from './declared-kind.ts';
import type { AfterWrite, KubeCluster, KubeClusters } from './kube-cluster.ts';
import { type KubeMetrics, noMetrics } from './kube-metrics.ts';
import type { WriteGuard } from './write-guard.ts';

/**
 * All clusters of this gateway, connecting in the background: the answer is there at once, and a cluster that cannot be
 * reached is only a state. Throws where two clusters have one name, or where plugins declare one kind in two ways. Clusters come
 * and go while it runs (`add`, `remove`).
 */
export function createClusters(options: {
  readonly clusters: readonly ClusterSettings[];
  readonly kinds: readonly DeclaredKind[];
  readonly clock?: Clock;
  readonly logger: Logger;
  readonly metrics?: KubeMetrics;
  /** 0 to below 1; tests make jitter predictable. */
  readonly random?: () => number;
  /** Called before every write to a cluster; what it throws stops the write. */
  readonly beforeWrite?: () => void;
  /** Called after every write that was not the platform's own, and waited for: other replicas learn of it before its author does. */
  readonly afterWrite?: AfterWrite;
  /** Judges every write; without one everything that a cluster takes is written. */
  readonly guard?: WriteGuard;
}): KubeClusters {
  const {
    kinds,
    clock = systemClock,
    logger,
    metrics = noMetrics,
    random = Math.random,
    beforeWrite = () => {},
    afterWrite = async () => {},
    guard,
  } = options;
  const running = new Map<string, RunningCluster>();
  const listeners = new Set<ClusterListener>();
  const followers = createClusterFollowers(() => all, safely);
  /** Made anew with each change, so that who walks through it meets no other. */
  let all: readonly KubeCluster[] = [];
  let revision = 0;

  function tell(cluster: Cluster, change: ClusterChange): void {
    revision += 1;
    for (const listener of [...listeners]) safely(cluster, () => listener(cluster, change));
  }

  function safely(cluster: Cluster, call: () => void): void {
    try {
      call();
    } catch (error) {
      logger.error({ err: error, cluster: cluster.name }, 'a listener to clusters threw; the others go on');
    }
  }

  function start(settings: ClusterSettings): KubeCluster {
    const { name } = settings;
    if (running.has(name)) throw new Error(`Two clusters are named '${name}'; names of clusters are unique.`);
    const one = createCluster({ settings, kinds, clock, logger, metrics, random, beforeWrite, afterWrite, guard });
    running.set(name, one);
    all = [...running.values()].map(({ cluster }) => cluster);
    one.onChange(() => {
      if (running.get(name) === one) tell(one.cluster, 'MODIFIED');
    });
    return one.cluster;
  }
  try {
    for (const settings of options.clusters) start(settings);
  } catch (error) {
    for (const one of running.values()) one.stop().catch(() => {});
    throw error;
  }

  return {
    get all() {
      return all;
    },
    get: (name) => running.get(name)?.cluster,
    add(settings) {
      const cluster = start(settings);
      followers.join(cluster);
      tell(cluster, 'ADDED');
      return cluster;
    },
    async remove(name) {
      const one = running.get(name);
      if (!one) return;
      running.delete(name);
      all = [...running.values()].map(({ cluster }) => cluster);
      // Whoever follows it still finds what it knew, and says what goes.
      followers.leave(name);
      tell(one.cluster, 'DELETED');
      await one.stop();
    },
    follow: followers.follow,
    get revision() {
      return revision;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async whenSettled(timeoutMs) {
      const timeout = new AbortController();
      const cancel = clock.schedule(timeoutMs, () => timeout.abort());
      await Promise.all([...running.values()].map((one) => one.settled(timeout.signal)));
      cancel();
    },
    async stop() {
      await Promise.all([...running.values()].map((one) => one.stop()));
    },
  };
}
