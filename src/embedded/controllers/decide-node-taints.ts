import type { Node, Taint } from './kubernetes-shapes.ts';
import { findCondition } from './set-condition.ts';

/** Conditions that show as taints, and at which status. */
const conditionTaints: readonly (readonly [type: string, status: string, key: string])[] = [
  ['Ready', 'False', 'node.kubernetes.io/not-ready'],
  ['Ready', 'Unknown', 'node.kubernetes.io/unreachable'],
  ['MemoryPressure', 'True', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'True', 'node.kubernetes.io/disk-pressure'],
  ['NetworkUnavailable', 'True', 'node.kubernetes.io/network-unavailable'],
  ['PIDPressure', 'True', 'node.kubernetes.io/pid-pressure'],
];
const unschedulable = 'node.kubernetes.io/unschedulable';
const ownKeys = new Set([unschedulable, ...conditionTaints.map(([, , key]) => key)]);
const evicting = new Set(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']);

/**
 * The taints a node should have by its conditions and its being cordoned; those of others stay. `mayEvict` is false
 * while so many nodes have gone that the fault is probably not theirs: then their pods are left alone.
 */
export function decideNodeTaints(node: Node, mayEvict: boolean, now: string): readonly Taint[] {
  const wanted: Taint[] = [];
  for (const [type, status, key] of conditionTaints) {
    if (findCondition(node.status?.conditions, type)?.status !== status) continue;
    wanted.push({ key, effect: 'NoSchedule' });
    if (evicting.has(key) && mayEvict) wanted.push({ key, effect: 'NoExecute' });
  }
  if (node.spec?.unschedulable === true) wanted.push({ key: unschedulable, effect: 'NoSchedule' });
  const present = node.spec?.taints ?? [];
  const isSame = (left: Taint, right: Taint): boolean => left.key === right.key && left.effect === right.effect;
  const kept = present.filter((taint) => !isOurs(taint) || wanted.some((want) => isSame(taint, want)));
  const added = wanted.filter((want) => !present.some((taint) => isSame(taint, want)));
  if (added.length === 0 && kept.length === present.length) return present;
  return [...kept, ...added.map((taint) => ({ ...taint, timeAdded: now }))];
}

function isOurs({ key, effect }: Taint): boolean {
  return ownKeys.has(key) && (effect === 'NoSchedule' || (effect === 'NoExecute' && evicting.has(key)));
}

/** Nodes of a zone whose kubelet is silent or not ready, among how many. */
export interface ZoneHealth {
  readonly ready: number;
  readonly notReady: number;
}

const unhealthyShare = 0.55;
/** Below this size a zone that is mostly gone is not evicted from at all. */
const largeZone = 50;

/** Whether pods of lost nodes in this zone are evicted (`--unhealthy-zone-threshold`, `--large-cluster-size-threshold`). */
export function mayEvictFrom(zone: ZoneHealth, all: readonly ZoneHealth[]): boolean {
  if (all.every(isGone)) return false;
  if (isGone(zone)) return true;
  const size = zone.ready + zone.notReady;
  const isPartlyGone = zone.notReady > 2 && zone.notReady / size >= unhealthyShare;
  return !isPartlyGone || size > largeZone;
}

function isGone({ ready, notReady }: ZoneHealth): boolean {
  return ready === 0 && notReady > 0;
}
