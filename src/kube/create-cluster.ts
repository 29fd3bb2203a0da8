import { NotFoundError, UpstreamError } from '../kernel/answer-error.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import { type ClusterSettings, limitsOf } from './cluster-settings.ts';
import type { ClusterWriter } from './cluster-writer.ts';
import type { DeclaredKind } from './declared-kind.ts';
import { describeClusterState } from './describe-cluster-state.ts';
import { createDiscovery } from './discovery/create-discovery.ts';
import { type KindRef, kindRef } from './kind-ref.ts';
import type { AfterWrite, KubeCluster } from './kube-cluster.ts';
import type { KubeMetrics } from './kube-metrics.ts';
import type { KubeObject } from './kube-object.ts';
import { streamPodLogs } from './logs/stream-pod-logs.ts';
import { createNodeStats } from './node-stats/create-node-stats.ts';
import { createSchemaSource } from './openapi/create-schema-source.ts';
import { createAccessReview } from './read/access-review.ts';
import { createClusterReader } from './read/create-cluster-reader.ts';
import { createLiveLoader } from './read/create-live-loader.ts';
import { reviewToken } from './read/review-token.ts';
import { resourcePath } from './resource-path.ts';
import { openPodSession } from './sessions/open-pod-session.ts';
import { createTransport } from './transport/create-transport.ts';
import { upstreamName } from './transport/translate-failure.ts';
import { createWatches } from './watch/create-watches.ts';
import { createListeners, nextChange } from './watch/next-change.ts';
import { replayChanges } from './watch/replay-changes.ts';
import { watchForChanges } from './watch/watch-for-changes.ts';
import { createClusterWriter } from './write/create-cluster-writer.ts';
import { guardWriter } from './write/guard-writer.ts';
import { createOwnWrites, type OwnWrite } from './write/own-writes.ts';
import type { WriteGuard } from './write-guard.ts';

const secretKind = kindRef({ group: '', version: 'v1', kind: 'Secret', plural: 'secrets', isNamespaced: true });
const crdKind = kindRef({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  isNamespaced: false,
});
const rbacKinds = ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind) =>
  kindRef({
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    kind,
    plural: `${kind.toLowerCase()}s`,
    isNamespaced: !kind.startsWith('Cluster'),
  }),
);

