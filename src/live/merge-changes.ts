/** What can be merged: changes of things that have an identity. */
export interface MergeableChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** Identity of the thing within the stream. */
  readonly key: string;
}

/** The last of several changes of one thing, and what they are together. */
export interface MergedChange<C> {
  readonly last: C;
  readonly first: C;
  readonly type: MergeableChange['type'];
  /**
   * The change behind which a reader of this one may resume: the last before anything began that comes after it in the merged list. Undefined
   * where there is none, so that its reader still stands where it stood.
   */
  readonly resumable: C | undefined;
}

export interface MergeOptions<C> {
  /** Makes one of several. */
  readonly merge: (merged: MergedChange<C>) => C;
  /** Changes with positions of their own: of one lane alone it is known which comes first. */
  readonly laneOf: (change: C) => unknown;
  /** What came and went is told as gone: its reader may have heard that it came. */
  readonly tellsGone?: boolean;
}

/**
 * One change per thing that leads to the same state, at the place of its last one; none of what came and went, as long as nobody may have heard of it. Positions stay
 * true: whoever resumes in the middle may be told a change again, and misses none.
 */
export function mergeChanges<C extends MergeableChange>(
  changes: readonly C[],
  { merge, laneOf, tellsGone = false }: MergeOptions<C>,
): readonly C[] {
  const firsts = new Map<string, number>();
  const lasts = new Map<string, number>();
  const lanes = new Map<unknown, number>();
  /** Place of the change before, in the same lane. */
  const before: (number | undefined)[] = [];
  for (const [index, change] of changes.entries()) {
    if (!firsts.has(change.key)) firsts.set(change.key, index);
    lasts.delete(change.key);
    lasts.set(change.key, index);
    const lane = laneOf(change);
    before.push(lanes.get(lane));
    lanes.set(lane, index);
  }

  const merged: C[] = [];
  /** By lane, where the earliest of what comes later began. */
  const begun = new Map<unknown, number>();
  for (const [key, at] of [...lasts].reverse()) {
    const firstAt = firsts.get(key) ?? at;
    const [first, last] = [changes[firstAt] as C, changes[at] as C];
    if (first.type === 'ADDED' && last.type === 'DELETED' && !tellsGone) continue;
    const lane = laneOf(last);
    const barrier = begun.get(lane);
    begun.set(lane, Math.min(barrier ?? firstAt, firstAt));
    const resumableAt = barrier === undefined ? lanes.get(lane) : before[barrier];
    if (firstAt === at && resumableAt === at) {
      merged.push(last);
      continue;
    }
    const type = last.type === 'DELETED' ? 'DELETED' : first.type === 'ADDED' ? 'ADDED' : 'MODIFIED';
    merged.push(merge({ last, first, type, resumable: resumableAt === undefined ? undefined : changes[resumableAt] }));
  }
  return merged.reverse();
}
