import type { NamespaceBinding } from '../../api.ts';

/** The loop that forgets namespaces which were deleted. */
export const deletedNamespacesName = 'core.deletedNamespaces';

/** A namespace that was deleted, and when (UTC ms). */
interface DeletedNamespace extends Pick<NamespaceBinding, 'cluster' | 'namespace'> {
  /** What tells it from a later one of its name; when that was made is told by the cluster's clock, not by ours. */
  readonly uid: string;
  readonly atMs: number;
}

/** `cluster namespace uid milliseconds`; a cluster's name comes first, since it may have spaces. */
export const deletionKeyOf = ({ cluster, namespace, uid, atMs }: DeletedNamespace): string =>
  `${cluster} ${namespace} ${uid} ${atMs}`;

export function parseDeletionKey(key: string): DeletedNamespace {
  const parts = key.split(' ');
  return {
    cluster: parts.slice(0, -3).join(' '),
    namespace: parts.at(-3) ?? '',
    uid: parts.at(-2) ?? '',
    atMs: Number(parts.at(-1)),
  };
}
