import {
  type Clock,
  type Clusters,
  type Logger,
  type ServiceRef,
  serviceRef,
  sleep,
  type WorkQueue,
} from 'longshore/sdk';
import { podKind } from '../../api.ts';
import type { UsageSeries } from './attribution.ts';
import { createHearing, type Hearing } from './create-hearing.ts';
import type { MeterStore } from './meter-store.ts';
import type { MeteredPod } from './metered-pod.ts';

/** The loop over clusters; its keys are their names. */
export const meteringReconcilerName = 'compute.metering';

/** What the loop needs of the gateway: a manifest is data. */
export interface MeteringLoop {
  readonly store: MeterStore;
  /** What this replica hears of a cluster; undefined before it has listed its pods, and where it is not served. */
  hearing(cluster: string): Hearing | undefined;
  isServed(cluster: string): boolean;
  /** Uid of its `kube-system`; empty where that cannot be read. */
  identityOf(cluster: string): Promise<string>;
  attributionOf(cluster: string): Promise<(pod: MeteredPod) => UsageSeries | undefined>;
}

export const meteringLoopRef: ServiceRef<MeteringLoop> = serviceRef<MeteringLoop>('compute.meteringLoop');

/** How soon the loop is woken again where the database cannot be asked, in ms. */
const retryMs = 5_000;

/** Hears the pods of all clusters there are, now and later, and has the loop settle each of them. */
export function followMeteredClusters(options: {
  readonly clusters: Pick<Clusters, 'follow'>;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): Pick<MeteringLoop, 'hearing'> {
  const { clusters, queue, clock, logger, signal } = options;
  const hearings = new Map<string, Hearing>();
  if (signal.aborted) return { hearing: () => undefined };

  async function wake(cluster: string, gone: AbortSignal): Promise<void> {
    while (!gone.aborted) {
      try {
        await queue.enqueue(meteringReconcilerName, cluster);
        return;
      } catch (error) {
        if (gone.aborted) return;
        logger.warn({ err: error, cluster }, 'metering could not be woken, trying again');
        await sleep(clock, retryMs, gone);
      }
    }
  }

  const end = clusters.follow((cluster, gone) => {
    const feed = cluster.feed(podKind);
    gone.addEventListener(
      'abort',
      () => {
        hearings.get(cluster.name)?.stop();
        hearings.delete(cluster.name);
        feed.release();
      },
      { once: true },
    );
    feed.ready(gone).then(
      () => {
        if (gone.aborted) return;
        hearings.set(cluster.name, createHearing(feed, clock));
        void wake(cluster.name, gone);
      },
      () => {},
    );
  });
  signal.addEventListener('abort', end, { once: true });
  return { hearing: (cluster) => hearings.get(cluster) };
}
