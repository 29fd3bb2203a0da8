import type { GraphEdge, GraphNode } from './graph-builder.ts';
import type { NetworkGraph } from './network-graph.ts';

/** Pods are many: without them a subnet leads to Services straight. */
export function withoutPods({ nodes, edges }: NetworkGraph): NetworkGraph {
  const pods = new Set(nodes.flatMap(({ id, kind }) => (kind === 'POD' ? id : [])));
  const ahead = Map.groupBy(
    edges.filter(({ from }) => pods.has(from)),
    ({ from }) => from,
  );
  const kept = new Map<string, GraphEdge>();
  for (const edge of edges) {
    if (pods.has(edge.from)) continue;
    const next = pods.has(edge.to)
      ? (ahead.get(edge.to) ?? []).map(({ to, detail }) => ({ ...edge, to, detail }))
      : [edge];
    for (const each of next) kept.set(JSON.stringify([each.from, each.to]), each);
  }
  return { nodes: nodes.filter(({ id }) => !pods.has(id)), edges: [...kept.values()] };
}

/**
 * What is in a scope, and what that leads to and comes from: the subnets and VPCs of its pods, its Services and what leads there, and how
 * those subnets go out. What lies beside these stays out. Pure.
 */
export function narrowGraph({ nodes, edges }: NetworkGraph, isInside: (node: GraphNode) => boolean): NetworkGraph {
  const kept = new Set(nodes.filter(isInside).map(({ id }) => id));
  const ahead = Map.groupBy(edges, ({ from }) => from);
  // Outwards from what is inside, and inwards from there: never in and out again, which would lead to the neighbours.
  const outwards = reach(kept, ahead, 'to');
  const inwards = reach(
    kept,
    Map.groupBy(edges, ({ to }) => to),
    'from',
  );
  const all = kept.union(outwards).union(inwards);
  // But a subnet goes out as a whole, its neighbours with it.
  const rules = new Set(nodes.flatMap(({ id, kind }) => (kind === 'SNAT_RULE' ? id : [])));
  const ways = edges.filter(({ from, to }) => inwards.has(from) && rules.has(to)).map(({ to }) => to);
  const told = all.union(reach(new Set(ways), ahead, 'to'));
  return {
    nodes: nodes.filter(({ id }) => told.has(id)),
    edges: edges.filter(({ from, to }) => told.has(from) && told.has(to)),
  };
}

function reach(
  starts: ReadonlySet<string>,
  edges: ReadonlyMap<string, readonly GraphEdge[]>,
  end: 'from' | 'to',
): ReadonlySet<string> {
  const reached = new Set(starts);
  for (const id of reached) for (const edge of edges.get(id) ?? []) reached.add(edge[end]);
  return reached;
}
