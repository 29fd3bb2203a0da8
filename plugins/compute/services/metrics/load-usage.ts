import { DataLoader, type RequestContext, RequestError } from 'longshore/sdk';
import { namespacesMade } from '../read-namespaces.ts';
import { nodeMetricsKind, podMetricsKind } from '../usage.ts';
import { measuredNamespaces } from './measured-namespaces.ts';
import { type MetricBackend, metricBackendsRef } from './metric-backends.ts';
import { type MetricRange, pointsIn } from './metric-range.ts';
import type { MetricPoint } from './prometheus-client.ts';
import { sumOfSeries } from './sum-series.ts';
import type { UsageMetric } from './usage-metrics.ts';
import {
  allNodesQuery,
  allPodsQuery,
  type Measure,
  namespacesQuery,
  nodesQuery,
  type PodPattern,
  patternsQuery,
  podsQuery,
  type QueryOptions,
  rowLabel,
} from './usage-query.ts';

/** What is measured: a pod, the pods of a workload, a node. */
export type MeasuredThing =
  | { readonly is: 'POD'; readonly namespace: string; readonly name: string }
  | ({ readonly is: 'PODS' } & PodPattern)
  | { readonly is: 'NODE'; readonly name: string };

type Points = readonly MetricPoint[];
type Of<Is extends MeasuredThing['is']> = Extract<MeasuredThing, { readonly is: Is }>;

export interface UsageQuestion<M extends Measure = UsageMetric> {
  readonly cluster: string;
  readonly metric: M;
  readonly range: MetricRange;
}

/** Rows of one answer times their points. */
const mostValues = 250_000;
const loaders = {};

/**
 * What a thing used over time. However many rows of a list ask, there is one request for each cluster, metric and range. What was before
 * a namespace was made is another's and is left out. Rejects with `CapabilityMissingError` without a backend.
 */
export function loadUsage(
  question: UsageQuestion<Measure>,
  thing: MeasuredThing,
  context: RequestContext,
): Promise<Points> {
  const known = context.memo(loaders, () => new Map<string, DataLoader<MeasuredThing, Points, string>>());
  const key = JSON.stringify([question, thing.is]);
  let loader = known.get(key);
  if (!loader) {
    loader = new DataLoader((things) => loadRows(question, things, context), { cacheKeyFn: JSON.stringify });
    known.set(key, loader);
  }
  return loader.load(thing);
}

async function loadRows(
  question: UsageQuestion<Measure>,
  things: readonly MeasuredThing[],
  context: RequestContext,
): Promise<readonly (Points | Error)[]> {
  const backend = context.service(metricBackendsRef).of(question.cluster);
  checkSize(things.length, question.range);
  if (things[0]?.is === 'NODE')
    return nodeRows(question as UsageQuestion, things as readonly Of<'NODE'>[], backend, context);
  const rows = things as readonly (Of<'POD'> | Of<'PODS'>)[];
  const names = [...new Set(rows.map(({ namespace }) => namespace))];
  const isOpen = await openNamespaces(question.cluster, names, context);
  const asked = rows.filter(({ namespace }) => isOpen.has(namespace));
  const made = await namespacesMade(question.cluster, [...isOpen], context);
  const found = asked.length === 0 ? () => undefined : await podRows(question, asked, backend, context);
  return rows.map((row) => {
    const { namespace } = row;
    if (!isOpen.has(namespace)) return refusal(question.cluster);
    return since(made.get(namespace), found(row) ?? [], backend);
  });
}

async function podRows(
  question: UsageQuestion<Measure>,
  rows: readonly (Of<'POD'> | Of<'PODS'>)[],
  backend: MetricBackend,
  context: RequestContext,
): Promise<(row: MeasuredThing) => Points | undefined> {
  const { metric, range } = question;
  const { labels } = backend;
  const options = optionsOf(backend, range);
  if (rows[0]?.is === 'POD') {
    const series = await backend.client.range(podsQuery(metric, rows as Of<'POD'>[], options), range, context.signal);
    const keyOf = (namespace: string | undefined, pod: string | undefined) => `${namespace}/${pod}`;
    const byPod = new Map(
      series.map((each) => [keyOf(each.labels[labels.namespace], each.labels[labels.pod]), each.points]),
    );
    return (row) => (row.is === 'POD' ? byPod.get(keyOf(row.namespace, row.name)) : undefined);
  }
  const series = await backend.client.range(
    patternsQuery(metric, rows as Of<'PODS'>[], options),
    range,
    context.signal,
  );
  const byRow = new Map(series.map((each) => [rows[Number(each.labels[rowLabel])] as MeasuredThing, each.points]));
  return (row) => byRow.get(row);
}

