import {
  CapabilityMissingError,
  type Cluster,
  type ClusterReader,
  type KubeObject,
  kindRef,
  type MaybePromise,
  mapMaybe,
  systemPrincipal,
} from 'longshore/sdk';
import { type DaemonSetObject, daemonSetKind } from '../../api.ts';
import type { FeatureName } from './feature-state.ts';

/** What a cluster offers of a feature. */
export interface FeatureOffer {
  /** What was found that does it, by name; empty for nothing. */
  readonly engines: readonly string[];
  /** What would cure it that there is none; undefined where there is. */
  readonly hint: string | undefined;
}

/** Mesh: by API discovery. Logs: where they are searched, and agents that are known by their name. */
export function offerOf(
  name: FeatureName,
  cluster: Pick<Cluster, 'name' | 'capabilities'>,
  reader: ClusterReader,
  hasLogBackend: boolean,
): MaybePromise<FeatureOffer> {
  if (name === 'mesh') return meshOfferOf(cluster);
  return mapMaybe(reader.list(daemonSetKind), ({ items }) => {
    const engines = [...(hasLogBackend ? ['Loki'] : []), ...collectorsAmong(items)];
    return { engines, hint: engines.length > 0 ? undefined : logsHint };
  });
}

/** By what the cluster serves alone. */
export function meshOfferOf({ capabilities }: Pick<Cluster, 'capabilities'>): FeatureOffer {
  const mesh = capabilities.find(({ name }) => name === 'service-mesh');
  return mesh?.isInstalled ? { engines: [mesh.engine], hint: undefined } : { engines: [], hint: mesh?.hint };
}

const logsHint =
  'Install an agent that collects logs (Fluent Bit, Vector, Grafana Alloy, …), or name the Loki of the cluster under pluginSettings.compute.loki.';

/** Agents on nodes that collect logs, by the names that their charts give them. */
const collectors: Readonly<Record<string, string>> = {
  alloy: 'Grafana Alloy',
  'grafana-agent': 'Grafana Agent',
  promtail: 'Promtail',
  'fluent-bit': 'Fluent Bit',
  fluentbit: 'Fluent Bit',
  fluentd: 'Fluentd',
  filebeat: 'Filebeat',
  vector: 'Vector',
  'logtail-ds': 'LoongCollector',
  loongcollector: 'LoongCollector',
  'loongcollector-ds': 'LoongCollector',
  logstash: 'Logstash',
};

/** Those that are there, each once, sorted. Pure. */
export function collectorsAmong(
  daemonSets: readonly { readonly metadata: Pick<DaemonSetObject['metadata'], 'name' | 'labels'> }[],
): readonly string[] {
  const found = daemonSets.flatMap(({ metadata: { name, labels } }) => {
    const words = [labels?.['app.kubernetes.io/name'], labels?.['k8s-app'], labels?.app, name];
    return words
      .flatMap((word) => (word && Object.hasOwn(collectors, word) ? (collectors[word] ?? []) : []))
      .slice(0, 1);
  });
  return [...new Set(found)].sort();
}

/** Throws `CapabilityMissingError` with what cures it. */
export function requireOffer(name: FeatureName, cluster: string, { engines, hint }: FeatureOffer): void {
  if (engines.length > 0) return;
  const what = name === 'mesh' ? 'service mesh' : 'log service';
  const message =
    name === 'mesh'
      ? `Cluster '${cluster}' does not serve networking.istio.io: it has no mesh`
      : `In cluster '${cluster}' nothing is known that collects logs`;
  throw new CapabilityMissingError(what, message, hint === undefined ? undefined : { hint });
}

const webhookKind = kindRef<{ readonly webhooks?: readonly unknown[] }>({
  ...{ group: 'admissionregistration.k8s.io', version: 'v1', kind: 'MutatingWebhookConfiguration' },
  ...{ plural: 'mutatingwebhookconfigurations', isNamespaced: false, isOptional: true },
});

/**
 * Istio's kinds stay when Istio itself is removed, and pods would come without a sidecar and without a word: so who switches the mesh on
 * is told. Throws `CapabilityMissingError` where its injector is not there; answers false where the gateway may not look.
 */
export async function requireInjector(cluster: Pick<Cluster, 'name' | 'serves' | 'reader'>): Promise<boolean> {
  if (!cluster.serves(webhookKind)) return false;
  const { items, problems } = await cluster.reader(systemPrincipal).list(webhookKind);
  if (problems.length > 0) return false;
  if (items.some(isInjector)) return true;
  throw new CapabilityMissingError(
    'service mesh',
    `Cluster '${cluster.name}' serves the kinds of Istio, but nothing there puts its sidecar into pods`,
    { hint: 'Install istiod (istio.io) with its sidecar injector, or start it again.' },
  );
}

const isInjector = ({ metadata: { name, labels } }: Pick<KubeObject, 'metadata'>): boolean =>
  labels?.app === 'sidecar-injector' ||
  name.startsWith('istio-sidecar-injector') ||
  name.startsWith('istio-revision-tag');
