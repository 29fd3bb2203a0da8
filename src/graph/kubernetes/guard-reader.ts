import type { Access } from '../../access/access.ts';
import type { ClusterReader, ListOptions, MaybePromise, ObjectList } from '../../kube/cluster-reader.ts';
import { type KindRef, subjectOf } from '../../kube/kind-ref.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import { mapMaybe } from '../map-maybe.ts';

/**
 * A cluster as one caller sees it: what it may not read is not there. Every resolver reads through this, so that no
 * road to an object can forget the question.
 */
export function guardReader(reader: ClusterReader, access: Access): ClusterReader {
  const visible = <T>(objects: readonly KubeObject<T>[]): readonly KubeObject<T>[] =>
    objects.every((object) => access.allowed('READ', object))
      ? objects
      : objects.filter((object) => access.allowed('READ', object));

  return {
    cluster: reader.cluster,
    get(kind, namespace, name) {
      if (!access.mayEver('READ', subjectOf(kind))) return undefined;
      return mapMaybe(reader.get(kind, namespace, name), (object) =>
        object && access.allowed('READ', object) ? object : undefined,
      );
    },
    list: (kind, options) => listVisible(reader, access, kind, options),
    byOwner(kind, uid) {
      return access.mayEver('READ', subjectOf(kind)) ? mapMaybe(reader.byOwner(kind, uid), visible) : [];
    },
    byIndex(kind, index, key) {
      return access.mayEver('READ', subjectOf(kind)) ? mapMaybe(reader.byIndex(kind, index, key), visible) : [];
    },
  };
}

const nothing = { items: [], problems: [] };

/** The rights are compiled once per list; rights on namespaces become a narrower question to the cluster. */
function listVisible<T>(
  reader: ClusterReader,
  access: Access,
  kind: KindRef<T>,
  options: ListOptions | undefined,
): MaybePromise<ObjectList<T>> {
  const filter = access.readFilter(subjectOf(kind), reader.cluster);
  if (filter === 'none') return nothing;
  if (filter === 'all') return reader.list(kind, options);
  if ('namespaces' in filter) {
    // What lies in no namespace lies in none of the caller's; asked for by namespace, a cluster would show all of it.
    if (!kind.isNamespaced) return nothing;
    const asked = options?.namespaces;
    const namespaces = asked ? asked.filter((name) => filter.namespaces.has(name)) : [...filter.namespaces];
    return namespaces.length === 0 ? nothing : reader.list(kind, { ...options, namespaces });
  }
  return mapMaybe(reader.list(kind, options), (list) => ({
    ...list,
    items: list.items.filter((object) => filter.test(object)),
  }));
}
