/** What can be merged: changes of things that have an identity. */
export interface MergeableChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** Identity of the thing within the stream. */
  readonly key: string;
}

/**
 * One change per thing that leads to the same state, at the place of its last one, so that every position passed is
 * still true. A thing that came and went is still reported gone: harmless to who never saw it.
 */
export function mergeChanges<C extends MergeableChange>(
  changes: readonly C[],
  /** The last of several, with the type that they have together; `first` is the earliest of them. */
  merge: (last: C, first: C, type: C['type']) => C,
): readonly C[] {
  const firsts = new Map<string, C>();
  const last = new Map<string, C>();
  for (const change of changes) {
    if (!firsts.has(change.key)) firsts.set(change.key, change);
    last.delete(change.key);
    last.set(change.key, change);
  }
  return [...last.values()].map((change) => {
    const first = firsts.get(change.key) ?? change;
    if (change.type === 'DELETED' || first === change) return change;
    return merge(change, first, first.type === 'ADDED' ? 'ADDED' : 'MODIFIED');
  });
}
