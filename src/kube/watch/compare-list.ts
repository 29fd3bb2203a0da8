import type { LoopSlices } from '../../kernel/loop-slices.ts';
import { compareVersions } from '../compare-versions.ts';
import { keyOf } from '../key-of.ts';
import type { KubeObject } from '../kube-object.ts';
import type { StoreChange } from './feed-queue.ts';
import type { ObjectStore } from './object-store.ts';
import { sortInSlices } from './sort-in-slices.ts';

interface Ordered {
  readonly change: StoreChange;
  /** Its version as a number, where it is one that a number can hold. */
  readonly number: number | undefined;
}

/**
 * What a complete list changes of a store, in slices: first what changed, in the order in which it changed; then what is
 * gone; then what came again under an old name.
 */
export async function compareList(options: {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly store: ObjectStore;
  /** What the list speaks about: all, or one namespace. */
  readonly known: readonly KubeObject[];
  readonly slices: LoopSlices;
}): Promise<readonly StoreChange[]> {
  const { items, resourceVersion: version, store, known, slices } = options;
  const changed: Ordered[] = [];
  const gone: StoreChange[] = [];
  const recreated: StoreChange[] = [];
  const listed = new Set<string>();
  for (const object of items) {
    const key = keyOf(object);
    listed.add(key);
    const previous = store.get(key);
    if (previous === undefined) changed.push(ordered({ type: 'ADDED', object, previous, version: versionOf(object) }));
    else if (previous.metadata.uid !== object.metadata.uid) {
      recreated.push({ type: 'DELETED', object: previous, previous, version });
      recreated.push({ type: 'ADDED', object, previous: undefined, version });
    } else if (versionOf(previous) !== versionOf(object))
      changed.push(ordered({ type: 'MODIFIED', object, previous, version: versionOf(object) }));
    if (slices.isSpent()) await slices.next();
  }
  for (const previous of known) {
    if (!listed.has(keyOf(previous))) gone.push({ type: 'DELETED', object: previous, previous, version });
    if (slices.isSpent()) await slices.next();
  }
  const inOrder = await sortInSlices(changed, byVersion, slices);
  return [...inOrder.map(({ change }) => change), ...gone, ...recreated];
}

function versionOf(object: KubeObject): string {
  return object.metadata.resourceVersion;
}

function ordered(change: StoreChange): Ordered {
  const isNumber = change.version.length <= 15 && /^[0-9]+$/.test(change.version);
  return { change, number: isNumber ? Number(change.version) : undefined };
}

function byVersion(a: Ordered, b: Ordered): number {
  if (a.number !== undefined && b.number !== undefined) return a.number - b.number;
  return compareVersions(a.change.version, b.change.version) ?? 0;
}
