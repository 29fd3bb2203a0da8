import type { DeclaredKind } from '../declared-kind.ts';
import { kindKey } from '../is-kind.ts';
import type { KindFeed } from '../kind-feed.ts';
import type { KindRef } from '../kind-ref.ts';
import { createKindFeed } from './create-kind-feed.ts';
import { createKindWatch, type KindWatch, type KindWatchOptions } from './kind-watch.ts';
import { mergeDeclared } from './merge-declared.ts';
import { nextChange } from './next-change.ts';

/** All watches of one cluster. */
export interface Watches {
  /** The watch from whose cache reads of this kind are answered; undefined where they must ask the cluster. */
  cached(kind: KindRef): KindWatch | undefined;
  /** The running watch of a kind, whether or not it answers reads. */
  find(kind: KindRef): KindWatch | undefined;
  /** Follows the watch of a kind; it is started where nobody holds it yet. */
  hold<T>(kind: KindRef<T>): KindFeed<T>;
  readonly all: Iterable<KindWatch>;
  /** Starts the declared kinds, one shortly after the other. */
  startDeclared(signal: AbortSignal): Promise<void>;
  /** Called after the state of any watch changed. */
  onStateChange(listener: () => void): () => void;
  stop(): void;
}

interface Entry {
  readonly watch: KindWatch;
  readonly isDeclared: boolean;
  holders: number;
  cancelStop: (() => void) | undefined;
}

const keepMs = 60_000;
const staggerMs = 25;

export function createWatches(
  options: Omit<KindWatchOptions, 'kind' | 'indexes'> & { readonly kinds: readonly DeclaredKind[] },
): Watches {
  const { clock, served, transport, random } = options;
  const entries = new Map<string, Entry>();
  const stateListeners = new Set<() => void>();

  function add(kind: KindRef, isDeclared: boolean, indexes?: KindWatchOptions['indexes']): Entry {
    const watch = createKindWatch({ ...options, kind, indexes });
    watch.onStateChange(() => {
      for (const listener of stateListeners) listener();
    });
    const entry: Entry = { watch, isDeclared, holders: 0, cancelStop: undefined };
    entries.set(kindKey(kind), entry);
    return entry;
  }

  function release(entry: Entry): void {
    entry.holders -= 1;
    if (entry.holders > 0 || entry.isDeclared) return;
    entry.cancelStop = clock.schedule(keepMs, () => {
      entries.delete(kindKey(entry.watch.kind));
      entry.watch.stop();
    });
  }

  for (const { kind, indexes } of mergeDeclared(options.kinds)) add(kind, true, indexes);

  return {
    cached(kind) {
      const entry = entries.get(kindKey(kind));
      if (entry === undefined) return undefined;
      if (!entry.isDeclared) return entry.watch.syncedAt === undefined ? undefined : entry.watch;
      if (!served.isWatchable(kind)) return undefined;
      entry.watch.start();
      return entry.watch;
    },
    find: (kind) => entries.get(kindKey(kind))?.watch,
    hold(kind) {
      const entry = entries.get(kindKey(kind)) ?? add(kind, false);
      entry.holders += 1;
      entry.cancelStop?.();
      entry.cancelStop = undefined;
      entry.watch.start();
      return createKindFeed(transport.cluster, entry.watch, () => release(entry));
    },
    get all() {
      return [...entries.values()].map((entry) => entry.watch);
    },
    async startDeclared(signal) {
      for (const entry of [...entries.values()]) {
        if (signal.aborted) return;
        if (!entry.isDeclared) continue;
        entry.watch.start();
        await nextChange({ sources: [], signal, clock, timeoutMs: staggerMs * (0.5 + random()) });
      }
    },
    onStateChange(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    stop() {
      for (const entry of entries.values()) {
        entry.cancelStop?.();
        entry.watch.stop();
      }
      entries.clear();
    },
  };
}
