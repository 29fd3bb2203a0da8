import type { NamespaceBinding, Quota, ResourceQuotaObject } from '../../../api.ts';
import { quotaItems } from './quota-items.ts';
import { usedQuota } from './quota-object.ts';
import { findExcess } from './quota-sums.ts';

/**
 * What a namespace uses more of than it may, in words. A quota below use is no error: Kubernetes takes it, leaves what runs, and lets
 * nothing new in until there is room. Only what the cluster counts already, by whatever ResourceQuota, is known. Pure.
 */
export function sayOverQuota(
  { namespace }: Pick<NamespaceBinding, 'namespace'>,
  quota: Quota,
  objects: readonly ResourceQuotaObject[],
): readonly string[] {
  const found = new Map<string, string>();
  for (const object of objects) {
    // One with scopes counts some pods only: no more than there are.
    for (const { item, max, given } of findExcess(quota, [usedQuota(object)])) {
      if (found.has(item)) continue;
      found.set(
        item,
        `Namespace '${namespace}' uses ${given} of ${quotaItems[item].words} already and may use ${max}: what is there stays, and nothing more is let in until there is room.`,
      );
    }
  }
  return [...found.values()];
}
