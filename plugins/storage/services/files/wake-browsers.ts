import { type PodObject, persistentVolumeClaimKind, podKind } from 'longshore/plugins/compute';
import {
  type Cluster,
  type Clusters,
  followKind,
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

  const tellPod = (pod: KubeObject, cluster: Cluster) => wake(cluster.name, pod as PodObject);
  followKind(clusters, podKind, {
    signal,
    onThere(pods, cluster) {
      for (const pod of pods) tellPod(pod, cluster);
    },
    onEvent: ({ object }, cluster) => tellPod(object, cluster),
  });
  const tellClaim = (claim: KubeObject, cluster: Cluster) => void wakeForClaim(cluster, claim).catch(() => undefined);
  followKind(clusters, persistentVolumeClaimKind, {
    signal,
    onThere(claims, cluster) {
      for (const claim of claims) tellClaim(claim, cluster);
    },
    onEvent: ({ object }, cluster) => tellClaim(object, cluster),
  });
}
