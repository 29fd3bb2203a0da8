import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Capability } from '../cluster.ts';
import type { KindRef } from '../kind-ref.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { faultOf } from '../transport/connection-error.ts';
import { statusOf } from '../transport/kube-status-error.ts';
import { createListeners, nextChange } from '../watch/next-change.ts';
import type { ServedKinds } from '../watch/served-kinds.ts';
import { capabilitiesOf } from './capability-table.ts';
import { readApi } from './read-api.ts';
import { type ServedApi, versionKey } from './served-api.ts';

/**
 * What a cluster is and serves, asked again every few minutes, soon after somebody has reason to think that it changed,
 * and each 30 s while the cluster is unreachable: this loop is its probe.
 */
export interface Discovery extends ServedKinds {
  readonly version: string | undefined;
  readonly capabilities: readonly Capability[];
  readonly brokenGroups: readonly string[];
  /** Why the last attempt failed; undefined when it did not. */
  readonly lastError: Error | undefined;
  /** Whether an attempt ended, well or not. */
  readonly isSettled: boolean;
  resolve(apiVersion: string, kind: string): KindRef | undefined;
  /** In the version the cluster prefers. */
  resolveGroup(group: string, kind: string): KindRef | undefined;
  /** Asks now, unless it did so within the last seconds. Resolves when the answer is in; never rejects. */
  refresh(): Promise<void>;
  run(signal: AbortSignal): Promise<void>;
}

const refreshEveryMs = 180_000;
const probeEveryMs = 30_000;
/** Several changes at once (an engine's twenty CRDs) are one reason to ask. */
const settleMs = 1_000;
const minSpacingMs = 10_000;

export function createDiscovery(options: {
  readonly transport: ClusterTransport;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
}): Discovery {
  const { transport, clock, logger, random } = options;
  const listeners = createListeners((error) => logger.error({ err: error }, 'a listener to discovery threw'));
  const wakeUps = createListeners(() => {});
  let api: ServedApi | undefined;
  let version: string | undefined;
  let capabilities: readonly Capability[] = [];
  let lastError: Error | undefined;
  let isSettled = false;
  /** The cluster answers, but does not tell what it serves. */
  let isSecretive = false;
  let isWanted = false;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  let signal = new AbortController().signal;

  async function read(): Promise<void> {
    readAt = clock.now();
    try {
      version = gitVersionOf((await transport.json({ path: '/version', isProbe: true, signal })).body) ?? version;
      api = await readApi(transport, api, signal);
      capabilities = capabilitiesOf(api);
      lastError = undefined;
    } catch (error) {
      if (signal.aborted) return;
      lastError = error instanceof Error ? error : new Error(String(error));
      isSecretive = [403, 404].includes(statusOf(error) ?? 0);
      // A cluster that never answered is not worth three tries by those who wait for it.
      if (api === undefined && !isSecretive && faultOf(error) !== 'breaker') transport.trip(innermost(lastError));
      if (!isSettled)
        logger.warn(
          { err: lastError, cluster: transport.cluster },
          'the cluster does not answer; it is asked again each 30 s',
        );
    }
    isSettled = true;
    listeners.notify();
  }

  function readOnce(): Promise<void> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    get version() {
      return version;
    },
    get capabilities() {
      return capabilities;
    },
    get brokenGroups() {
      return [...(api?.brokenGroups ?? [])];
    },
    get lastError() {
      return lastError;
    },
    get isSettled() {
      return isSettled;
    },
    get isKnown() {
      return api !== undefined || isSecretive;
    },
    isServed(kind) {
      if (api === undefined) return 'unknown';
      if (api.versions.get(versionKey(kind))?.has(kind.plural)) return 'yes';
      return api.brokenGroups.has(kind.group) ? 'unknown' : 'no';
    },
    isWatchable(kind) {
      return api?.versions.get(versionKey(kind))?.get(kind.plural)?.verbs.includes('watch') !== false;
    },
    resolve(apiVersion, kind) {
      const key = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
      for (const resource of api?.versions.get(key)?.values() ?? [])
        if (resource.kind.kind === kind) return resource.kind;
      return undefined;
    },
    resolveGroup(group, kind) {
      // Discovery lists the preferred version first.
      for (const [key, resources] of api?.versions ?? []) {
        if (key.slice(0, key.indexOf('/')) !== group) continue;
        for (const resource of resources.values()) if (resource.kind.kind === kind) return resource.kind;
      }
      return undefined;
    },
    onChange: listeners.subscribe,
    refreshSoon() {
      isWanted = true;
      wakeUps.notify();
    },
    refresh: () => (clock.now() - readAt < minSpacingMs && reading === undefined ? Promise.resolve() : readOnce()),
    async run(stopSignal) {
      signal = stopSignal;
      while (!signal.aborted) {
        isWanted = false;
        await readOnce();
        const everyMs = lastError === undefined ? refreshEveryMs * (0.9 + random() * 0.2) : probeEveryMs;
        if (!isWanted) {
          const reachability = (listener: () => void) => transport.onReachable(listener);
          await nextChange({ sources: [wakeUps.subscribe, reachability], signal, clock, timeoutMs: everyMs });
        }
        const pauseMs = transport.isReachable
          ? settleMs
          : (transport.nextProbeAt ?? readAt + probeEveryMs) - clock.now();
        await nextChange({ sources: [], signal, clock, timeoutMs: Math.max(pauseMs, 0) });
      }
    },
  };
}

function gitVersionOf(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'gitVersion' in body && typeof body.gitVersion === 'string'
    ? body.gitVersion
    : undefined;
}

/** The sentence without the cluster's name around it, which the breaker adds again. */
function innermost(error: Error): Error {
  let at = error;
  while (at.cause instanceof Error && 'fault' in at.cause) at = at.cause;
  return at;
}
