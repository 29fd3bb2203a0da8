/** What a pod that could not be placed waits for. */
export type ClusterChange = 'node' | 'pod-gone' | 'pod-placed' | 'volume' | 'namespace';

/**
 * Pods that wait for a node, the most important first. A pod that was refused rests until a change that may help it,
 * and never less than its back-off, so that neither a busy cluster nor a full one keeps the scheduler running.
 */
export interface SchedulingQueue {
  /** The pod is new or has changed itself: its turn comes without back-off. */
  add(key: string, priority: number): void;
  remove(key: string): void;
  /** The next pod that may be tried; undefined when none may be now. */
  pop(): string | undefined;
  /** The pod was refused by these plugins. */
  park(key: string, priority: number, plugins: ReadonlySet<string>): void;
  /** Wakes what the change may help. Says whether there is any. */
  wake(change: ClusterChange): boolean;
  /** After how long some pod may be tried, in milliseconds; undefined when all wait for a change. */
  nextInMs(): number | undefined;
}

interface Entry {
  readonly priority: number;
  attempts: number;
  lastAttemptMs: number;
  plugins: ReadonlySet<string>;
  state: 'active' | 'resting' | 'parked';
  readyAtMs: number;
}

const firstBackOffMs = 1_000;
const longestBackOffMs = 10_000;
/** Without any change a parked pod is tried again after this time, in case something was overlooked. */
const parkedMs = 300_000;

const helpedBy: Readonly<Record<ClusterChange, ReadonlySet<string>>> = {
  node: new Set([
    'NodeUnschedulable',
    'TaintToleration',
    'NodeAffinity',
    'NodePorts',
    'NodeResourcesFit',
    'VolumeBinding',
    'PodTopologySpread',
    'InterPodAffinity',
    'NoNodes',
  ]),
  'pod-gone': new Set([
    'NodePorts',
    'NodeResourcesFit',
    'PodTopologySpread',
    'InterPodAffinity',
    'VolumeBinding',
    'VolumeRestrictions',
  ]),
  'pod-placed': new Set(['PodTopologySpread', 'InterPodAffinity']),
  volume: new Set(['VolumeBinding', 'VolumeRestrictions']),
  namespace: new Set(['InterPodAffinity']),
};

export function createSchedulingQueue(now: () => number): SchedulingQueue {
  const entries = new Map<string, Entry>();
  const active = new Map<number, Set<string>>();
  const resting = new Set<string>();
  const parked = new Set<string>();

  function leave(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    active.get(entry.priority)?.delete(key);
    resting.delete(key);
    parked.delete(key);
    return entry;
  }

  function activate(key: string, entry: Entry): void {
    leave(key);
    entry.state = 'active';
    const bucket = active.get(entry.priority) ?? new Set<string>();
    active.set(entry.priority, bucket.add(key));
  }

  function rest(key: string, entry: Entry): void {
    leave(key);
    entry.state = 'resting';
    entry.readyAtMs = entry.lastAttemptMs + backOffMs(entry.attempts);
    resting.add(key);
  }

  function wakeDue(): void {
    for (const key of resting) {
      const entry = entries.get(key);
      if (entry !== undefined && entry.readyAtMs <= now()) activate(key, entry);
    }
    // Parked pods are in the order of their last attempts.
    for (const key of parked) {
      const entry = entries.get(key);
      if (entry === undefined || entry.lastAttemptMs + parkedMs > now()) break;
      activate(key, entry);
    }
  }

  return {
    add(key, priority) {
      const known = leave(key);
      const entry: Entry = {
        priority,
        attempts: known?.attempts ?? 0,
        lastAttemptMs: known?.lastAttemptMs ?? 0,
        plugins: new Set(),
        state: 'active',
        readyAtMs: 0,
      };
      entries.set(key, entry);
      activate(key, entry);
    },
    remove(key) {
      leave(key);
      entries.delete(key);
    },
    pop() {
      wakeDue();
      for (const priority of [...active.keys()].sort((left, right) => right - left)) {
        const bucket = active.get(priority);
        const key = bucket?.values().next().value;
        if (bucket === undefined || key === undefined) {
          active.delete(priority);
          continue;
        }
        bucket.delete(key);
        return key;
      }
      return undefined;
    },
    park(key, priority, plugins) {
      const known = leave(key);
      entries.set(key, {
        priority,
        attempts: (known?.attempts ?? 0) + 1,
        lastAttemptMs: now(),
        plugins,
        state: 'parked',
        readyAtMs: 0,
      });
      parked.add(key);
    },
    wake(change) {
      let isAny = false;
      for (const key of parked) {
        const entry = entries.get(key);
        if (entry === undefined || ![...entry.plugins].some((plugin) => helpedBy[change].has(plugin))) continue;
        rest(key, entry);
        isAny = true;
      }
      return isAny;
    },
    nextInMs() {
      if ([...active.values()].some((bucket) => bucket.size > 0)) return 0;
      let next = Number.POSITIVE_INFINITY;
      for (const key of resting) next = Math.min(next, entries.get(key)?.readyAtMs ?? next);
      const oldest = entries.get(parked.values().next().value ?? '');
      if (oldest !== undefined) next = Math.min(next, oldest.lastAttemptMs + parkedMs);
      return Number.isFinite(next) ? Math.max(0, next - now()) : undefined;
    },
  };
}

function backOffMs(attempts: number): number {
  return Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(Math.max(0, attempts - 1), 10));
}
