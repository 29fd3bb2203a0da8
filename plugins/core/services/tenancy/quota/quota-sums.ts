import { parseQuantity } from 'longshore/sdk';
import type { Quota, QuotaItem } from '../../../api.ts';
import { quotaItemNames, quotaItems } from './quota-items.ts';

/** What several quotas, or what is used of them, come to together; an item that none names is not named. */
export function sumQuotas(quotas: readonly Quota[]): Quota {
  return Object.fromEntries(
    quotaItemNames.flatMap((item) => {
      const amounts = quotas.flatMap((quota) => amountOf(item, quota[item]) ?? []);
      return amounts.length === 0 ? [] : [[item, printAmount(item, sum(amounts))]];
    }),
  );
}

/** What is left of a quota, never less than nothing; an item that it does not limit is not named. */
export function leftOf(quota: Quota, used: Quota): Quota {
  return Object.fromEntries(
    quotaItemNames.flatMap((item) => {
      const max = amountOf(item, quota[item]);
      if (max === undefined) return [];
      return [[item, printAmount(item, Math.max(0, max - (amountOf(item, used[item]) ?? 0)))]];
    }),
  );
}

/** Items of which the parts have more together than the whole allows. */
export function findExcess(
  whole: Quota,
  parts: readonly Quota[],
): readonly { readonly item: QuotaItem; readonly max: string; readonly given: string }[] {
  const given = sumQuotas(parts);
  return quotaItemNames.flatMap((item) => {
    const [max, together] = [whole[item], given[item]];
    if (max === undefined || together === undefined) return [];
    return (amountOf(item, together) ?? 0) > (amountOf(item, max) ?? 0) ? [{ item, max, given: together }] : [];
  });
}

/** Items that the whole limits and a part does not: it could use up everything. */
export function findUnlimited(whole: Quota, part: Quota): readonly QuotaItem[] {
  return quotaItemNames.filter((item) => whole[item] !== undefined && part[item] === undefined);
}

/** Thousandths of a core, bytes, or a count. */
function amountOf(item: QuotaItem, text: string | undefined): number | undefined {
  const quantity = text === undefined ? undefined : parseQuantity(text);
  return quotaItems[item].unit === 'cores' ? quantity?.milliunits : quantity?.units;
}

function printAmount(item: QuotaItem, amount: number): string {
  const { unit } = quotaItems[item];
  const text = unit === 'cores' ? `${amount}m` : unit === 'bytes' && amount % 1024 === 0 ? `${amount / 1024}Ki` : '';
  return parseQuantity(text)?.canonical ?? String(amount);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((all, amount) => all + amount, 0);
}
