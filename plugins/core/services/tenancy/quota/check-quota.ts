import { parseQuantity, type ValidationIssue } from 'longshore/sdk';
import type { Quota, QuotaItem } from '../../../api.ts';
import { quotaItemNames, quotaItems } from './quota-items.ts';

/** A quota as callers give it. */
export type QuotaInput = { readonly [Item in QuotaItem]?: string | number | null | undefined };

/** Most that any item may be, in its smallest unit: what a JavaScript number holds. */
const most = 2 ** 53 - 1;

/** What is wrong with amounts: each is a whole number of what is counted, from 0. */
export function checkQuota(
  input: QuotaInput | null | undefined,
  path: readonly (string | number)[],
): readonly ValidationIssue[] {
  return quotaItemNames.flatMap((item): ValidationIssue[] => {
    const given = input?.[item];
    if (given === null || given === undefined) return [];
    const { unit } = quotaItems[item];
    const quantity = parseQuantity(String(given));
    const amount = unit === 'cores' ? quantity?.milliunits : quantity?.units;
    const exact = unit === 'cores' ? (quantity?.value ?? 0) * 1000 : (quantity?.value ?? 0);
    if (amount !== undefined && amount >= 0 && amount <= most && Math.abs(amount - exact) < 1e-6) return [];
    const what = unit === 'cores' ? 'thousandths of a core' : unit === 'bytes' ? 'bytes' : 'things';
    return [
      {
        path: [...path, item],
        code: amount !== undefined && amount < 0 ? 'too_small' : 'invalid_quantity',
        message: `${item} must be a whole number of ${what} from 0, got ${String(given).slice(0, 100)}`,
      },
    ];
  });
}

/** As it is kept; null where nothing is limited. */
export function toKeptQuota(input: QuotaInput | null | undefined): Quota | null {
  const named = quotaItemNames.flatMap((item) => {
    const given = input?.[item];
    if (given === null || given === undefined) return [];
    return [[item, parseQuantity(String(given))?.canonical ?? String(given)] as const];
  });
  return named.length === 0 ? null : (Object.fromEntries(named) as Quota);
}
