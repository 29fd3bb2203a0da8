import {
  type Clock,
  type Clusters,
  followKind,
  type KindRef,
  type KubeObject,
  type Logger,
  sleep,
} from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { anyWorkloadKinds } from '../../api.ts';
import { isOwnedByWorkload } from '../workload-kinds.ts';
import { standingOf } from './application-state.ts';

/** How long names are collected before their applications are woken, in ms: a rollout changes a workload often. */
const collectMs = 200;
/** How soon it is tried again where the database cannot be asked, in ms. */
const retryMs = 5_000;

/**
 * Wakes the applications whose workloads come, go or change how they stand, by the names in their labels. Without it states are
 * told only where somebody asks.
 */
export function wakeApplications(options: {
  readonly clusters: Clusters;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** The labels that name applications. */
  readonly labels: readonly string[];
  /** Wakes those of these names; of all names where it is undefined. */
  readonly wake: (names: readonly string[] | undefined) => Promise<void>;
}): void {
  const { clusters, clock, logger, signal, labels, wake } = options;
  const waiting = new Set<string>();
  let isAsleep = true;

  async function flush(): Promise<void> {
    while (waiting.size > 0 && !signal.aborted) {
      await sleep(clock, collectMs, signal);
      const names = [...waiting];
      waiting.clear();
      try {
        await wake(names);
      } catch (error) {
        // Going down closes the database under what is asked of it: no news.
        if (signal.aborted) return;
        for (const name of names) waiting.add(name);
        logger.warn({ err: error }, 'applications could not be woken, trying again');
        await sleep(clock, retryMs, signal);
      }
    }
  }

  function collect(names: readonly string[]): void {
    for (const name of names) waiting.add(name);
    if (!isAsleep || waiting.size === 0 || signal.aborted) return;
    isAsleep = false;
    flush()
      .catch(() => undefined)
      .finally(() => {
        isAsleep = true;
        collect([]);
      });
  }

  for (const kind of anyWorkloadKinds) {
    followKind(clusters, kind as KindRef, {
      signal,
      // What is there in the beginning is no news: applications are looked at once when the gateway starts.
      onEvent({ type, object, previous }) {
        if (isOwnedByWorkload(object)) return;
        const before = previous && markOf(previous, labels);
        const after = type === 'DELETED' ? undefined : markOf(object, labels);
        if (before?.text !== undefined && before.text === after?.text) return;
        collect([...(before?.names ?? []), ...(after?.names ?? markOf(object, labels).names)]);
      },
    });
  }
  wake(undefined).catch((error: unknown) => {
    if (!signal.aborted) logger.warn({ err: error }, 'applications could not be woken');
  });
}

/** What of a workload concerns its application. */
function markOf(object: KubeObject, labels: readonly string[]) {
  const names = labels.flatMap((label) => object.metadata.labels?.[label] ?? []);
  if (names.length === 0) return { names, text: '' };
  const standing = standingOf(object as unknown as WorkloadObject);
  return { names, text: JSON.stringify([names, standing]) };
}
