import type { NamespaceBinding } from '../../../api.ts';

/** The loop that writes quotas to clusters. */
export const quotaReconcilerName = 'core.namespaceQuotas';

type Place = Pick<NamespaceBinding, 'cluster' | 'namespace'>;

/** `cluster namespace`; a cluster's name may have spaces, a namespace's has none. */
export const quotaKeyOf = ({ cluster, namespace }: Place): string => `${cluster} ${namespace}`;

export function placeOfQuotaKey(key: string): Place {
  const at = key.lastIndexOf(' ');
  return { cluster: key.slice(0, at), namespace: key.slice(at + 1) };
}
