import { shareEqual } from '../decode/share-equal.ts';
import type { KubeObject } from '../kube-object.ts';

/** Lets fresh objects of one kind hold what equal ones hold already: pods of one owner differ in little. */
export interface Sharing {
  /** Nobody else may hold the object yet. `known` is an earlier version of it, or one of the same owner, if there is one. */
  share(fresh: KubeObject, known: KubeObject | undefined): void;
}

/**
 * What is shared is frozen. Objects of an owner take from the first one of it that came by; at most `maxOwners` of these
 * are remembered, and nobody holds them longer than this: make one for each list.
 */
export function createSharing(maxOwners = 10_000): Sharing {
  const firstOfOwner = new Map<string, KubeObject>();
  let latest: KubeObject | undefined;

  return {
    share(fresh, known) {
      const owner = fresh.metadata.ownerReferences?.[0]?.uid ?? '';
      const reference = known ?? firstOfOwner.get(owner) ?? latest;
      if (reference !== undefined) {
        freezeParts(reference);
        shareEqual(fresh, reference);
      }
      latest = fresh;
      if (owner === '' || firstOfOwner.has(owner)) return;
      firstOfOwner.set(owner, fresh);
      if (firstOfOwner.size <= maxOwners) return;
      const [oldest] = firstOfOwner.keys();
      if (oldest !== undefined) firstOfOwner.delete(oldest);
    },
  };
}

const frozen = new WeakSet<KubeObject>();

/** Everything that two objects can share: each has metadata of its own. */
function freezeParts(object: KubeObject): void {
  if (frozen.has(object)) return;
  frozen.add(object);
  for (const part of Object.values(object)) if (part !== object.metadata) freezeAll(part);
  for (const part of Object.values(object.metadata)) freezeAll(part);
}

function freezeAll(value: unknown): void {
  // What is frozen was frozen here, with all that it holds.
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freezeAll(part);
}
