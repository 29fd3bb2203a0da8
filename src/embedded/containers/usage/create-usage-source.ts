import { asString, readPath } from '../../machinery/json.ts';
import type { ClusterClock, ClusterObject, ClusterStore } from '../../store/types.ts';
import { type RunningContainer, runningContainers } from '../pod-view.ts';
import { measureContainer, type Usage } from './measure-container.ts';

export interface PodUsage {
  readonly pod: ClusterObject;
  /** When it was measured, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly containers: readonly (Usage & { readonly name: string })[];
}

export interface NodeUsage extends Usage {
  readonly node: ClusterObject;
  readonly atMs: number;
}

/** What metrics-server would know. Only running pods are measured, and they from their first second. */
export interface UsageSource {
  pod(pod: ClusterObject): PodUsage | undefined;
  /** All pods of the namespace, or of all, each measured when it is asked for. */
  pods(namespace?: string): Iterable<PodUsage>;
  nodes(): readonly NodeUsage[];
}

/** Measurements are taken this often. */
export const measureEveryMs = 15_000;
/** What a node needs for itself. */
const nodeBase: Usage = { cpuNanos: 120_000_000, memoryBytes: 900 * 1024 * 1024 };

export function createUsageSource(store: ClusterStore, clock: ClusterClock): UsageSource {
  const pods = store.resource('', 'pods');
  const nodes = store.resource('', 'nodes');

  function measurePod(pod: ClusterObject, sharersOf: (pod: ClusterObject) => number): PodUsage | undefined {
    if (readPath(pod, 'status', 'phase') !== 'Running') return undefined;
    const running = runningContainers(pod);
    if (running.length === 0) return undefined;
    const atMs = measuredAt(running, clock.now());
    const sharers = sharersOf(pod);
    return {
      pod,
      atMs,
      containers: running.map((container) => {
        const { cpuNanos, memoryBytes } = measureContainer({ container, atMs, sharers });
        return { name: container.name, cpuNanos, memoryBytes };
      }),
    };
  }

  /** How many running pods each owner has among these: they share its load. */
  function countRunning(all: readonly ClusterObject[]): (pod: ClusterObject) => number {
    const counts = new Map<string, number>();
    for (const pod of all) {
      const owner = ownerOf(pod);
      if (owner === undefined || readPath(pod, 'status', 'phase') !== 'Running') continue;
      counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    return (pod) => counts.get(ownerOf(pod) ?? '') ?? 1;
  }

  return {
    pod(pod) {
      const owner = ownerOf(pod);
      return measurePod(pod, countRunning(owner === undefined ? [] : store.listOwned(owner)));
    },
    *pods(namespace) {
      const all = store.list(pods, namespace);
      const sharers = countRunning(all);
      for (const pod of all) {
        const usage = measurePod(pod, sharers);
        if (usage !== undefined) yield usage;
      }
    },
    nodes() {
      const all = store.list(pods);
      const sharers = countRunning(all);
      const used = new Map<string, Usage>();
      for (const pod of all) {
        const usage = measurePod(pod, sharers);
        const node = asString(readPath(pod, 'spec', 'nodeName')) ?? '';
        for (const container of usage?.containers ?? []) used.set(node, plus(used.get(node) ?? nodeBase, container));
      }
      return store.list(nodes).map((node) => ({
        node,
        atMs: Math.floor(clock.now() / measureEveryMs) * measureEveryMs,
        ...(used.get(node.metadata.name) ?? nodeBase),
      }));
    },
  };
}

function plus(left: Usage, right: Usage): Usage {
  return { cpuNanos: left.cpuNanos + right.cpuNanos, memoryBytes: left.memoryBytes + right.memoryBytes };
}

/** The latest round of measuring, but not before the youngest container had begun. */
function measuredAt(running: readonly RunningContainer[], nowMs: number): number {
  const round = Math.floor(nowMs / measureEveryMs) * measureEveryMs;
  return Math.max(round, ...running.map(({ startedAtMs }) => startedAtMs));
}

function ownerOf(pod: ClusterObject): string | undefined {
  return pod.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
}
