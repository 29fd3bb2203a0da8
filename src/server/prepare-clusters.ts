import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../config/config-error.ts';
import type { Settings } from '../config/settings.ts';
import type { EmbeddedEngine } from '../embedded/engines/engine.ts';
import type { EmbeddedCluster } from '../embedded/start-embedded-cluster.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ClusterSettings } from '../kube/cluster-settings.ts';
import { ConnectionError } from '../kube/transport/connection-error.ts';
import { listKubeconfigContexts } from '../kube/transport/load-kube-config.ts';

export interface PreparedClusters {
  readonly settings: readonly ClusterSettings[];
  /** Running beside the gateway; stop it after the gateway. */
  readonly embedded: EmbeddedCluster | undefined;
}

/** Name of the embedded cluster, in the schema and in its kubeconfig. */
export const embeddedName = 'embedded';

/** The clusters of the settings, the embedded one started first: a Kubernetes API like any other from here on. */
export async function prepareClusters(
  settings: Settings,
  clock: Clock,
  logger: Logger,
  speed = 1,
): Promise<PreparedClusters> {
  const configured = clustersOfSettings(settings);
  const embedded = settings.embedded.enabled ? await startEmbedded(settings, clock, logger, speed) : undefined;
  const all = [...(embedded ? [fromEmbedded(embedded)] : []), ...configured];
  const twice = all.find((cluster, index) => all.findIndex((other) => other.name === cluster.name) !== index);
  if (twice) {
    await embedded?.stop();
    throw new ConfigError([`Two clusters are called '${twice.name}'; cluster names must be unique`]);
  }
  return { settings: all, embedded };
}

/** Those that the settings name. Throws `ConfigError` where the kubeconfig cannot be read. */
export function clustersOfSettings(settings: Settings): readonly ClusterSettings[] {
  const contexts = settings.kubeconfig === undefined ? [] : fromKubeconfig(settings.kubeconfig);
  return [...contexts, ...settings.clusters.map(fromSettings)];
}

function fromSettings(cluster: Settings['clusters'][number]): ClusterSettings {
  const { name, identity, namespaces, context } = cluster;
  const source =
    cluster.kubeconfig === undefined
      ? ({ inCluster: true } as const)
      : { kubeconfigPath: cluster.kubeconfig, ...(context === undefined ? {} : { context }) };
  return { name, identity, namespaces, source };
}

/** Every context is a cluster. Throws `ConfigError` where the file cannot be read; a server that is away is only a state. */
function fromKubeconfig(path: string): ClusterSettings[] {
  return contextsOf(path).map(({ name }) => ({ name, source: { kubeconfigPath: path, context: name } }));
}

function contextsOf(path: string): ReturnType<typeof listKubeconfigContexts> {
  try {
    return listKubeconfigContexts({ path });
  } catch (error) {
    if (error instanceof ConnectionError) throw new ConfigError([error.message]);
    throw error;
  }
}

function fromEmbedded(embedded: EmbeddedCluster): ClusterSettings {
  return {
    name: embeddedName,
    isEmbedded: true,
    source: { kubeconfigText: embedded.kubeconfig, context: embeddedName },
  };
}

async function startEmbedded(
  settings: Settings,
  clock: Clock,
  logger: Logger,
  speed: number,
): Promise<EmbeddedCluster> {
  const { startEmbeddedCluster } = await import('../embedded/start-embedded-cluster.ts');
  const engines = await enginesOf(settings.embedded.engines);
  const embedded = await startEmbeddedCluster({
    name: embeddedName,
    sample: 'shop',
    nodes: settings.embedded.nodes,
    engines,
    speed,
    clock,
    logger: logger.child({ room: 'embedded' }),
  });
  const path = join(settings.dataDir, 'kubeconfig');
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 });
  await writeFile(path, embedded.kubeconfig, { mode: 0o600 });
  await chmod(path, 0o600);
  return embedded;
}

async function enginesOf(names: readonly string[]): Promise<EmbeddedEngine[]> {
  const { loadEngines } = await import('../embedded/engines/load-engines.ts');
  try {
    return await loadEngines(names);
  } catch (error) {
    throw new ConfigError([`embedded.engines: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
