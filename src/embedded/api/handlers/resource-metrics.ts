import {
  measureEveryMs,
  type NodeUsage,
  type PodUsage,
  podsPerTurn,
  type UsageSource,
} from '../../containers/usage/create-usage-source.ts';
import type { Usage } from '../../containers/usage/measure-container.ts';
import { nextTurn } from '../../machinery/next-turn.ts';
import { nodeMetrics, podMetrics } from '../../registry/metrics-resources.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Answer, ApiContext, ApiRequest } from '../api-context.ts';
import { presentList } from '../present.ts';
import { answerObject, presentationOf } from '../presentation-of.ts';
import { parseSelection } from '../selection.ts';
import { methodNotSupported, notFound, pathNotFound } from '../status-error.ts';

/** GET on `metrics.k8s.io/v1beta1`: pods and nodes, one or a list. */
export async function handleResourceMetrics(
  context: ApiContext,
  usage: UsageSource,
  request: ApiRequest,
): Promise<Answer> {
  const { resource: plural, verb, namespace, name, subresource, version } = request.info;
  const resource = [podMetrics, nodeMetrics].find(({ definition }) => definition.plural === plural);
  if (resource === undefined || version !== 'v1beta1' || subresource !== '') throw pathNotFound();
  if (namespace !== undefined && !resource.definition.namespaced) throw pathNotFound();
  if (verb !== 'get' && verb !== 'list') throw methodNotSupported();
  if (verb === 'list') {
    const selection = parseSelection(resource, request.query);
    const selected =
      plural === 'pods'
        ? await selectPods(usage, namespace, selection.matches)
        : (await usage.nodes()).map(nodeObject).filter(selection.matches);
    return {
      code: 200,
      list: presentList(presentationOf(context, request, resource), selected, { resourceVersion: '' }),
    };
  }
  if (plural === 'nodes') {
    const found = (await usage.nodes()).find(({ node }) => node.metadata.name === name);
    if (found === undefined) throw notFound({ group: '', plural: 'nodes', kind: 'Node' }, name);
    return answerObject(context, request, resource, nodeObject(found));
  }
  const key = `${namespace ?? ''}/${name}`;
  const pod = context.registry.environment
    .list('', 'pods', namespace)
    .find((each) => each.metadata.name === name && namespace !== undefined);
  if (pod === undefined) throw notFound({ group: '', plural: 'pods', kind: 'Pod' }, key);
  const [measured] = usage.measure([pod]);
  if (measured === undefined)
    throw notFound({ group: 'metrics.k8s.io', plural: 'podmetrics', kind: 'PodMetrics' }, key);
  return answerObject(context, request, resource, podObject(measured));
}

async function selectPods(
  usage: UsageSource,
  namespace: string | undefined,
  matches: (object: ClusterObject) => boolean,
): Promise<ClusterObject[]> {
  const selected: ClusterObject[] = [];
  let count = 0;
  for (const measured of usage.pods(namespace)) {
    count += 1;
    if (count % podsPerTurn === 0) await nextTurn();
    const object = podObject(measured);
    if (matches(object)) selected.push(object);
  }
  return selected;
}

function podObject({ pod, atMs, containers }: PodUsage): ClusterObject {
  return {
    kind: 'PodMetrics',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: headOf(pod, atMs),
    ...momentOf(atMs),
    containers: containers.map((container) => ({ name: container.name, usage: quantities(container) })),
  };
}

function nodeObject({ node, atMs, ...usage }: NodeUsage): ClusterObject {
  return {
    kind: 'NodeMetrics',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: headOf(node, atMs),
    ...momentOf(atMs),
    usage: quantities(usage),
  };
}

function headOf({ metadata }: ClusterObject, atMs: number): ClusterObject['metadata'] {
  return {
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    creationTimestamp: printTime(atMs),
    ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
  };
}

function momentOf(atMs: number): { timestamp: string; window: string } {
  return { timestamp: printTime(atMs), window: `${measureEveryMs / 1000}s` };
}

/** In the units of metrics-server: billionths of a core, and kibibytes. */
function quantities({ cpuNanos, memoryBytes }: Usage): { cpu: string; memory: string } {
  return { cpu: cpuNanos === 0 ? '0' : `${cpuNanos}n`, memory: `${Math.floor(memoryBytes / 1024)}Ki` };
}

function printTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
