import type { FeedEvent } from '../kube/kind-feed.ts';
import type { KubeObject } from '../kube/kube-object.ts';

/** What a change of an object means to somebody who sees only some objects. */
export interface ObjectChange<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** For DELETED the last state that could be seen. */
  readonly object: KubeObject<T>;
  /** For MODIFIED the state that was seen before, where that is known. */
  readonly previous?: KubeObject<T> | undefined;
}

/**
 * A change as a filter sees it: an object that enters arrives as ADDED, one that leaves as DELETED in the last state
 * that matched (never the one that no longer does). Pure; nothing where it was outside and stays outside.
 */
export function decideObjectChanges<T>(
  event: FeedEvent<T>,
  matches: (object: KubeObject<T>) => boolean,
): readonly ObjectChange<T>[] {
  const before = event.previous ?? (event.type === 'DELETED' ? event.object : undefined);
  const was = before !== undefined && matches(before);
  const is = event.type !== 'DELETED' && matches(event.object);

  if (!was) return is ? [{ type: 'ADDED', object: event.object }] : [];
  if (!is) {
    const isLastStateVisible = event.type === 'DELETED' && matches(event.object);
    return [{ type: 'DELETED', object: isLastStateVisible ? event.object : before }];
  }
  if (before.metadata.uid === event.object.metadata.uid)
    return [{ type: 'MODIFIED', object: event.object, previous: before }];
  // Same name, another object: the old one is gone, though nobody saw it go.
  return [
    { type: 'DELETED', object: before },
    { type: 'ADDED', object: event.object },
  ];
}
