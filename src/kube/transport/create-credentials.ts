import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';
import { type AddressRules, allowsAsWritten } from '../../kernel/address-rules.ts';
import type { Clock } from '../../kernel/clock.ts';
import { createGuardedLookup } from '../../kernel/guarded-connector.ts';
import type { ClusterSource } from '../cluster-settings.ts';
import { ConnectionError } from './connection-error.ts';
import { limitPlugins } from './limit-plugins.ts';
import { loadKubeConfig } from './load-kube-config.ts';

type TlsOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'rejectUnauthorized' | 'servername'
>;

/** How to reach a cluster as the gateway itself, as of now. */
export interface AppliedCredentials {
  /** Base URL; may have a path, e.g. behind a management server. */
  readonly server: URL;
  /** Only `Authorization`, and `Impersonate-User` where the kubeconfig itself says so. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsOptions;
  /** How its host's name is looked up, where it must not be found everywhere. */
  readonly lookup: LookupFunction | undefined;
  readonly proxyUrl: string | undefined;
  /** Changes when a new connection is needed to use what changed. */
  readonly connectionKey: string;
  readonly namespace: string | undefined;
}

export interface Credentials {
  /** Throws a `ConnectionError` with fault `credentials` where the source or its plugin fails. */
  current(): Promise<AppliedCredentials>;
  /**
   * The cluster refused these: the next `current` reads files and asks plugins anew. At most once each 5 s, so that a
   * cluster that refuses everything does not start a plugin for each request.
   */
  refused(credentials: AppliedCredentials): void;
  /** Ends a plugin that is running. */
  stop(): void;
}

/** How long one answer is used: short enough for rotated token files, long enough not to read files for each request. */
const keepMs = 30_000;
const applyTimeoutMs = 15_000;

/** Credentials by client-node's KubeConfig: certificates, tokens, token files, exec plugins and OIDC. */
export function createCredentials(options: {
  readonly source: ClusterSource;
  readonly addresses?: AddressRules | undefined;
  readonly clock: Clock;
}): Credentials {
  const { source, addresses, clock } = options;
  let config: KubeConfig | undefined;
  let applied: { value: AppliedCredentials; atMs: number } | undefined;
  let mayReloadAt = Number.NEGATIVE_INFINITY;
  /** One attempt at a time, also when it hangs: a plugin that never ends must not be started again and again. */
  let pending: Promise<AppliedCredentials> | undefined;

  let endPlugins = () => {};

  function load(): KubeConfig {
    const loaded = loadKubeConfig(source);
    endPlugins = limitPlugins(loaded, clock, applyTimeoutMs);
    return loaded;
  }

  async function apply(): Promise<AppliedCredentials> {
    config ??= load();
    const used = config;
    const value = await applyCredentials(used, addresses);
    // A reload that came in between has the last word.
    if (used === config) applied = { value, atMs: clock.now() };
    return value;
  }

  return {
    current() {
      if (applied !== undefined && clock.now() - applied.atMs < keepMs) return Promise.resolve(applied.value);
      pending ??= apply().finally(() => {
        pending = undefined;
      });
      return withTimeout(pending, clock);
    },
    refused(credentials) {
      if (applied?.value !== credentials || clock.now() < mayReloadAt) return;
      mayReloadAt = clock.now() + 5_000;
      config = undefined;
      applied = undefined;
    },
    stop: () => endPlugins(),
  };
}

async function applyCredentials(config: KubeConfig, addresses: AddressRules | undefined): Promise<AppliedCredentials> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new ConnectionError('credentials', 'The kubeconfig has no current cluster.');
  const server = new URL(cluster.server);
  if (addresses && !allowsAsWritten(addresses, server)) {
    throw new ConnectionError('credentials', 'Its address is not allowed by the egress rules (egress.allow).');
  }
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    // The original is not kept as cause: it holds all that the plugin printed.
    throw new ConnectionError('credentials', `The credentials could not be had: ${firstLine(error)}`);
  }
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  const tls: TlsOptions = Object.fromEntries(
    Object.entries({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return {
    server,
    headers: allowedHeaders(options),
    tls,
    lookup: addresses && createGuardedLookup(addresses, server),
    proxyUrl: cluster.proxyUrl,
    connectionKey: fingerprint([cluster.server, cluster.proxyUrl, ...Object.values(tls)]),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
  };
}

function allowedHeaders(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  if (typeof options.auth === 'string') headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  const given = options.headers === undefined || Array.isArray(options.headers) ? {} : options.headers;
  for (const [name, value] of Object.entries(given)) {
    if (/^(authorization|impersonate-user)$/i.test(name) && typeof value === 'string' && value.trim() !== '') {
      headers[/^a/i.test(name) ? 'Authorization' : 'Impersonate-User'] = value.trim();
    }
  }
  return headers;
}

/** What a plugin printed, one line of it, without anything that looks like a token. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? 'no reason given';
  return line
    .trim()
    .replace(/[\w+/=.-]{32,}/g, '…')
    .slice(0, 200);
}

function fingerprint(parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part instanceof Uint8Array ? part : String(part)).update('\0');
  return hash.digest('hex');
}

function withTimeout<T>(promise: Promise<T>, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(applyTimeoutMs, () =>
      reject(
        new ConnectionError('credentials', `The credentials plugin did not answer within ${applyTimeoutMs / 1_000} s.`),
      ),
    );
    promise
      .then(resolve, reject)
      .finally(cancel)
      .catch(() => {});
  });
}
