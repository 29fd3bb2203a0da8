import type { MetricPoint } from './prometheus-client.ts';

/** The sum of several series, at each point of time of those that have one. */
export function sumOfSeries(series: readonly { readonly points: readonly MetricPoint[] }[]): readonly MetricPoint[] {
  const sums = new Map<number, number>();
  for (const { points } of series) {
    for (const { atSeconds, value } of points) sums.set(atSeconds, (sums.get(atSeconds) ?? 0) + value);
  }
  return [...sums].sort(([one], [other]) => one - other).map(([atSeconds, value]) => ({ atSeconds, value }));
}
