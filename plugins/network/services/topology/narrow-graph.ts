import type { GraphEdge, GraphNode, NetworkGraph } from './network-graph.ts';

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
 * What is in a scope, and what that leads to and comes from: the subnets and VPCs of its pods, its Services and what leads there. What
 * lies beside these stays out. Pure.
 */
export function narrowGraph({ nodes, edges }: NetworkGraph, isInside: (node: GraphNode) => boolean): NetworkGraph {
  const kept = new Set(nodes.filter(isInside).map(({ id }) => id));
  // Outwards from what is inside, and inwards from there: never out and in again, which would lead to the neighbours.
  const outwards = reach(
    kept,
    Map.groupBy(edges, ({ from }) => from),
    'to',
  );
  const inwards = reach(
    kept,
    Map.groupBy(edges, ({ to }) => to),
    'from',
  );
  const all = kept.union(outwards).union(inwards);
  return {
    nodes: nodes.filter(({ id }) => all.has(id)),
    edges: edges.filter(({ from, to }) => all.has(from) && all.has(to)),
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
