import type { PluginCandidate } from './plan-plugins.ts';

/** One plugin must come after another. */
export interface PluginLink<Candidate> {
  readonly from: Candidate;
  readonly to: Candidate;
  readonly text: string;
}

/** Who must come after whom, and why. */
export function linksOf<Candidate extends PluginCandidate>(alive: readonly Candidate[]): PluginLink<Candidate>[] {
  const byName = new Map(alive.map((candidate) => [candidate.manifest.name, candidate]));
  const byService = new Map(
    alive.flatMap((candidate) => (candidate.manifest.services ?? []).map(({ id }) => [id, candidate] as const)),
  );
  return alive.flatMap((from) => {
    const { name, requires = {}, optional = {}, uses = {} } = from.manifest;
    const link = (to: Candidate | undefined, text: string) => (to ? [{ from, to, text }] : []);
    return [
      ...Object.keys(requires).flatMap((other) => link(byName.get(other), `'${name}' requires '${other}'`)),
      ...Object.keys(optional).flatMap((other) => link(byName.get(other), `'${name}' comes after '${other}'`)),
      ...Object.values(uses).flatMap(({ id }) => {
        const to = byService.get(id);
        return link(to, `'${name}' uses service '${id}' of '${to?.manifest.name}'`);
      }),
    ];
  });
}

/** What a plugin is linked to comes before it; otherwise the given order stays. There must be no circle. */
export function sortByLinks<Candidate extends PluginCandidate>(alive: readonly Candidate[]): Candidate[] {
  const links = linksOf(alive);
  const order: Candidate[] = [];
  const waiting = new Set(alive);
  while (waiting.size > 0) {
    const next = [...waiting].find((candidate) =>
      links.every(({ from, to }) => from !== candidate || !waiting.has(to)),
    );
    if (!next) throw new Error('plugin-order-without-end');
    waiting.delete(next);
    order.push(next);
  }
  return order;
}
