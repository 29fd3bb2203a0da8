import { type Clock, sleep } from '../../kernel/clock.ts';
import { compareVersions, laterVersion } from '../compare-versions.ts';
import type { KindRef } from '../kind-ref.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import type { CacheScope } from './kind-cache.ts';
import { nextChange } from './next-change.ts';
import { reflect } from './reflect.ts';
import type { ServedKinds } from './served-kinds.ts';

const retryMs = 600_000;

/**
 * Calls back whenever any object of a kind changed, without keeping any. Where the credentials do not allow it, nothing
 * is called: it is for things that are also looked at by time.
 */
export async function watchForChanges(options: {
  readonly transport: ClusterTransport;
  readonly kind: KindRef;
  readonly served: ServedKinds;
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { transport, kind, served, clock, random, signal } = options;
  const reports = { listed() {}, live() {}, broken() {}, oddFrame() {} };
  while (!signal.aborted) {
    if (!served.isKnown || served.isServed(kind) === 'no') {
      await nextChange({ sources: [served.onChange], signal });
      continue;
    }
    const scope = signalScope(options.onChange);
    await reflect({
      transport,
      kind,
      namespace: undefined,
      scope,
      isMetadataOnly: true,
      reports,
      clock,
      random,
      signal,
    });
    await sleep(clock, retryMs, signal);
  }
}

/** A scope that remembers nothing but how far it heard. */
function signalScope(onChange: () => void): CacheScope {
  let position: string | undefined;
  return {
    get position() {
      return position;
    },
    beginList: () => (object) => object,
    async replace(_items, resourceVersion) {
      // The first list is no change; a later one may hide some.
      if (position !== undefined) onChange();
      position = resourceVersion;
    },
    change(_type, object) {
      const { resourceVersion } = object.metadata;
      const isNews = position === undefined || (compareVersions(resourceVersion, position) ?? 1) > 0;
      position = position === undefined ? resourceVersion : laterVersion(position, resourceVersion);
      if (isNews) onChange();
      return isNews;
    },
    bookmark(resourceVersion) {
      position = position === undefined ? resourceVersion : laterVersion(position, resourceVersion);
    },
  };
}