async function nodeRows(
  { cluster, metric, range }: UsageQuestion,
  nodes: readonly Of<'NODE'>[],
  backend: MetricBackend,
  context: RequestContext,
): Promise<readonly (Points | Error)[]> {
  if (!(await context.cluster(cluster).canRead(context.principal, nodeMetricsKind, undefined))) {
    return nodes.map(() => refusal(cluster));
  }
  const names = nodes.map(({ name }) => name);
  const query = nodesQuery(metric, names, optionsOf(backend, range));
  const series = await backend.client.range(query, range, context.signal);
  const byNode = new Map(series.map(({ labels, points }) => [labels[backend.labels.node], points]));
  return names.map((name) => byNode.get(name) ?? []);
}

/** What all pods of a cluster use together, as far as the caller may read it. */
export async function loadClusterUsage(
  { cluster, metric, range }: UsageQuestion,
  context: RequestContext,
): Promise<{ readonly points: Points; readonly isWhole: boolean }> {
  const backend = context.service(metricBackendsRef).of(cluster);
  const options = optionsOf(backend, range);
  const ask = (query: string) => backend.client.range(query, range, context.signal);
  if (metric === 'DISK') {
    if (!(await context.cluster(cluster).canRead(context.principal, nodeMetricsKind, undefined)))
      throw refusal(cluster);
    return { points: sumOfSeries(await ask(allNodesQuery(metric, options))), isWhole: true };
  }
  const namespaces = await measuredNamespaces(cluster, context);
  if (namespaces === 'ALL') return { points: sumOfSeries(await ask(allPodsQuery(metric, options))), isWhole: true };
  if (namespaces.length === 0) return { points: [], isWhole: false };
  const since = new Map(namespaces.map((namespace) => [namespace, 0]));
  return { points: await loadNamespaceUsage({ cluster, metric, range }, since, context), isWhole: false };
}

/**
 * What the pods of these namespaces used together, each since the moment that stands with it (UTC ms), and since it was made. Whether the caller
 * may read it was asked before.
 */
export async function loadNamespaceUsage(
  { cluster, metric, range }: UsageQuestion,
  namespaces: ReadonlyMap<string, number>,
  context: RequestContext,
): Promise<Points> {
  const backend = context.service(metricBackendsRef).of(cluster);
  if (namespaces.size === 0) return [];
  checkSize(namespaces.size, range);
  const names = [...namespaces.keys()];
  const made = await namespacesMade(cluster, names, context);
  const query = namespacesQuery(metric, names, optionsOf(backend, range));
  const series = await backend.client.range(query, range, context.signal);
  return sumOfSeries(
    series.map(({ labels, points }) => {
      const name = labels[backend.labels.namespace] ?? '';
      const madeMs = made.get(name);
      const fromMs = madeMs === undefined ? undefined : Math.max(madeMs, namespaces.get(name) ?? 0);
      return { points: since(fromMs, points, backend) };
    }),
  );
}

/** A rate is taken over the whole step at least, so that nothing between two points is lost. */
function optionsOf({ labels, matchers, rateSeconds }: MetricBackend, { stepSeconds }: MetricRange): QueryOptions {
  return { labels, matchers, rateSeconds: Math.max(rateSeconds, stepSeconds) };
}

function since(madeMs: number | undefined, points: Points, { rateSeconds }: MetricBackend): Points {
  // A namespace that is gone has no metrics that are anybody's.
  if (madeMs === undefined) return [];
  return points.filter(({ atSeconds }) => atSeconds - rateSeconds >= madeMs / 1_000);
}

function checkSize(rows: number, range: MetricRange): void {
  if (rows * pointsIn(range) <= mostValues) return;
  throw new RequestError(
    'TOO_COMPLEX',
    `${rows} rows of ${pointsIn(range)} points are too many: ask for fewer rows, or a longer stepSeconds`,
  );
}

async function openNamespaces(
  cluster: string,
  names: readonly string[],
  context: RequestContext,
): Promise<ReadonlySet<string>> {
  const found = context.cluster(cluster);
  const { principal } = context;
  const answers = await Promise.all(names.map((name) => found.canRead(principal, podMetricsKind, name)));
  return new Set(names.filter((_name, index) => answers[index]));
}

function refusal(cluster: string): RequestError {
  return new RequestError('FORBIDDEN', `Cluster '${cluster}' does not let you read its metrics here`);
}
