import { type AnswerError, ForbiddenError } from '../../kernel/answer-error.ts';
import { type Clock, sleep } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { ClusterProblem } from '../cluster-reader.ts';
import { type KindRef, subjectOf } from '../kind-ref.ts';
import type { KubeMetrics } from '../kube-metrics.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { isExpected } from '../transport/reason-of.ts';
import { createKindCache, type KindCache } from './kind-cache.ts';
import { createListeners, nextChange, type Subscribe } from './next-change.ts';
import type { IndexFunction } from './object-store.ts';
import { type ReflectorEnd, type ReflectorReports, reflect } from './reflect.ts';
import type { ServedKinds } from './served-kinds.ts';
import { createWatchHealth } from './watch-health.ts';
import type { WatchState } from './watch-state.ts';

/** The watch of one (cluster, kind) with its cache: runs while somebody needs it, for ever where the kind is declared. */
export interface KindWatch {
  readonly kind: KindRef;
  readonly cache: KindCache;
  readonly state: WatchState;
  /** UTC milliseconds; undefined while nothing was listed yet. */
  readonly syncedAt: number | undefined;
  /** UTC milliseconds since when rows are old; undefined while they are not. */
  readonly staleSince: number | undefined;
  /** Why reads cannot be answered from the cache; undefined once something was listed. */
  refusal(): AnswerError | undefined;
  /** Why rows of these namespaces (undefined: all) are missing or old. */
  problems(namespaces: readonly string[] | undefined): readonly ClusterProblem[];
  /** Whether the credentials let the watch see this namespace. */
  covers(namespace: string | undefined): boolean;
  /** Resolves with true once something was listed; with false where that is refused or time is up first. */
  whenSynced(options: {
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<boolean>;
  start(): void;
  /** Ends the watch and forgets its objects; it may be started again. */
  stop(): void;
  readonly onStateChange: Subscribe;
}

const forbiddenRetryMs = 60_000;
/** How long namespaces are watched one by one before the whole cluster is tried again. */
const wholeClusterRetryMs = 600_000;
const missingRetryMs = 30_000;

export interface KindWatchOptions {
  readonly transport: ClusterTransport;
  readonly kind: KindRef;
  readonly indexes?: Readonly<Record<string, IndexFunction>> | undefined;
  readonly served: ServedKinds;
  /** Namespaces to fall back to, and whether somebody chose them on purpose. */
  readonly namespaces: () => Promise<{ readonly names: readonly string[]; readonly isChosen: boolean }>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: KubeMetrics;
  readonly random: () => number;
}

export function createKindWatch(options: KindWatchOptions): KindWatch {
  const { transport, kind, served, clock, metrics, random } = options;
  const { cluster } = transport;
  const subject = subjectOf(kind);
  const logger = options.logger.child({ cluster, kind: subject });
  const cache = createKindCache({ indexes: options.indexes, clock, logger });
  const health = createWatchHealth(transport, kind);
  const listeners = createListeners((error) => logger.error({ err: error }, 'a listener to a watch state threw'));
  let running: AbortController | undefined;

  function become(state: WatchState): void {
    if (health.state !== state) metrics.watchState(cluster, subject, state);
    health.state = state;
    listeners.notify();
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // 1. Wait until the cluster serves the kind; before discovery has answered nobody knows whether it is missing.
      if (!isServed()) {
        become(served.isKnown ? 'MISSING' : 'SYNCING');
        await nextChange({ sources: [served.onChange], signal });
        continue;
      }
      if (health.syncedAt === undefined && health.state !== 'FORBIDDEN') become('SYNCING');
      // 2. The whole cluster at once.
      health.coverage = undefined;
      let end = await reflectScope(undefined, signal, () => {
        health.syncedAt ??= clock.now();
      });
      // 3. Where that is forbidden: namespace by namespace.
      if (end === 'forbidden' && kind.isNamespaced) end = await reflectNamespaces(signal);
      if (signal.aborted) return;
      if (end === 'forbidden') {
        health.scopeBroke(undefined, new ForbiddenError('the gateway may not list them'), clock.now());
        become('FORBIDDEN');
        await sleep(clock, forbiddenRetryMs * (1 + random() * 0.25), signal);
      } else if (end === 'missing') {
        // 4. The kind went away, and all its objects with it.
        cache.clear();
        health.forget();
        become('MISSING');
        served.refreshSoon();
        await nextChange({
          sources: [served.onChange],
          signal,
          clock,
          timeoutMs: missingRetryMs * (1 + random() * 0.25),
        });
      }
    }
  }

  /** Ends with `forbidden` where no namespace can be watched, and now and then to try the whole cluster again. */
  async function reflectNamespaces(signal: AbortSignal): Promise<ReflectorEnd> {
    const { names, isChosen } = await options.namespaces();
    const allowed = new Set<string>();
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    signal.addEventListener('abort', stop, { once: true });
    const cancel = clock.schedule(wholeClusterRetryMs * (1 + random() * 0.25), stop);
    let refused = 0;
    const ends = await Promise.all(
      names.map(async (namespace) => {
        const end = await reflectScope(namespace, stopping.signal, () => {
          allowed.add(namespace);
          health.coverage = { allowed, isChosen };
          health.syncedAt ??= clock.now();
        });
        allowed.delete(namespace);
        health.scopeLives(namespace);
        if (end !== 'stopped') refused += 1;
        // While one namespace can be watched the others wait for the next try of the whole cluster.
        if (refused === names.length) stop();
        return end;
      }),
    );
    cancel();
    signal.removeEventListener('abort', stop);
    if (refused < ends.length) return 'stopped';
    return ends.includes('missing') ? 'missing' : 'forbidden';
  }

  function reflectScope(
    namespace: string | undefined,
    signal: AbortSignal,
    onListed: () => void,
  ): Promise<ReflectorEnd> {
    const reports: ReflectorReports = {
      listed() {
        metrics.relist(cluster, subject);
        health.skippedFrames = 0;
        onListed();
      },
      live() {
        // In namespace mode the cluster-wide scope is not tried, and must not count as broken.
        if (namespace !== undefined) health.scopeLives(undefined);
        health.scopeLives(namespace);
        become(health.isWhole ? 'LIVE' : 'STALE');
      },
      broken(error, sinceMs) {
        health.scopeBroke(namespace, error, sinceMs);
        if (!isExpected(error)) logger.error({ err: error, namespace }, 'kube.watch: a watch met an unexpected error');
        else if (health.state === 'LIVE')
          logger.warn({ err: error, namespace }, 'a watch is broken; it comes back by itself');
        become('STALE');
      },
      oddFrame(oddity) {
        if (oddity === 'oversize') health.skippedFrames += 1;
        metrics.oddFrame(cluster, subject, oddity);
      },
    };
    return reflect({ transport, kind, namespace, scope: cache.scope(namespace), reports, clock, random, signal });
  }

  function isServed(): boolean {
    return served.isKnown && served.isServed(kind) !== 'no' && served.isWatchable(kind);
  }

  return {
    kind,
    cache,
    get state() {
      return health.state;
    },
    get syncedAt() {
      return health.syncedAt;
    },
    get staleSince() {
      return health.staleSince;
    },
    refusal: () => health.refusal(),
    covers: (namespace) =>
      health.coverage === undefined || namespace === undefined || health.coverage.allowed.has(namespace),
    problems: (namespaces) => health.problems(namespaces),
    async whenSynced({ timeoutMs, signal }) {
      const deadline = timeoutMs === undefined ? undefined : clock.now() + timeoutMs;
      const remainingMs = () => (deadline === undefined ? undefined : deadline - clock.now());
      const isWaiting = () =>
        health.syncedAt === undefined && health.refusal() === undefined && !signal?.aborted && (remainingMs() ?? 1) > 0;
      while (isWaiting()) {
        await nextChange({
          sources: [listeners.subscribe, transport.onReachable],
          signal,
          clock,
          timeoutMs: remainingMs(),
        });
      }
      return health.syncedAt !== undefined;
    },
    start() {
      if (running !== undefined) return;
      running = new AbortController();
      const { signal } = running;
      run(signal).catch((error: unknown) => {
        logger.error({ err: error }, 'kube.watch: the loop of a watch ended with an error');
      });
    },
    stop() {
      if (running === undefined) return;
      running.abort();
      running = undefined;
      cache.clear();
      health.forget();
      become('IDLE');
    },
    onStateChange: listeners.subscribe,
  };
}
