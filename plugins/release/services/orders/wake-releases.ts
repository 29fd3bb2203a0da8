import { podKind } from 'longshore/plugins/compute';
import {
  type Clock,
  type Cluster,
  type Clusters,
  type Database,
  drizzle,
  followKind,
  type Logger,
  type WorkQueue,
} from 'longshore/sdk';
import { serviceLabel } from '../../engines/engine.ts';
import { appServices } from '../../tables.ts';
import { releaseLoop } from './apply-change.ts';

const { and, eq, inArray, isNotNull } = drizzle;

/** Changes of pods come in bursts: they are looked at together, this much later, in ms. */
const gatherMs = 200;

/** Wakes a release for what happens to pods of its service: without it, it would look every few seconds. */
export function wakeReleases(options: {
  readonly clusters: Clusters;
  readonly database: Database;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): void {
  const { clusters, database, queue, clock, logger, signal } = options;
  /** Names of services by namespace, of each cluster. */
  const waiting = new Map<Cluster, Map<string, Set<string>>>();

  followKind(clusters, podKind, {
    signal,
    onEvent({ object }, cluster, gone) {
      const { labels, namespace = '' } = object.metadata;
      const service = labels?.[serviceLabel];
      if (service === undefined) return;
      const gathered = waiting.get(cluster) ?? gatherIn(cluster, gone);
      const names = gathered.get(namespace) ?? new Set();
      gathered.set(namespace, names.add(service));
    },
  });

  function gatherIn(cluster: Cluster, gone: AbortSignal): Map<string, Set<string>> {
    const gathered = new Map<string, Set<string>>();
    waiting.set(cluster, gathered);
    const cancel = clock.schedule(gatherMs, () => {
      waiting.delete(cluster);
      for (const [namespace, names] of gathered) {
        wake(cluster.name, namespace, [...names]).catch((error: unknown) => {
          if (!signal.aborted) logger.warn({ err: error }, 'releases could not be woken');
        });
      }
    });
    gone.addEventListener('abort', cancel, { once: true });
    return gathered;
  }

  async function wake(cluster: string, namespace: string, names: readonly string[]): Promise<void> {
    const rows = await database
      .current()
      .select({ releaseId: appServices.releaseId })
      .from(appServices)
      .where(
        and(
          eq(appServices.cluster, cluster),
          eq(appServices.namespace, namespace),
          inArray(appServices.name, [...names]),
          isNotNull(appServices.releaseId),
        ),
      );
    for (const { releaseId } of rows) if (releaseId) await queue.enqueue(releaseLoop, releaseId);
  }
}
