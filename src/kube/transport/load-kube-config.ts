import { readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import type { ClusterSource } from '../cluster-settings.ts';
import { ConnectionError } from './connection-error.ts';

/**
 * Reads a cluster's source into a KubeConfig whose current context is the one asked for. Throws a `ConnectionError`
 * that says what is wrong with it; text of the file never gets into the message, for it holds credentials.
 */
export function loadKubeConfig(source: ClusterSource): KubeConfig {
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
  const what = 'kubeconfigPath' in source ? `The kubeconfig '${source.kubeconfigPath}'` : 'The kubeconfig';
  try {
    if ('kubeconfigPath' in source) {
      // A file that cannot be read is told apart from one that cannot be understood.
      readFileSync(source.kubeconfigPath);
      config.loadFromFile(source.kubeconfigPath, { onInvalidEntry: 'filter' });
    } else config.loadFromString(source.kubeconfigText, { onInvalidEntry: 'filter' });
  } catch (error) {
    throw broken(`${what} ${reasonOf(error)}.`);
  }
  return config;
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
  if (!(error instanceof Error)) return 'cannot be read';
  if ('syscall' in error && 'code' in error) return `cannot be read: ${String(error.code)}`;
  if ('mark' in error && 'reason' in error) {
    const line =
      typeof error.mark === 'object' && error.mark !== null && 'line' in error.mark
        ? Number(error.mark.line) + 1
        : undefined;
    return `is not valid YAML: ${String(error.reason)}${line === undefined ? '' : ` in line ${line}`}`;
  }
  return 'is not a kubeconfig';
}

function broken(message: string): ConnectionError {
  return new ConnectionError('credentials', message);
}
