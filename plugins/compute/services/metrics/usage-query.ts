import type { PrometheusSettings } from '../../settings.ts';
import { collectorName } from '../form/monitoring.ts';
import { escaped, quoted } from '../query-text.ts';
import type { UsageMetric } from './usage-metrics.ts';

/** What is asked for: something that is used, or what the collectors beside apps tell of them (CMP-113). */
export type Measure = UsageMetric | { readonly indicator: string; readonly isRate: boolean };

/** Pods of a namespace by their names as regular expressions: those that a workload makes, gone ones included. */
export interface PodPattern {
  readonly namespace: string;
  readonly pattern: string;
}

export interface QueryOptions extends Pick<PrometheusSettings, 'labels' | 'matchers'> {
  /** Over which a rate is taken, in seconds. */
  readonly rateSeconds: number;
}

/** Label that says which of several things in one query a series is of. */
export const rowLabel = 'longshore_row';

interface Source {
  readonly series: string;
  readonly isRate: boolean;
  readonly factor?: number;
}

/** What every kubelet tells of its containers and, as the control group `/`, of its node (cAdvisor). */
const usageSources: Readonly<Record<UsageMetric, Source>> = {
  CPU: { series: 'container_cpu_usage_seconds_total', isRate: true, factor: 1_000 },
  MEMORY: { series: 'container_memory_working_set_bytes', isRate: false },
  NETWORK_RECEIVE: { series: 'container_network_receive_bytes_total', isRate: true },
  NETWORK_TRANSMIT: { series: 'container_network_transmit_bytes_total', isRate: true },
  DISK: { series: 'container_fs_usage_bytes', isRate: false },
};

/** PromQL for each of these pods by itself. Every text stands quoted, so that none of it is read as a part of the query. */
export function podsQuery(
  metric: Measure,
  pods: readonly { readonly namespace: string; readonly name: string }[],
  options: QueryOptions,
): string {
  const { labels } = options;
  const matchers = [
    oneOf(labels.namespace, unique(pods.map(({ namespace }) => namespace)).map(escaped)),
    oneOf(labels.pod, unique(pods.map(({ name }) => name)).map(escaped)),
  ];
  return `sum by (${labels.namespace}, ${labels.pod}) (${ofPods(metric, matchers, options)})`;
}

/** PromQL for each of these nodes by itself: all that runs on it, the system included. */
export function nodesQuery(metric: UsageMetric, names: readonly string[], options: QueryOptions): string {
  const { node } = options.labels;
  return `sum by (${node}) (${ofNodes(metric, [oneOf(node, unique(names).map(escaped))], options)})`;
}

/** PromQL for all nodes together. */
export function allNodesQuery(metric: UsageMetric, options: QueryOptions): string {
  return `sum(${ofNodes(metric, [], options)})`;
}

/** PromQL for all pods together. */
export function allPodsQuery(metric: UsageMetric, options: QueryOptions): string {
  return `sum(${ofPods(metric, [`${options.labels.namespace}=~".+"`], options)})`;
}

/** PromQL for the pods of each of these namespaces. */
export function namespacesQuery(metric: UsageMetric, namespaces: readonly string[], options: QueryOptions): string {
  const { namespace } = options.labels;
  return `sum by (${namespace}) (${ofPods(metric, [oneOf(namespace, namespaces.map(escaped))], options)})`;
}

/** PromQL for several sets of pods, each marked by its place with `rowLabel`. */
export function patternsQuery(metric: Measure, rows: readonly PodPattern[], options: QueryOptions): string {
  const { labels } = options;
  return anyOf(
    rows.map(({ namespace, pattern }, index) => {
      const matchers = [oneOf(labels.namespace, [escaped(namespace)]), oneOf(labels.pod, [pattern])];
      return `label_replace(sum(${ofPods(metric, matchers, options)}), "${rowLabel}", "${index}", "", "")`;
    }),
  );
}

/** As a balanced tree: what stands in a row is compared with all before it. */
function anyOf(parts: readonly string[]): string {
  if (parts.length <= 2) return parts.join(' or ');
  const middle = Math.ceil(parts.length / 2);
  return `(${anyOf(parts.slice(0, middle))}) or (${anyOf(parts.slice(middle))})`;
}

function ofPods(metric: Measure, matchers: readonly string[], options: QueryOptions): string {
  const { container, pod } = options.labels;
  if (typeof metric === 'object') {
    return expression(metric, [...matchers, `${container}=${quoted(collectorName)}`], options);
  }
  // The network belongs to the pod; of the rest, what names no container is the sum of those that do.
  const isNetwork = metric === 'NETWORK_RECEIVE' || metric === 'NETWORK_TRANSMIT';
  const own = isNetwork ? [`${pod}!=""`, 'interface!="lo"'] : [`${container}!=""`, `${container}!="POD"`];
  return expression(metric, [...matchers, ...own], options);
}

function ofNodes(metric: UsageMetric, matchers: readonly string[], options: QueryOptions): string {
  const isNetwork = metric === 'NETWORK_RECEIVE' || metric === 'NETWORK_TRANSMIT';
  const more = isNetwork ? ['interface!="lo"'] : metric === 'DISK' ? ['device=~"/dev/.+"'] : [];
  return expression(metric, [...matchers, 'id="/"', ...more], options);
}

function expression(metric: Measure, matchers: readonly string[], options: QueryOptions): string {
  const { series, isRate, factor } = sourceOf(metric);
  const selector = `${series}{${[...commonMatchers(options), ...matchers].join(', ')}}`;
  const value = isRate ? `rate(${selector}[${options.rateSeconds}s])` : selector;
  return factor === undefined ? value : `${factor} * ${value}`;
}

function sourceOf(metric: Measure): Source {
  return typeof metric === 'object' ? { series: metric.indicator, isRate: metric.isRate } : usageSources[metric];
}

/** What tells this cluster's series from those of others. */
export function commonMatchers({ matchers }: Pick<QueryOptions, 'matchers'>): readonly string[] {
  return Object.entries(matchers).map(([label, value]) => `${label}=${quoted(value)}`);
}

/** Prometheus' own regular expressions of labels are whole ones. Of no names nothing is left. */
function oneOf(label: string, patterns: readonly string[]): string {
  return `${label}=~${quoted(patterns.length === 0 ? '[^\\s\\S]' : patterns.join('|'))}`;
}

const unique = (words: readonly string[]): readonly string[] => [...new Set(words)];
