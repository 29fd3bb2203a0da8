import type { Principal } from '../../kernel/principal.ts';
import { kindKey } from '../is-kind.ts';
import { objectKey } from '../key-of.ts';
import type { KindRef } from '../kind-ref.ts';
import type { Watches } from '../watch/create-watches.ts';

/** One write that its author must see in the next read. */
export interface OwnWrite {
  readonly kind: KindRef;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: string;
  /** Undefined after a delete: then the cache must have lost this uid. */
  readonly resourceVersion: string | undefined;
}

/** Who wrote; another replica knows no more of them. */
export type Writer = Pick<Principal, 'id'>;

/** Keeps the promise that one's own write is visible in one's next read, also while the cache lags. */
export interface OwnWrites {
  /**
   * Tells the other replicas, and waits up to 2 s for the cache; where it lags longer, remembers that this principal must
   * read around it.
   */
  settle(principal: Principal, write: OwnWrite): Promise<void>;
  /** A write that another replica made for this principal: reads go around the cache until it has it. */
  expect(principal: Writer, write: OwnWrite): void;
  /** Objects of this kind that the principal must read live; forgets those the cache has seen meanwhile. */
  behind(principal: Principal, kind: KindRef): readonly OwnWrite[];
  /** Grows with each write: what a request remembers from before is old. */
  readonly count: number;
}

const barrierMs = 2_000;
const maxRemembered = 10_000;

export function createOwnWrites(
  watches: Pick<Watches, 'find'>,
  tellOthers: (principal: Principal, write: OwnWrite) => Promise<void>,
): OwnWrites {
  /** By principal and kind, then by object. */
  const remembered = new Map<string, Map<string, OwnWrite>>();
  let size = 0;
  let count = 0;

  const ownerKey = (principal: Writer, kind: KindRef) => `${kindKey(kind)} ${principal.id}`;

  function hasSeen(write: OwnWrite): boolean {
    const watch = watches.find(write.kind);
    // A kind that is not cached is read live anyway.
    if (watch?.syncedAt === undefined) return true;
    return watch.cache.hasSeen(objectKey(write.namespace, write.name), write.uid, write.resourceVersion);
  }

  function forget(owner: string, key: string): void {
    const writes = remembered.get(owner);
    if (!writes?.delete(key)) return;
    size -= 1;
    if (writes.size === 0) remembered.delete(owner);
  }

  function remember(principal: Writer, write: OwnWrite): void {
    count += 1;
    if (size >= maxRemembered) {
      const [owner, writes] = remembered.entries().next().value ?? [];
      if (owner !== undefined && writes !== undefined) for (const key of [...writes.keys()]) forget(owner, key);
    }
    const owner = ownerKey(principal, write.kind);
    const writes = remembered.get(owner) ?? new Map<string, OwnWrite>();
    remembered.set(owner, writes);
    const key = objectKey(write.namespace, write.name);
    if (!writes.has(key)) size += 1;
    writes.set(key, write);
  }

  async function waitForCache(write: OwnWrite): Promise<boolean> {
    const watch = watches.find(write.kind);
    if (watch?.syncedAt !== undefined && watch.state === 'LIVE') {
      const key = objectKey(write.namespace, write.name);
      await watch.cache.waitUntilSeen(key, write.uid, write.resourceVersion, barrierMs);
    }
    return hasSeen(write);
  }

  function behind(principal: Writer, kind: KindRef): readonly OwnWrite[] {
    // Mostly nobody waits for anything, and this is asked for every message of every stream.
    if (size === 0) return [];
    const owner = ownerKey(principal, kind);
    const writes = remembered.get(owner);
    if (writes === undefined) return [];
    for (const [key, write] of [...writes]) if (hasSeen(write)) forget(owner, key);
    return [...(remembered.get(owner)?.values() ?? [])];
  }

  return {
    async settle(principal, write) {
      count += 1;
      const [isSeen] = await Promise.all([waitForCache(write), tellOthers(principal, write)]);
      if (!isSeen) remember(principal, write);
    },
    expect(principal, write) {
      if (hasSeen(write)) return;
      remember(principal, write);
      // Most never come to read here: what the cache has by then is forgotten without them.
      void waitForCache(write).then(() => behind(principal, write.kind));
    },
    behind,
    get count() {
      return count;
    },
  };
}
