import type { NamespaceBinding } from '../../api.ts';

/** The loop that forgets namespaces which were deleted. */
export const deletedNamespacesName = 'core.deletedNamespaces';

/** A namespace that was deleted, and when (UTC ms). */
interface DeletedNamespace extends Pick<NamespaceBinding, 'cluster' | 'namespace'> {
  readonly atMs: number;
}

/** `cluster namespace milliseconds`; a cluster's name comes first, since it may have spaces. */
export const deletionKeyOf = ({ cluster, namespace, atMs }: DeletedNamespace): string =>
  `${cluster} ${namespace} ${atMs}`;

export function parseDeletionKey(key: string): DeletedNamespace {
  const parts = key.split(' ');
  return {
    cluster: parts.slice(0, -2).join(' '),
    namespace: parts.at(-2) ?? '',
    atMs: Number(parts.at(-1)),
  };
}
