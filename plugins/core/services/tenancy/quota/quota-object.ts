import type { V1ResourceQuota } from '@kubernetes/client-node';
import type { NamespaceBinding, Quota, ResourceQuotaObject } from '../../../api.ts';
import { quotaItemNames, quotaItems } from './quota-items.ts';

/** Name of the ResourceQuota by which a namespace's quota stands in its cluster. */
export const quotaObjectName = 'longshore';

/** The ResourceQuota that a namespace shall have. */
export function toQuotaObject(
  { namespace }: Pick<NamespaceBinding, 'namespace'>,
  quota: Quota,
): V1ResourceQuota & { readonly kind: string } {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: quotaObjectName, namespace, labels: { 'app.kubernetes.io/managed-by': 'longshore' } },
    spec: {
      hard: Object.fromEntries(
        quotaItemNames.flatMap((item) => {
          const max = quota[item];
          return max === undefined ? [] : [[quotaItems[item].resource, max]];
        }),
      ),
    },
  };
}

/** What the cluster holds the namespace to. */
export const enforcedQuota = (object: ResourceQuotaObject): Quota => toQuota(object.spec?.hard);

/** What is used of it, as the cluster counts. */
export const usedQuota = (object: ResourceQuotaObject): Quota => toQuota(object.status?.used);

function toQuota(amounts: Readonly<Record<string, string>> = {}): Quota {
  return Object.fromEntries(
    quotaItemNames.flatMap((item) => {
      const amount = amounts[quotaItems[item].resource];
      return amount === undefined ? [] : [[item, amount]];
    }),
  );
}
