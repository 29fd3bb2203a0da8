import type { Pod } from '../../kubernetes-shapes.ts';
import type { NodeInfo } from '../node-info.ts';
import { highestScore, type SchedulingWorld, type ScoreRule } from '../scheduling-rules.ts';
import { countMatching, prepareConstraint, type SpreadConstraint, spreadConstraints } from '../spread-constraints.ts';

const hostname = 'kubernetes.io/hostname';

/** ScheduleAnyway constraints; a pod without constraints of its own is spread from its siblings by the defaults. */
export const preferredSpread: ScoreRule = {
  plugin: 'PodTopologySpread',
  weight: 2,
  prepare(pod, world) {
    const hasOwn = (pod.spec.topologySpreadConstraints ?? []).length > 0;
    const constraints = hasOwn ? spreadConstraints(pod, 'ScheduleAnyway') : defaultConstraints(pod, world);
    if (constraints.length === 0) return undefined;
    return (nodes) => score(nodes, world.nodes, constraints, hasOwn);
  },
};

function defaultConstraints(pod: Pod, world: SchedulingWorld): readonly SpreadConstraint[] {
  const matcher = world.defaultSelector(pod);
  if (matcher === undefined) return [];
  return [
    { topologyKey: hostname, maxSkew: 3 },
    { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5 },
  ].map((constraint) => prepareConstraint(pod, constraint, matcher));
}

function score(
  nodes: readonly NodeInfo[],
  all: readonly NodeInfo[],
  constraints: readonly SpreadConstraint[],
  needsAllKeys: boolean,
): readonly number[] {
  const hasAllKeys = ({ labels }: NodeInfo): boolean =>
    constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined);
  const isCounted = (node: NodeInfo): boolean => !needsAllKeys || hasAllKeys(node);
  const counted = nodes.filter(isCounted);
  const perConstraint = constraints.map((constraint) => {
    const domains = new Map<string, number>();
    if (constraint.topologyKey === hostname) return { constraint, domains, weight: Math.log(counted.length + 2) };
    for (const node of counted) domains.set(node.labels[constraint.topologyKey] ?? '', 0);
    for (const node of all) {
      const domain = node.labels[constraint.topologyKey] ?? '';
      const known = domains.get(domain);
      if (known === undefined || !isCounted(node) || !constraint.includes(node)) continue;
      domains.set(domain, known + countMatching(node, constraint.matcher));
    }
    return { constraint, domains, weight: Math.log(domains.size + 2) };
  });
  const raw = nodes.map((node) => {
    if (!isCounted(node)) return undefined;
    let sum = 0;
    for (const { constraint, domains, weight } of perConstraint) {
      const domain = node.labels[constraint.topologyKey];
      if (domain === undefined) continue;
      const isHost = constraint.topologyKey === hostname;
      const count = isHost ? countMatching(node, constraint.matcher) : (domains.get(domain) ?? 0);
      sum += count * weight + (constraint.maxSkew - 1);
    }
    return Math.round(sum);
  });
  const valid = raw.filter((value) => value !== undefined);
  const most = Math.max(0, ...valid);
  const least = Math.min(...valid);
  return raw.map((value) => {
    if (value === undefined) return 0;
    return most === 0 ? highestScore : Math.floor((highestScore * (most + least - value)) / most);
  });
}
