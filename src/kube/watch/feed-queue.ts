import type { Logger } from '../../kernel/logger.ts';
import type { LoopSlices } from '../../kernel/loop-slices.ts';
import { laterVersion } from '../compare-versions.ts';
import { keyOf } from '../key-of.ts';
import type { FeedEvent } from '../kind-feed.ts';
import type { KubeObject } from '../kube-object.ts';

export interface StoreChange {
  readonly type: FeedEvent<unknown>['type'];
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  /** The resourceVersion at which it happened. */
  readonly version: string;
}

/** Changes that were told are cut off the queue in bulk. */
const keptInQueue = 1_000;

/**
 * Tells followers of changes of a store, in order. One change is told at once; of many, followers hear in slices of the
 * event loop, and until they have heard all, `snapshot` shows what they have heard, not what the store has.
 */
export interface FeedQueue {
  /** Of the last change that was told, or up to where nothing happened. Never goes back. */
  readonly position: string;
  /** Nothing happened up to this version. */
  advance(version: string): void;
  /** The store has these changes already. */
  tell(changes: readonly StoreChange[]): void;
  /** Resolves when followers have heard of everything up to now. */
  whenTold(): Promise<void>;
  snapshot(): { readonly items: readonly KubeObject[]; readonly position: string };
  onEvent(listener: (event: FeedEvent<unknown>) => void): () => void;
}

export function createFeedQueue(options: {
  /** Everything in the store. */
  readonly stored: () => readonly KubeObject[];
  readonly slices: LoopSlices;
  readonly logger: Logger;
}): FeedQueue {
  const { stored, slices, logger } = options;
  const listeners = new Set<(event: FeedEvent<unknown>) => void>();
  /** Never goes back, also when the cluster was restored from an older backup. */
  let position = '';
  let queue: StoreChange[] = [];
  /** How many of the queue followers have heard of, and how many changes were cut off the queue before. */
  let told = 0;
  let cut = 0;
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let isTelling = false;
  /** The rest is told in later turns. */
  let isPutOff = false;
  /** What followers know, while that is not what the store has and somebody asked. */
  let lagging: Map<string, KubeObject> | undefined;

  function advance(version: string): void {
    if (version !== '') position = position === '' ? version : laterVersion(position, version);
  }

  function tellNext(change: StoreChange): void {
    told += 1;
    advance(change.version);
    const { type, object, previous } = change;
    if (type === 'DELETED') lagging?.delete(keyOf(object));
    else lagging?.set(keyOf(object), object);
    const event = { type, object, previous, position };
    for (const listener of [...listeners]) {
      try {
        listener(event);
      } catch (error) {
        logger.error({ err: error, kind: object.kind }, 'a follower of a watch threw; the others go on');
      }
    }
    while (waiting[0] !== undefined && waiting[0].count <= cut + told) waiting.shift()?.resolve();
  }

  /** Tells what a slice allows; true where nothing is left. */
  function tellSome(): boolean {
    isTelling = true;
    for (let change = queue[told]; change !== undefined; change = queue[told]) {
      tellNext(change);
      if (told < queue.length && slices.isSpent()) break;
    }
    isTelling = false;
    const isDone = told === queue.length;
    if (isDone) lagging = undefined;
    if (isDone || told > keptInQueue) {
      queue = queue.slice(told);
      cut += told;
      told = 0;
    }
    return isDone;
  }

  async function tellRest(): Promise<void> {
    do await slices.next();
    while (!tellSome());
    isPutOff = false;
  }

  /** The store with everything undone that was not told yet. */
  function untold(): Map<string, KubeObject> {
    const objects = new Map(stored().map((object) => [keyOf(object), object]));
    for (let at = queue.length - 1; at >= told; at -= 1) {
      const change = queue[at];
      if (change === undefined) continue;
      const key = keyOf(change.object);
      if (change.previous === undefined) objects.delete(key);
      else objects.set(key, change.previous);
    }
    return objects;
  }

  return {
    get position() {
      return position;
    },
    advance,
    tell(changes) {
      for (const change of changes) queue.push(change);
      // What a follower causes while it hears is told behind what the others must hear first.
      if (isTelling || isPutOff || tellSome()) return;
      isPutOff = true;
      tellRest().catch((error: unknown) => logger.error({ err: error }, 'kube.feed: followers could not be told'));
    },
    whenTold() {
      if (queue.length === 0) return Promise.resolve();
      const count = cut + queue.length;
      return new Promise((resolve) => waiting.push({ count, resolve }));
    },
    snapshot() {
      if (queue.length === 0) return { items: stored(), position };
      lagging ??= untold();
      return { items: [...lagging.values()], position };
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
