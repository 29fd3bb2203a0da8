import { type ClusterReader, type DeclaredKind, type KindRef, type KubeObject, origin, subjectOf } from 'longshore/sdk';
import { computePlugin } from '../../compute/plugin.ts';
import { createFakeReader } from '../../compute/testing/fake-reader.ts';
import { networkPlugin } from '../plugin.ts';

/** A reader over given objects as of cached kinds, with the indexes that the plugins declare for them. */
export function createIndexedReader(cluster: string, objects: readonly KubeObject[]): ClusterReader {
  const declared = [...(computePlugin.kinds ?? []), ...(networkPlugin.kinds ?? [])] as readonly DeclaredKind[];
  return {
    ...createFakeReader(cluster, objects),
    byIndex<T>(kind: KindRef<T>, index: string, key: string) {
      const isKind = (one: DeclaredKind): boolean => subjectOf(one.kind) === subjectOf(kind);
      const keysOf = declared.find((one) => isKind(one) && one.indexes?.[index])?.indexes?.[index];
      if (!keysOf) throw new Error(`${kind.kind} has no index '${index}'`);
      const found = objects.filter(
        (object) =>
          object[origin].cluster === cluster &&
          subjectOf(object[origin]) === subjectOf(kind) &&
          keysOf(object as never).includes(key),
      );
      return found as unknown as readonly KubeObject<T>[];
    },
  };
}
