import { parseQuantity } from 'longshore/sdk';
import type { Quota, ResourceQuotaObject } from '../api.ts';
import { toQuotaObject } from '../services/tenancy/quota/quota-object.ts';

/** What the loop saw of one namespace. */
export interface SeenNamespaceQuota {
  readonly namespace: 'there' | 'gone' | 'terminating';
  /** What it may use; undefined where nothing is limited. */
  readonly wanted: Quota | undefined;
  /** The ResourceQuota that bears our name, whoever made it. */
  readonly found: ResourceQuotaObject | undefined;
}

export type NamespaceQuotaStep = 'nothing' | 'apply' | 'delete';

/** What is wanted is written, also over what others have made of it; only what is ours is ever taken away. */
export function decideNamespaceQuota({ namespace, wanted, found }: SeenNamespaceQuota): NamespaceQuotaStep {
  if (namespace !== 'there') return 'nothing';
  if (wanted === undefined) {
    return found?.metadata.labels?.['app.kubernetes.io/managed-by'] === 'longshore' ? 'delete' : 'nothing';
  }
  if (!found) return 'apply';
  const { hard = {} } = toQuotaObject({ namespace: '' }, wanted).spec ?? {};
  return isSame(hard, found.spec?.hard ?? {}) ? 'nothing' : 'apply';
}

function isSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => canonicalOf(one[key]) === canonicalOf(other[key]) && other[key] !== undefined)
  );
}

const canonicalOf = (amount: string | undefined): number | undefined => parseQuantity(amount ?? '')?.value;
