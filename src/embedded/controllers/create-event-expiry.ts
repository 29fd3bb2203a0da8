import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keysByResource, ownKey, splitKey } from './controller.ts';
import { createKindClient } from './kind-client.ts';
import type { CoreEvent } from './kubernetes-shapes.ts';

/** How long an Event is kept after it was last counted, as the API server's `--event-ttl` has it. */
const eventLifetimeMs = 3_600_000;

/** Removes Events that have grown old. */
export function createEventExpiry(context: ClusterContext): Controller {
  const events = createKindClient<CoreEvent>(context.store, 'kube-apiserver', '', 'events');
  return {
    name: 'event-expiry',
    keysOf: keysByResource({ events: (object, change) => (change.type === 'DELETED' ? [] : ownKey(object)) }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const event = events.get(namespace, name);
      if (event === undefined) return undefined;
      const leftMs = lastSeenMs(event) + eventLifetimeMs - context.clock.now();
      if (leftMs > 0) return leftMs;
      events.delete(event);
      return undefined;
    },
  };
}

function lastSeenMs(event: CoreEvent): number {
  const series = event.series as { readonly lastObservedTime?: string } | undefined;
  const times = [series?.lastObservedTime, event.lastTimestamp, event.eventTime, event.metadata.creationTimestamp];
  return Math.max(0, ...times.map((time) => Date.parse(time ?? '')).filter((time) => !Number.isNaN(time)));
}
