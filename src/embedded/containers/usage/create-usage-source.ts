import { asString, readPath } from '../../machinery/json.ts';
import { nextTurn } from '../../machinery/next-turn.ts';
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
  /** Those of the pods that run, each measured when it is asked for. */
  measure(pods: readonly ClusterObject[]): Iterable<PodUsage>;
  /** All pods of the namespace, or of all, in the same way. */
  pods(namespace?: string): Iterable<PodUsage>;
  /** Gives way to others of the event loop now and then. */
  nodes(): Promise<readonly NodeUsage[]>;
}

/** So many pods are measured before others of the event loop have their turn. */
export const podsPerTurn = 256;

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
      containers: running.map((container) => ({
        name: container.name,
        ...measureContainer({ container, atMs, sharers }),
      })),
    };
  }

  /** How many running pods the owner of a pod has: they share its load. Each owner's are counted once. */
  function countSharers(): (pod: ClusterObject) => number {
    const counts = new Map<string, number>();
    return (pod) => {
      const owner = ownerOf(pod);
      if (owner === undefined) return 1;
      const known = counts.get(owner) ?? countRunning(store.listOwned(owner))(pod);
      counts.set(owner, known);
      return known;
    };
  }

  /** The same where these are all pods there are. */
  function countRunning(all: readonly ClusterObject[]): (pod: ClusterObject) => number {
    const counts = new Map<string, number>();
    for (const pod of all) {
      const owner = ownerOf(pod);
      if (owner === undefined || readPath(pod, 'status', 'phase') !== 'Running') continue;
      counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    return (pod) => counts.get(ownerOf(pod) ?? '') ?? 1;
  }

  function* measureAll(
    all: readonly ClusterObject[],
    sharersOf: (pod: ClusterObject) => number,
  ): Generator<PodUsage, void> {
    for (const pod of all) {
      const usage = measurePod(pod, sharersOf);
      if (usage !== undefined) yield usage;
    }
  }

  function measureIn(namespace?: string): Iterable<PodUsage> {
    const all = store.list(pods, namespace);
    return measureAll(all, countRunning(all));
  }

  return {
    measure: (all) => measureAll(all, countSharers()),
    pods: measureIn,
    async nodes() {
      const used = new Map<string, Usage>();
      let count = 0;
      for (const { pod, containers } of measureIn()) {
        count += 1;
        if (count % podsPerTurn === 0) await nextTurn();
        const node = asString(readPath(pod, 'spec', 'nodeName')) ?? '';
        for (const container of containers) used.set(node, plus(used.get(node) ?? nodeBase, container));
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