/** A cluster with the means to start and stop it; `createClusters` is for everybody else. */
export interface RunningCluster {
  readonly cluster: KubeCluster;
  /** Called after state, version, problem or capabilities changed. */
  onChange(listener: () => void): () => void;
  /** Resolves once it has answered or failed once. */
  settled(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one cluster in the background: it is there at once and waits for nothing. */
export function createCluster(options: {
  readonly settings: ClusterSettings;
  readonly kinds: readonly DeclaredKind[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: KubeMetrics;
  readonly random: () => number;
  readonly beforeWrite: () => void;
  readonly afterWrite: AfterWrite;
  readonly guard: WriteGuard | undefined;
}): RunningCluster {
  const { settings, clock, metrics, random, beforeWrite, afterWrite, guard } = options;
  const { name } = settings;
  const identity = settings.identity ?? 'gateway';
  const isImpersonating = identity === 'impersonate';
  const logger = options.logger.child({ cluster: name });
  const stopping = new AbortController();
  const { signal } = stopping;

  const transport = createTransport({ settings, clock, metrics, random });
  const discovery = createDiscovery({ transport, clock, logger, random });
  const watches = createWatches({
    transport,
    served: discovery,
    namespaces: fallbackNamespaces,
    kinds: options.kinds,
    clock,
    logger: options.logger,
    metrics,
    random,
  });
  const ownWrites = createOwnWrites(watches, tellOthers);
  const schemas = createSchemaSource({ transport, clock, logger });
  const access = createAccessReview({ transport, isImpersonating, clock });
  const listeners = createListeners((error) => logger.error({ err: error }, 'a listener to a cluster threw'));
  const describe = () => describeClusterState(name, transport, discovery, watches);
  let described = '';

  async function fallbackNamespaces() {
    const chosen = settings.namespaces ?? [];
    if (chosen.length > 0) return { names: chosen, isChosen: true };
    return { names: [(await transport.contextNamespace()) ?? 'default'], isChosen: false };
  }

  /** The write has happened by now: that nobody hears of it must not turn it into a failure. */
  async function tellOthers(principal: Principal, write: OwnWrite): Promise<void> {
    // Loops read again by themselves.
    if (principal.kind === 'SYSTEM') return;
    try {
      await afterWrite(name, principal, write);
    } catch (error) {
      logger.warn({ err: error }, 'other replicas were not told of a write');
    }
  }

  function reportChange(): void {
    const { state, problem } = describe();
    const now = JSON.stringify([state, problem, discovery.version, discovery.capabilities]);
    if (now === described) return;
    described = now;
    listeners.notify();
  }

  function inBackground(work: Promise<void>): void {
    work.catch((error: unknown) =>
      logger.error({ err: error }, 'kube.cluster: background work of a cluster ended with an error'),
    );
  }

  async function resolve(find: () => KindRef | undefined): Promise<KindRef | undefined> {
    while (!discovery.isSettled && !signal.aborted) await nextChange({ sources: [discovery.onChange], signal });
    const known = find();
    if (known !== undefined) return known;
    // It may have been installed a moment ago.
    await discovery.refresh();
    const found = find();
    if (found === undefined && !discovery.isKnown) {
      const problem = describe().problem ?? `Cluster '${name}' does not answer.`;
      throw new UpstreamError(upstreamName(name), problem, { cause: discovery.lastError });
    }
    return found;
  }

  function writerFor(principal: Principal, { reason }: { readonly reason?: string } = {}): ClusterWriter {
    const asPlatform = principal.kind === 'SYSTEM' ? platformReason(reason) : undefined;
    if (asPlatform !== undefined) logger.info({ reason: asPlatform }, 'the platform writes by itself');
    const writer = createClusterWriter({
      transport,
      principal,
      served: discovery,
      ownWrites,
      beforeWrite,
      asPlatform,
    });
    const judge = asPlatform === undefined ? guard?.judgeOf(principal, name) : undefined;
    return judge ? guardWriter(writer, judge, (apiVersion, kind) => discovery.resolve(apiVersion, kind)) : writer;
  }

  const cluster: KubeCluster = {
    name,
    isEmbedded: settings.isEmbedded ?? false,
    identity,
    get state() {
      return describe().state;
    },
    get version() {
      return discovery.version;
    },
    get problem() {
      return describe().problem;
    },
    get capabilities() {
      return discovery.capabilities;
    },
    reader: (principal, requestSignal) =>
      createClusterReader({
        cluster: name,
        principal,
        signal: requestSignal,
        isImpersonating,
        watches,
        served: discovery,
        live: createLiveLoader({ transport, principal, signal: requestSignal, fallbackNamespaces, logger }),
        logger,
        access,
        ownWrites,
        firstSyncWaitMs: limitsOf(settings).firstSyncWaitMs,
      }),
    writer: writerFor,
    feed: (kind) => watches.hold(kind),
    statesBetween: <T>(kind: KindRef<T>, after: string, until: string, askSignal: AbortSignal) =>
      // Objects of one kind have one type.
      replayChanges({ transport, kind, after, until, clock, signal: askSignal }) as Promise<
        readonly KubeObject<T>[] | undefined
      >,
    resolveKind: (apiVersion, kind) => resolve(() => discovery.resolve(apiVersion, kind)),
    resolveGroupKind: (group, kind) => resolve(() => discovery.resolveGroup(group, kind)),
    serves: (kind) => discovery.isServed(kind) !== 'no',
    schemaOf: schemas.schemaOf,
    podLogs: (request, logSignal) =>
      streamPodLogs({ transport, isImpersonating, clock, random, request, signal: logSignal }),
    openPodSession: (request, sessionSignal) => openPodSession({ transport, clock, request, signal: sessionSignal }),
    sessionVerbs: access.sessionVerbs,
    volumeStats: createNodeStats({ transport, clock }),
    endpoint: () => transport.endpoint(),
    async secretValue(principal, namespace, secretName, key) {
      try {
        const path = resourcePath(secretKind, namespace, secretName);
        const { body } = await transport.json({ path, kind: secretKind, namespace, name: secretName, principal });
        const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
        if (typeof data !== 'object' || data === null || !Object.hasOwn(data, key)) return undefined;
        const value: unknown = Reflect.get(data, key);
        return typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
      } catch (error) {
        if (error instanceof NotFoundError) return undefined;
        throw error;
      }
    },
    revision(kind, principal) {
      const watch = isImpersonating ? undefined : watches.cached(kind);
      // What an engine that is not installed has is known: nothing.
      const isWhole = watch?.state === 'LIVE' || (watch?.kind.isOptional === true && watch.state === 'MISSING');
      if (!isWhole || watch.problems(undefined).length > 0) return undefined;
      return ownWrites.behind(principal, kind).length > 0 ? undefined : watch.cache.revision;
    },
    canRead: (principal, kind, namespace) => access.canRead(principal, kind, namespace),
    canReadLogs: access.canReadLogs,
    reviewToken: (token, audiences) => reviewToken(transport, token, audiences),
    expectWrite: ownWrites.expect,
  };

  discovery.onChange(reportChange);
  discovery.onChange(schemas.forget);
  transport.onReachable(reportChange);
  watches.onStateChange(reportChange);
  inBackground(discovery.run(signal));
  inBackground(watches.startDeclared(signal));
  const watched = { transport, served: discovery, clock, random, signal };
  inBackground(watchForChanges({ ...watched, kind: crdKind, onChange: discovery.refreshSoon }));
  if (isImpersonating) {
    for (const kind of rbacKinds) inBackground(watchForChanges({ ...watched, kind, onChange: access.forget }));
  }

  return {
    cluster,
    onChange: listeners.subscribe,
    async settled(waitSignal) {
      while (!discovery.isSettled && !waitSignal.aborted)
        await nextChange({ sources: [discovery.onChange], signal: waitSignal });
    },
    async stop() {
      stopping.abort();
      watches.stop();
      await transport.stop();
    },
  };
}

/** Why the platform writes without being asked by anybody. */
function platformReason(reason: string | undefined): string {
  if (reason === undefined || reason.trim() === '') {
    throw new Error('platform-write-without-reason: give writer() a reason, or the principal whose order it is');
  }
  return reason;
}
