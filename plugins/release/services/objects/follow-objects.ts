import type { Cluster, Clusters, KubeObject, Logger, WorkQueue } from 'longshore/sdk';
import type { ReleaseSettings } from '../../settings.ts';
import { isHeeded } from './object-loop.ts';
import { type OrderObject, orderObjectKind } from './order-object.ts';
import { keyOfPlace, type OrderObjectsStore, orderObjectLoop } from './order-objects-store.ts';

/** Wakes the loop for each ReleaseOrder that comes, goes or wants something else, in the clusters where they are heeded. */
export function followObjects(options: {
  readonly settings: ReleaseSettings;
  readonly clusters: Clusters;
  readonly store: Pick<OrderObjectsStore, 'placesIn'>;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): void {
  const { settings, clusters, store, queue, logger, signal } = options;
  const end = clusters.follow((cluster, gone) => {
    if (isHeeded(settings, cluster.name)) follow(cluster, gone);
  });
  signal.addEventListener('abort', end, { once: true });

  function follow(cluster: Cluster, gone: AbortSignal): void {
    const feed = cluster.feed(orderObjectKind);
    const stopListening = feed.onEvent(({ type, object, previous }) => {
      if (type === 'MODIFIED' && isSame(object, previous)) return;
      const { namespace = '', name } = object.metadata;
      wake(queue.enqueue(orderObjectLoop, keyOfPlace({ cluster: cluster.name, namespace, name })));
    });
    gone.addEventListener(
      'abort',
      () => {
        stopListening();
        feed.release();
      },
      { once: true },
    );
    feed
      .ready(gone)
      .then(() => wake(wakeKnown(cluster.name)))
      // Where they are not served there are none; once they are, each comes as an event.
      .catch(() => undefined);
  }

  /** What went while nobody watched comes as no event. */
  async function wakeKnown(cluster: string): Promise<void> {
    for (const place of await store.placesIn(cluster)) await queue.enqueue(orderObjectLoop, keyOfPlace(place));
  }

  function wake(waking: Promise<void>): void {
    waking.catch((error: unknown) => {
      if (!signal.aborted) logger.warn({ err: error }, 'ReleaseOrders could not be looked at');
    });
  }
}

/** What is written to its status changes nothing that it wants. */
function isSame(object: KubeObject<OrderObject>, previous: KubeObject<OrderObject> | undefined): boolean {
  const [now, before] = [object.metadata, previous?.metadata];
  return (
    now.uid === before?.uid &&
    now.generation === before?.generation &&
    now.deletionTimestamp === before?.deletionTimestamp
  );
}
