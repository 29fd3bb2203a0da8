import type { IntOrPercent } from './kinds.ts';

/**
 * How many pods stay at their old revision: a percentage is rounded up, but what is less than all of several pods
 * leaves at least one to be updated.
 */
export function partitionOf(partition: IntOrPercent | undefined, replicas: number): number {
  if (partition === undefined) return 0;
  const exact = scaled(partition, replicas, 'up');
  const isAlmostAll = replicas > 1 && exact === replicas && typeof partition === 'string' && partition !== '100%';
  return Math.max(0, Math.min(isAlmostAll ? replicas - 1 : exact, replicas));
}

/** A number as it is, a percentage of `total`; a text that is no percentage counts as 0, webhooks refuse it. */
export function scaled(value: IntOrPercent, total: number, rounding: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const exact = (Number(/^(\d+(?:\.\d+)?)%$/.exec(value)?.[1] ?? 0) * total) / 100;
  return rounding === 'up' ? Math.ceil(exact) : Math.floor(exact);
}
