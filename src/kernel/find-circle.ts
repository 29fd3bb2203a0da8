interface Link<Node> {
  readonly from: Node;
  readonly to: Node;
}

/** A shortest chain of links that comes back to its beginning, or undefined. The first node in `nodes` on it begins. */
export function findCircle<Node, L extends Link<Node>>(nodes: readonly Node[], links: readonly L[]): L[] | undefined {
  for (const start of nodes) {
    const chain = chainBack(start, links);
    if (chain) return chain;
  }
  return undefined;
}

/** Breadth first from `start` until a link leads back to it. */
function chainBack<Node, L extends Link<Node>>(start: Node, links: readonly L[]): L[] | undefined {
  const reached = new Map<Node, readonly L[]>([[start, []]]);
  for (const [node, chain] of reached) {
    for (const link of links) {
      if (link.from !== node) continue;
      if (link.to === start) return [...chain, link];
      if (!reached.has(link.to)) reached.set(link.to, [...chain, link]);
    }
  }
  return undefined;
}
