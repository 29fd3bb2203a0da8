import type { FeedEvent, KindFeed } from '../../kube/kind-feed.ts';
import { type KindRef, kindRef } from '../../kube/kind-ref.ts';
import { type KubeObject, origin } from '../../kube/kube-object.ts';
import type { FollowedCluster } from '../create-kind-hub.ts';

export interface FakePod {
  readonly spec?: { readonly node: string };
}

export const podKind: KindRef<FakePod> = kindRef<FakePod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  isNamespaced: true,
});

/** A cluster that serves pods and does what a test says. */
export interface FakeCluster extends FollowedCluster {
  /** Creates or replaces a pod; a new name is a new uid. */
  put(name: string, labels?: Readonly<Record<string, string>>, namespace?: string): KubeObject<FakePod>;
  remove(name: string, namespace?: string): void;
  /** Removes several as a relist would find it: all deletions at one position. */
  removeUnseen(names: readonly string[], namespace?: string): void;
  /** A list after an interruption: what was heard before and after it is not one history. */
  relist(): void;
  /** Forgets its history: what was before now can only be listed. */
  compact(): void;
  /** The first list completes. */
  answer(): void;
  /** The first list fails for who waits for it. */
  fail(error: Error): void;
  serving: boolean;
  readonly pods: ReadonlyMap<string, KubeObject<FakePod>>;
  /** Feeds that somebody holds. */
  readonly held: number;
  readonly feedsGiven: number;
  readonly listeners: number;
  readonly position: number;
}

export function createFakeCluster(
  name: string,
  options: { readonly isReady?: boolean; readonly uidsFrom?: number } = {},
): FakeCluster {
  const pods = new Map<string, KubeObject<FakePod>>();
  const listeners = new Set<{ call(event: FeedEvent<FakePod>): void }>();
  let waiters: { resolve(): void; reject(error: Error): void }[] = [];
  let isReady = options.isReady ?? true;
  let position = 100;
  let continuousSince = '100';
  let history: KubeObject<FakePod>[] = [];
  let compactedAt = 0;
  let uids = options.uidsFrom ?? 0;
  let held = 0;
  let feedsGiven = 0;

  function emit(event: FeedEvent<FakePod>): void {
    for (const listener of [...listeners]) listener.call(event);
  }

  function feed(): KindFeed<FakePod> {
    held += 1;
    feedsGiven += 1;
    let isHeld = true;
    return {
      cluster: name,
      get syncedAt() {
        return isReady ? 1 : undefined;
      },
      staleSince: undefined,
      get continuousSince() {
        return continuousSince;
      },
      snapshot: () => ({ items: pods.values(), position: String(position) }),
      ready: (signal) =>
        isReady
          ? Promise.resolve()
          : new Promise((resolve, reject) => {
              const waiter = { resolve, reject };
              waiters.push(waiter);
              signal?.addEventListener('abort', () => {
                waiters = waiters.filter((other) => other !== waiter);
                reject(new Error('aborted'));
              });
            }),
      onEvent(listener) {
        const entry = { call: listener };
        listeners.add(entry);
        return () => {
          listeners.delete(entry);
        };
      },
      release() {
        if (!isHeld) throw new Error('a feed was released twice');
        isHeld = false;
        held -= 1;
      },
    };
  }

  function take(key: string): void {
    const object = pods.get(key);
    if (!object) return;
    pods.delete(key);
    emit({ type: 'DELETED', object, previous: object, position: String(position) });
  }

  const cluster: FakeCluster = {
    name,
    serving: true,
    serves: () => cluster.serving,
    feed: <T>() => feed() as unknown as KindFeed<T>,
    put(podName, labels = {}, namespace = 'shop') {
      const key = `${namespace}/${podName}`;
      const previous = pods.get(key);
      position += 1;
      if (!previous) uids += 1;
      const object: KubeObject<FakePod> = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: podName,
          namespace,
          uid: previous?.metadata.uid ?? `${name}-${uids}`,
          resourceVersion: String(position),
          creationTimestamp: '2026-01-01T00:00:00Z',
          labels,
        },
        spec: { node: 'n1' },
        [origin]: { cluster: name, group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true },
      };
      pods.set(key, object);
      history.push(object);
      emit({ type: previous ? 'MODIFIED' : 'ADDED', object, previous, position: String(position) });
      return object;
    },
    remove(podName, namespace = 'shop') {
      position += 1;
      take(`${namespace}/${podName}`);
    },
    removeUnseen(names, namespace = 'shop') {
      position += 1;
      for (const podName of names) take(`${namespace}/${podName}`);
    },
    relist() {
      position += 1;
      continuousSince = String(position);
    },
    compact() {
      compactedAt = position;
      history = [];
    },
    statesBetween: async <T>(_kind: KindRef<T>, after: string, until: string) =>
      Number(after) < compactedAt
        ? undefined
        : (history.filter(
            ({ metadata }) =>
              Number(metadata.resourceVersion) > Number(after) && Number(metadata.resourceVersion) <= Number(until),
          ) as unknown as KubeObject<T>[]),
    answer() {
      isReady = true;
      for (const waiter of waiters.splice(0)) waiter.resolve();
    },
    fail(error) {
      for (const waiter of waiters.splice(0)) waiter.reject(error);
    },
    pods,
    get held() {
      return held;
    },
    get feedsGiven() {
      return feedsGiven;
    },
    get listeners() {
      return listeners.size;
    },
    get position() {
      return position;
    },
  };
  return cluster;
}
