import { type InputTypeRef, inputRef, type LongshoreBuilder } from 'longshore/sdk';
import type { QuotaInput } from '../../services/tenancy/quota/check-quota.ts';
import { quotaItemNames, quotaItems } from '../../services/tenancy/quota/quota-items.ts';

export const quotaInputRef: InputTypeRef<QuotaInput> = inputRef<QuotaInput>('QuotaInput');

/** Amounts as callers give them. */
export function registerQuotaInput(builder: LongshoreBuilder): void {
  builder.inputType('QuotaInput', {
    description: 'Most of each that may be used; what is not named, or is null, is unlimited.',
    fields: ((t: Parameters<Parameters<LongshoreBuilder['inputType']>[1]['fields']>[0]) =>
      Object.fromEntries(
        quotaItemNames.map((item) => {
          const { unit, words } = quotaItems[item];
          if (unit === 'count') {
            return [item, t.field({ type: 'SafeInt' as never, description: `Number of ${words}, from 0.` })];
          }
          const description =
            unit === 'cores'
              ? 'CPU that containers may request, in cores, e.g. `1500m`.'
              : `Bytes of ${words} that may be requested, e.g. \`4Gi\`.`;
          return [item, t.field({ type: 'Quantity' as never, description })];
        }),
      )) as never,
  });
}
