import { type ClusterReader, type DeclaredKind, type KindRef, type KubeObject, origin, subjectOf } from 'longshore/sdk';
import { storagePlugin } from '../plugin.ts';

type Stored = Pick<KubeObject, 'metadata' | typeof origin>;

/** A reader over given objects, with the indexes that the plugin declares: as of cached kinds, values at once. */
export function readerOf(
  objects: readonly Stored[],
  kinds: readonly DeclaredKind[] = storagePlugin.kinds ?? [],
): ClusterReader {
  const all = <T>(kind: KindRef<T>): KubeObject<T>[] =>
    objects.filter((object) => subjectOf(object[origin]) === subjectOf(kind)) as unknown as KubeObject<T>[];
  return {
    cluster: 'c1',
    get: (kind, namespace, name) =>
      all(kind).find(({ metadata }) => metadata.name === name && metadata.namespace === namespace),
    list: (kind) => ({ items: all(kind), problems: [] }),
    byOwner: (kind, uid) =>
      all(kind).filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid)),
    byIndex(kind, index, key) {
      const keysOf = kinds.find((declared) => subjectOf(declared.kind) === subjectOf(kind) && declared.indexes?.[index])
        ?.indexes?.[index];
      if (!keysOf) throw new Error(`${kind.kind} has no index '${index}'`);
      return all(kind).filter((object) => keysOf(object as KubeObject).includes(key));
    },
  };
}
