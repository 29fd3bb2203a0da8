import { randomBytes } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { createAccess } from './access/create-access.ts';
import { createImpersonator } from './access/create-impersonator.ts';
import { createTokenIssuer } from './access/create-token-issuer.ts';
import { createTokenTable } from './access/create-token-table.ts';
import { ensureBootstrapPolicy } from './access/ensure-bootstrap-policy.ts';
import { buildSecretClaims } from './access/service-account-claims.ts';
import { createApiServer } from './api/create-api-server.ts';
import type { FaultHook } from './api/faults.ts';
import { createOpenStreams } from './api/open-streams.ts';
import { createCertificates } from './certificates/create-certificates.ts';
import { createCertificateUsers } from './certificates/user-of-certificate.ts';
import { type ClusterLogger, silentLogger } from './cluster-logger.ts';
import { startControllers } from './controllers/start-controllers.ts';
import type { EmbeddedEngine } from './engines/engine.ts';
import { type InstalledEngines, installEngines } from './engines/install-engines.ts';
import { ensureSystemObjects } from './ensure-system-objects.ts';
import { printKubeconfig } from './kubeconfig.ts';
import { serveCustomResources } from './registry/apiextensions/serve-custom-resources.ts';
import { builtInResources } from './registry/built-in-resources.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { installShop } from './sample/install-shop.ts';
import { createClusterStore } from './store/create-cluster-store.ts';
import type { ClusterClock, ClusterStore } from './store/types.ts';
import { systemClock } from './system-clock.ts';

export interface EmbeddedClusterOptions {
  /** Names the kubeconfig's context; `embedded` unless said otherwise. */
  readonly name?: string;
  /** 0, the default, takes a free port. The host is always 127.0.0.1. */
  readonly port?: number;
  readonly clock?: ClusterClock;
  /** Whether nodes, kubelets and the controllers of the built-in kinds run; true unless said otherwise. */
  readonly controllers?: boolean;
  readonly sample?: 'shop' | 'none';
  /** Simulated nodes, 3 unless said otherwise. */
  readonly nodes?: number;
  /** Divides simulated delays; 1 unless said otherwise. */
  readonly speed?: number;
  readonly logger?: ClusterLogger;
  /** Kubernetes engines to install: definitions and controllers; none unless said otherwise. See `loadEngines`. */
  readonly engines?: readonly EmbeddedEngine[];
}

/** A Kubernetes API server in this process, with everything a test wants to do to it. */
export interface EmbeddedCluster extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  /** The admin's bearer token. */
  readonly token: string;
  /** PEM. */
  readonly caCertificate: string;
  /** YAML; carries the admin's token. */
  readonly kubeconfig: string;
  readonly store: ClusterStore;
  readonly requests: RequestLog;
  /** Decides which requests fail; set it, and set it back to undefined. */
  faults: FaultHook | undefined;
  /** Number of watches that are open now. */
  readonly openWatches: number;
  /**
   * A token for a further user. With `namespaces` the user may do everything inside them and nothing else; without,
   * only what its groups allow (`system:masters` everything).
   */
  addToken(user: string, groups: readonly string[], scope?: { readonly namespaces?: readonly string[] }): string;
  /**
   * Installs an engine while the cluster runs, as an administrator does: its kinds appear in discovery. Throws when it is
   * installed already or no good, and when the cluster has stopped.
   */
  installEngine(engine: EmbeddedEngine): void;
  /** Forgets the watch history, so that older resourceVersions and continue tokens get 410. */
  compact(): void;
  /** Cuts all open watches in the middle. */
  closeWatches(): void;
  stop(): Promise<void>;
}

/** Starts an empty cluster, or one with the sample in it. Rejects when the port is taken or an engine is no good. */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
  const { name = 'embedded', port = 0, clock = systemClock, logger = silentLogger, nodes = 3, speed = 1 } = options;
  const hasControllers = options.controllers ?? true;
  // TLS clients check certificates against real time, whatever the cluster's clock says.
  const certificates = createCertificates(systemClock.now());
  const { registry, store } = createClusterStore({
    clock,
    resources: builtInResources,
    hasControllers,
    onListenerError: (error) => logger.error({ err: error }, 'a change listener threw'),
  });
  const stopServing = serveCustomResources(registry);
  const { caCertificate } = certificates;
  const tokenIssuer = createTokenIssuer();
  const controllers = hasControllers
    ? startControllers({
        store,
        clock,
        nodes,
        speed,
        logger,
        rootCertificate: caCertificate,
        authority: certificates.authority,
        signSecretToken: (account, secret) => tokenIssuer.sign(buildSecretClaims(account, secret)),
      })
    : undefined;
  ensureSystemObjects(registry);
  let installed: InstalledEngines | undefined;
  if (options.sample === 'shop') installShop(store);

  const token = newToken();
  const tokens = createTokenTable();
  const scopes = new Map<string, readonly string[]>();
  tokens.add(token, {
    username: `${name}-admin`,
    uid: '',
    groups: ['system:masters', 'system:authenticated'],
    extra: {},
  });
  const { authenticator, authorizer, requesterOf } = createAccess({
    store,
    tokens,
    issuer: tokenIssuer,
    scopeOf: (user) => scopes.get(user),
    now: () => clock.now(),
    userOfCertificate: createCertificateUsers(certificates.authority.publicKey, () => clock.now()),
  });
  ensureBootstrapPolicy(store);
  const requests = createRequestLog();
  const watches = createOpenStreams();
  const logStreams = createOpenStreams();
  const sessionStreams = createOpenStreams();
  let faults: FaultHook | undefined;
  const server = createApiServer({
    context: {
      registry,
      clock,
      authenticator,
      authorizer,
      tokenIssuer,
      watches,
      logStreams,
      sessionStreams,
      logs: () => controllers?.logs,
      sessions: () => controllers?.sessions,
      usage: () => controllers?.usage,
    },
    certificates,
    requests,
    impersonator: createImpersonator(authorizer),
    requesterOf,
    faults: () => faults,
    logger,
  });
  /** Also those whose handshake is under way: the server itself knows only those that speak HTTP already. */
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  try {
    const { engines = [] } = options;
    installed = installEngines({ engines, registry, store, context: controllers?.context });
    // Nobody has seen what came before: to ask for it is to ask for a past that is gone, as in any cluster.
    registry.storage.compact();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    stopServing();
    await installed?.stop();
    await controllers?.stop();
    throw error;
  }
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  let stopped: Promise<void> | undefined;
  const stopOnce = (): Promise<void> => {
    stopped ??= stopAll();
    return stopped;
  };
  const stopAll = async (): Promise<void> => {
    stopServing();
    const released = installed?.stop();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    watches.cutAll();
    logStreams.cutAll();
    sessionStreams.cutAll();
    await controllers?.stop();
    server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
    await closed;
    await released;
  };

  return {
    name,
    url,
    token,
    caCertificate,
    kubeconfig: printKubeconfig({ name, url, caCertificate, token }),
    store,
    requests,
    get faults() {
      return faults;
    },
    set faults(hook) {
      faults = hook;
    },
    get openWatches() {
      return watches.count;
    },
    addToken(user, groups, scope) {
      const added = newToken();
      tokens.add(added, {
        username: user,
        uid: '',
        groups: [...new Set([...groups, 'system:authenticated'])],
        extra: {},
      });
      scopes.set(user, [...(scope?.namespaces ?? [])]);
      return added;
    },
    installEngine: (engine) => installed?.add(engine),
    compact: () => registry.storage.compact(),
    closeWatches: () => watches.cutAll(),
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}
