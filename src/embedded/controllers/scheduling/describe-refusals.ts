/** How many nodes refused for which reason, in the scheduler's words: `0/3 nodes are available: 3 Insufficient cpu.` */
export function describeRefusals(nodeCount: number, refusals: Iterable<readonly string[]>, absent: string): string {
  const counts = new Map<string, number>();
  let named = 0;
  for (const reasons of refusals) {
    named += 1;
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  if (named < nodeCount) counts.set(absent, (counts.get(absent) ?? 0) + nodeCount - named);
  const entries = [...counts].map(([reason, count]) => `${count} ${reason}`).sort(byCodeUnits);
  const list = entries.length === 0 ? '' : ` ${entries.join(', ')}.`;
  return `0/${nodeCount} nodes are available:${list}`;
}

function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
