import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterSettings } from './cluster-settings.ts';
import { createCluster } from './create-cluster.ts';
import type { DeclaredKind } from './declared-kind.ts';
import type { AfterWrite, KubeClusters } from './kube-cluster.ts';
import { type KubeMetrics, noMetrics } from './kube-metrics.ts';
import type { WriteGuard } from './write-guard.ts';

/**
 * All clusters of this gateway, connecting in the background: the answer is there at once, and a cluster that cannot be
 * reached is only a state. Throws where two clusters have one name, or where plugins declare one kind in two ways.
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
  const names = options.clusters.map((settings) => settings.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two clusters are named '${twice}'; names of clusters are unique.`);
  const running = options.clusters.map((settings) =>
    createCluster({ settings, kinds, clock, logger, metrics, random, beforeWrite, afterWrite, guard }),
  );
  const byName = new Map(running.map(({ cluster }) => [cluster.name, cluster]));
  const listeners = new Set<(cluster: Cluster) => void>();
  let revision = 0;
  for (const { cluster, onChange } of running) {
    onChange(() => {
      revision += 1;
      for (const listener of [...listeners]) {
        try {
          listener(cluster);
        } catch (error) {
          logger.error({ err: error, cluster: cluster.name }, 'a listener to clusters threw; the others go on');
        }
      }
    });
  }
  return {
    all: [...byName.values()],
    get: (name) => byName.get(name),
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
      await Promise.all(running.map((one) => one.settled(timeout.signal)));
      cancel();
    },
    async stop() {
      await Promise.all(running.map((one) => one.stop()));
    },
  };
}
