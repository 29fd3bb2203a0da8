import { podKind } from 'longshore/plugins/compute';
import {
  type Clock,
  type Cluster,
  type Clusters,
  type Database,
  drizzle,
  type KubeObject,
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
  for (const cluster of clusters.all) follow(cluster).catch(() => undefined);

  async function follow(cluster: Cluster): Promise<void> {
    const feed = cluster.feed(podKind);
    const ends: (() => void)[] = [() => feed.release()];
    const end = () => {
      for (const each of ends.splice(0)) each();
    };
    signal.addEventListener('abort', end, { once: true });
    await feed.ready(signal);
    if (signal.aborted) return;
    const gathered = new Map<string, Set<string>>();
    let cancel: (() => void) | undefined;
    const flush = () => {
      cancel = undefined;
      const places = [...gathered];
      gathered.clear();
      for (const [namespace, names] of places) {
        wake(cluster.name, namespace, [...names]).catch((error: unknown) => {
          if (!signal.aborted) logger.warn({ err: error }, 'releases could not be woken');
        });
      }
    };
    ends.push(() => cancel?.());
    ends.push(
      feed.onEvent(({ object }) => {
        const { labels, namespace = '' } = (object as KubeObject).metadata;
        const service = labels?.[serviceLabel];
        if (service === undefined) return;
        const names = gathered.get(namespace) ?? new Set();
        gathered.set(namespace, names.add(service));
        cancel ??= clock.schedule(gatherMs, flush);
      }),
    );
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
