import type { Pod } from '../kubernetes-shapes.ts';
import { filterRules, scoreRules } from './default-profile.ts';
import type { NodeInfo } from './node-info.ts';
import { namedNodes } from './node-selection.ts';
import type { NodeFilter, Refusal, SchedulingWorld } from './scheduling-rules.ts';

export type Placement =
  | { readonly node: string }
  | {
      /** Why the pod was refused before any node was looked at; undefined when the nodes refused it. */
      readonly problem: string | undefined;
      /** By name of the node; nodes that were not looked at are not in it. */
      readonly refusals: ReadonlyMap<string, Refusal>;
      /** What is said of the nodes that were not looked at. */
      readonly absent: string;
      /** Plugins that refused, so that only what may help wakes the pod. */
      readonly plugins: ReadonlySet<string>;
    };

/** Pods that were promised a node, by its name: they count there although they do not run yet. */
export type Nominations = ReadonlyMap<string, readonly Pod[]>;

/**
 * Where the pod should run by the default profile's filters and scores. Of equal nodes the first by name is taken, so
 * that the order in which nodes are given does not matter.
 */
export function decidePlacement(pod: Pod, world: SchedulingWorld, nominations: Nominations = new Map()): Placement {
  const names = namedNodes(pod);
  const problem = world.volumes.problem(pod) ?? (names?.size === 0 ? 'pod affinity terms conflict' : undefined);
  if (problem !== undefined) return { problem, refusals: new Map(), absent: '', plugins: new Set(['VolumeBinding']) };
  const filter = nodeFilter(pod, world, nominations);
  const nominated = world.nodes.find(({ name }) => name === pod.status?.nominatedNodeName);
  if (nominated !== undefined && filter(nominated) === undefined) return { node: nominated.name };
  const candidates = names === undefined ? world.nodes : world.nodes.filter(({ name }) => names.has(name));
  const feasible: NodeInfo[] = [];
  const refusals = new Map<string, Refusal>();
  for (const node of candidates) {
    const refusal = filter(node);
    if (refusal === undefined) feasible.push(node);
    else refusals.set(node.name, refusal);
  }
  const best = bestOf(pod, feasible, world);
  if (best !== undefined) return { node: best.name };
  const plugins = new Set([...refusals.values()].map(({ plugin }) => plugin));
  if (candidates.length < world.nodes.length) plugins.add('NodeAffinity');
  return { problem: undefined, refusals, absent: "node(s) didn't satisfy plugin(s) [NodeAffinity]", plugins };
}

/** All filters in their order; pods promised to a node count there if the pod has to yield to them. */
export function nodeFilter(pod: Pod, world: SchedulingWorld, nominations: Nominations): NodeFilter {
  const filter = plainFilter(pod, world);
  return (node) => {
    const promised = (nominations.get(node.name) ?? []).filter(
      (other) => other.metadata.uid !== pod.metadata.uid && (other.spec.priority ?? 0) >= (pod.spec.priority ?? 0),
    );
    if (promised.length === 0) return filter(node);
    const crowded = promised.reduce((info, other) => info.with(other), node);
    const nodes = world.nodes.map((info) => (info === node ? crowded : info));
    return plainFilter(pod, { ...world, nodes })(crowded) ?? filter(node);
  };
}

function plainFilter(pod: Pod, world: SchedulingWorld): NodeFilter {
  const filters = filterRules.flatMap((rule) => rule.prepare(pod, world) ?? []);
  return (node) => {
    for (const filter of filters) {
      const refusal = filter(node);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  };
}

function bestOf(pod: Pod, feasible: readonly NodeInfo[], world: SchedulingWorld): NodeInfo | undefined {
  if (feasible.length < 2) return feasible[0];
  const totals = feasible.map(() => 0);
  for (const rule of scoreRules) {
    const scores = rule.prepare(pod, world)?.(feasible) ?? [];
    for (const [index, score] of scores.entries()) totals[index] = (totals[index] ?? 0) + score * rule.weight;
  }
  let best = 0;
  for (let index = 1; index < feasible.length; index += 1) {
    const difference = (totals[index] ?? 0) - (totals[best] ?? 0);
    const isFirst = (feasible[index]?.name ?? '') < (feasible[best]?.name ?? '');
    if (difference > 0 || (difference === 0 && isFirst)) best = index;
  }
  return feasible[best];
}
