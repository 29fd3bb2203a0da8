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
  withType: (change: C, type: C['type']) => C,
): readonly C[] {
  const isNew = new Map<string, boolean>();
  const last = new Map<string, C>();
  for (const change of changes) {
    if (!isNew.has(change.key)) isNew.set(change.key, change.type === 'ADDED');
    last.delete(change.key);
    last.set(change.key, change);
  }
  return [...last.values()].map((change) => {
    if (change.type === 'DELETED') return change;
    const type = isNew.get(change.key) ? 'ADDED' : 'MODIFIED';
    return type === change.type ? change : withType(change, type);
  });
}
