import { compareVersions } from '../compare-versions.ts';
import { keyOf } from '../key-of.ts';
import type { FeedEvent, KindFeed } from '../kind-feed.ts';
import type { KubeObject } from '../kube-object.ts';
import type { FakeStore } from './fake-store.ts';

/** What a follower makes of a feed: objects by key, and everything that should never happen on the way. */
export interface FoldedFeed {
  readonly objects: Map<string, KubeObject<unknown>>;
  readonly events: FeedEvent<unknown>[];
  /** Sentences about phantoms, lost deletions and positions out of order. */
  readonly faults: string[];
  /** `key uid version` of everything, sorted. */
  state(): string[];
}

export function foldFeed<T>(feed: Pick<KindFeed<T>, 'snapshot' | 'onEvent'>): FoldedFeed {
  const objects = new Map<string, KubeObject<unknown>>();
  const events: FeedEvent<unknown>[] = [];
  const faults: string[] = [];
  const snapshot = feed.snapshot();
  let position = snapshot.position;
  for (const object of snapshot.items) objects.set(keyOf(object), object);
  feed.onEvent((event) => {
    events.push(event as FeedEvent<unknown>);
    const key = keyOf(event.object);
    const known = objects.get(key);
    if (position !== '' && (compareVersions(event.position, position) ?? 0) < 0)
      faults.push(`${key}: position ${event.position} after ${position}`);
    position = event.position;
    if (event.type === 'ADDED' && known !== undefined) faults.push(`${key}: added twice`);
    if (event.type !== 'ADDED' && known === undefined) faults.push(`${key}: ${event.type} of nothing`);
    if (event.type === 'MODIFIED' && known?.metadata.uid !== event.object.metadata.uid)
      faults.push(`${key}: changed its uid`);
    const isOlder =
      known !== undefined &&
      (compareVersions(event.object.metadata.resourceVersion, known.metadata.resourceVersion) ?? 0) < 0;
    if (isOlder) faults.push(`${key}: went back to version ${event.object.metadata.resourceVersion}`);
    if (event.previous !== known) faults.push(`${key}: previous is not what was delivered before`);
    if (event.type === 'DELETED') objects.delete(key);
    else objects.set(key, event.object);
  });
  return { objects, events, faults, state: () => [...objects.values()].map(describe).sort() };
}

/** The same of a fake cluster. */
export function stateOf(store: FakeStore, plural: string): string[] {
  return store.list(plural).map(describe).sort();
}

function describe(object: {
  readonly metadata: {
    readonly namespace?: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
}): string {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return `${namespace ?? ''}/${name} ${uid} ${resourceVersion}`;
}
