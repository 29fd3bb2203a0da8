import { type PodObject, persistentVolumeClaimKind, podKind } from 'longshore/plugins/compute';
import {
  type Cluster,
  type Clusters,
  type KindRef,
  type KubeObject,
  type Logger,
  systemPrincipal,
  type WorkQueue,
} from 'longshore/sdk';
import { fileBrowserReconcilerName, keyOfBrowser } from './browser-key.ts';
import { browserPodName, isBrowserPod } from './browser-pod.ts';

/**
 * Wakes the loop of file browsers for every pod of one that comes, changes or goes, and for those that are there when the gateway
 * starts: also what a process left that was killed is closed in the end.
 */
export function wakeBrowsers(options: {
  readonly clusters: Clusters;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): void {
  const { clusters, queue, logger, signal } = options;

  function wake(cluster: string, pod: PodObject): void {
    if (!isBrowserPod(pod) || signal.aborted) return;
    const { namespace = '', name, uid = '' } = pod.metadata;
    const key = keyOfBrowser({ cluster, namespace, pod: name, podUid: uid });
    queue.enqueue(fileBrowserReconcilerName, key).catch((error: unknown) => {
      if (!signal.aborted) logger.warn({ err: error }, 'the loop of file browsers could not be woken');
    });
  }

  /** A claim that is to go waits for its file browser. */
  async function wakeForClaim(cluster: Cluster, claim: KubeObject): Promise<void> {
    if (claim.metadata.deletionTimestamp === undefined) return;
    const name = browserPodName(claim);
    const pod = await cluster.reader(systemPrincipal, signal).get(podKind, claim.metadata.namespace, name);
    if (pod) wake(cluster.name, pod);
  }

  async function follow(cluster: Cluster, kind: KindRef, tell: (object: KubeObject) => void): Promise<void> {
    const feed = cluster.feed(kind);
    const ends: (() => void)[] = [() => feed.release()];
    const end = () => {
      for (const each of ends.splice(0)) each();
    };
    signal.addEventListener('abort', end, { once: true });
    await feed.ready(signal);
    if (signal.aborted) return;
    const { items } = feed.snapshot();
    ends.push(feed.onEvent(({ object }) => tell(object as KubeObject)));
    for (const object of items) tell(object as KubeObject);
  }

  for (const cluster of clusters.all) {
    // A cluster that is away when the gateway starts is followed once somebody opens a file browser there.
    follow(cluster, podKind as KindRef, (pod) => wake(cluster.name, pod as PodObject)).catch(() => undefined);
    const tellClaim = (claim: KubeObject) => void wakeForClaim(cluster, claim).catch(() => undefined);
    follow(cluster, persistentVolumeClaimKind as KindRef, tellClaim).catch(() => undefined);
  }
}
