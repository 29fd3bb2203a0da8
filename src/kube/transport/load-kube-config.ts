import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parse, YAMLParseError } from 'yaml';
import type { ClusterSource } from '../cluster-settings.ts';
import { ConnectionError } from './connection-error.ts';

/**
 * Reads a cluster's source into a KubeConfig whose current context is the one asked for. Throws a `ConnectionError`
 * that says what is wrong with it; text of the file never gets into the message, for it holds credentials.
 */
export function loadKubeConfig(source: ClusterSource): KubeConfig {
  if ('lost' in source) throw broken(source.lost);
  const config = 'inCluster' in source ? readInCluster() : readText(source);
  const contextName = ('inCluster' in source ? undefined : source.context) ?? config.getCurrentContext();
  const context = config.getContexts().find((candidate) => candidate.name === contextName);
  if (context === undefined) throw broken(`The kubeconfig has no context ${JSON.stringify(contextName ?? '')}.`);
  const cluster = config.getClusters().find((candidate) => candidate.name === context.cluster);
  if (cluster === undefined) {
    throw broken(
      `Context '${context.name}' of the kubeconfig names cluster '${context.cluster}', which it does not define.`,
    );
  }
  if (!URL.canParse(cluster.server) || !/^https?:$/.test(new URL(cluster.server).protocol)) {
    throw broken(`Cluster '${cluster.name}' of the kubeconfig has no usable server address.`);
  }
  // The library refuses plain HTTP unless it is told not to verify certificates, of which HTTP has none.
  const isPlain = cluster.server.startsWith('http:');
  const clusters = isPlain
    ? config.clusters.map((one) => (one === cluster ? { ...one, skipTLSVerify: true } : one))
    : config.clusters;
  // Without a user the library would not even use the cluster's certificate authority.
  const users = config.getUser(context.user) === null ? [...config.users, { name: context.user }] : config.users;
  config.loadFromOptions({ clusters, users, contexts: config.contexts, currentContext: context.name });
  return config;
}

/** One context of a kubeconfig. */
export interface KubeconfigContext {
  /** The context's name, which becomes the cluster's: two contexts on one server are two clusters. */
  readonly name: string;
  readonly isCurrent: boolean;
}

/** The contexts of a kubeconfig, in its order. Throws a `ConnectionError` where it cannot be read. */
export function listKubeconfigContexts(
  source: { readonly path: string } | { readonly text: string },
): readonly KubeconfigContext[] {
  const config = readText('path' in source ? { kubeconfigPath: source.path } : { kubeconfigText: source.text });
  return config.getContexts().map(({ name }) => ({ name, isCurrent: name === config.getCurrentContext() }));
}

function readText(source: { readonly kubeconfigText: string } | { readonly kubeconfigPath: string }): KubeConfig {
  const config = new KubeConfig();
  const path = 'kubeconfigPath' in source ? source.kubeconfigPath : undefined;
  try {
    const text = 'kubeconfigText' in source ? source.kubeconfigText : readFileSync(source.kubeconfigPath, 'utf8');
    const folder = path === undefined ? undefined : dirname(path);
    // As the library would load it, so that its own rules for paths and entries stay in force.
    config.loadFromString(JSON.stringify(withTokenFiles(parse(text), folder)), { onInvalidEntry: 'filter' });
    if (folder !== undefined) config.makePathsAbsolute(folder);
  } catch (error) {
    throw broken(`The kubeconfig ${path === undefined ? '' : `'${path}' `}${reasonOf(error)}.`);
  }
  return config;
}

/**
 * The library does not know `tokenFile` of users, but reads the same from an auth provider, anew each minute; and
 * plugins beside the kubeconfig are named relative to it.
 */
function withTokenFiles(kubeconfig: unknown, folder: string | undefined): unknown {
  if (!isObject(kubeconfig)) throw new TypeError('not an object');
  const users = Array.isArray(kubeconfig.users) ? kubeconfig.users : [];
  const absolute = (file: string) => (folder === undefined || isAbsolute(file) ? file : join(folder, file));
  return {
    ...kubeconfig,
    users: users.map((entry: unknown) => {
      const user = isObject(entry) && isObject(entry.user) ? entry.user : undefined;
      if (!isObject(entry) || user === undefined) return entry;
      const { tokenFile, exec } = user;
      const provider =
        typeof tokenFile === 'string' && user.token === undefined
          ? { name: 'tokenFile', config: { tokenFile: absolute(tokenFile) } }
          : undefined;
      const plugin =
        isObject(exec) && typeof exec.command === 'string' && exec.command.startsWith('.')
          ? { ...exec, command: absolute(exec.command) }
          : exec;
      return {
        ...entry,
        user: { ...user, exec: plugin, ...(provider === undefined ? {} : { 'auth-provider': provider }) },
      };
    }),
  };
}

function readInCluster(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromCluster();
  if (config.clusters[0]?.server.includes('undefined') !== false) {
    throw broken('The gateway does not run inside a cluster: KUBERNETES_SERVICE_HOST is not set.');
  }
  return config;
}

/** The original error is not kept: a YAML error quotes the lines around it. */
function reasonOf(error: unknown): string {
  if (error instanceof YAMLParseError) {
    const line = error.linePos?.[0].line;
    return `is not valid YAML${line === undefined ? '' : ` (line ${line})`}`;
  }
  if (error instanceof Error && 'syscall' in error && 'code' in error) return `cannot be read: ${String(error.code)}`;
  return 'is not a kubeconfig';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function broken(message: string): ConnectionError {
  return new ConnectionError('credentials', message);
}
