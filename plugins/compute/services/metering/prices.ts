import type { PriceSettings } from '../../settings.ts';

/** Of something metered, in whole units. */
export interface Billed {
  readonly millicoreSeconds: bigint;
  readonly kibSeconds: bigint;
}

export interface Cost {
  /** A decimal number with six places. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** What a vCPU and a GiB cost for an hour, from a time on. */
export interface Rate {
  readonly fromMs: number;
  readonly vcpuHour: bigint;
  readonly gibHour: bigint;
}

/** Prices are kept in billionths. */
const priceScale = 1_000_000_000n;
const places = 6;

/** The rates of a cluster, by when they begin: its own, where it has none those of all. Empty where nothing has a price. */
export function ratesOf(cluster: string, prices: PriceSettings | undefined): readonly Rate[] {
  const rates = prices?.rates ?? [];
  const own = rates.filter((rate) => rate.cluster === cluster);
  return (own.length > 0 ? own : rates.filter((rate) => rate.cluster === undefined))
    .map(({ from, vcpuHour, gibHour }) => ({
      fromMs: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
      vcpuHour: toScaled(vcpuHour),
      gibHour: toScaled(gibHour),
    }))
    .sort((one, other) => one.fromMs - other.fromMs);
}

/** What is used at rates costs together, rounded once; undefined where a part has no rate. */
export function costOf(
  parts: Iterable<readonly [Billed, Rate | undefined]>,
  currency: string | undefined,
): Cost | undefined {
  if (currency === undefined) return undefined;
  let sum = 0n;
  for (const [used, rate] of parts) {
    if (!rate) {
      if (used.millicoreSeconds === 0n && used.kibSeconds === 0n) continue;
      return undefined;
    }
    // vCPU is millicores by 1,000, GiB is KiB by 2^20: over the same denominator.
    sum += used.millicoreSeconds * rate.vcpuHour * 1_048_576n + used.kibSeconds * rate.gibHour * 1_000n;
  }
  return { amount: toDecimal(sum, 1_000n * 1_048_576n * 3_600n * priceScale), currency };
}

/** A fraction as a decimal number with six places, half up. */
export function toDecimal(numerator: bigint, denominator: bigint): string {
  const unit = 10n ** BigInt(places);
  const rounded = (2n * numerator * unit + denominator) / (2n * denominator);
  return `${rounded / unit}.${String(rounded % unit).padStart(places, '0')}`;
}

function toScaled(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole) * priceScale + BigInt(fraction.padEnd(9, '0'));
}
