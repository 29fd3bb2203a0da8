import type { AlarmAggregation, AlarmRule } from '../../api.ts';

/** What was seen of a policy's metric. */
export type Measured =
  | { readonly is: 'VALUE'; readonly value: number }
  /** There is nothing that it could be measured of: no pod, or none with such a limit. */
  | { readonly is: 'NOTHING'; readonly problem: string | null }
  /** Something is away or does not measure: it says nothing either way. */
  | { readonly is: 'UNKNOWN'; readonly problem: string };

/** What the loop knows of a policy when it looks. */
export interface SeenAlarm {
  readonly nowMs: number;
  readonly rule: AlarmRule;
  readonly isEnabled: boolean;
  readonly measured: Measured;
  /** Since when the condition has held; undefined while it did not. */
  readonly holdsSinceMs: number | undefined;
  readonly isFiring: boolean;
  /** When it fired last; undefined where it never has. */
  readonly lastFiredMs: number | undefined;
  readonly quietSeconds: number;
  readonly silencedUntilMs: number | undefined;
}

export interface AlarmDecision {
  readonly do: 'fire' | 'resolve' | 'nothing';
  /** What to remember. */
  readonly holdsSinceMs: number | undefined;
}

/**
 * CMP-64: fires once the condition has held for its time, unless it is silenced or it is too soon again; resolves as soon as it holds no
 * more, also because there is nothing left to measure. What is not known leaves all as it is. Pure.
 */
export function decideAlarm(seen: SeenAlarm): AlarmDecision {
  const { nowMs, rule, measured, isFiring } = seen;
  if (!seen.isEnabled) return { do: isFiring ? 'resolve' : 'nothing', holdsSinceMs: undefined };
  if (measured.is === 'UNKNOWN') return { do: 'nothing', holdsSinceMs: seen.holdsSinceMs };
  if (measured.is === 'NOTHING' || !isMet(rule, measured.value))
    return { do: isFiring ? 'resolve' : 'nothing', holdsSinceMs: undefined };
  const holdsSinceMs = seen.holdsSinceMs ?? nowMs;
  if (isFiring) return { do: 'nothing', holdsSinceMs };
  // Events are counted in that time: they need not go on for as long again.
  const mustHoldMs = rule.metric === 'WARNING_EVENTS' ? 0 : rule.durationSeconds * 1_000;
  const isSilenced = seen.silencedUntilMs !== undefined && nowMs < seen.silencedUntilMs;
  const isTooSoon = seen.lastFiredMs !== undefined && nowMs - seen.lastFiredMs < seen.quietSeconds * 1_000;
  const fires = nowMs - holdsSinceMs >= mustHoldMs && !isSilenced && !isTooSoon;
  return { do: fires ? 'fire' : 'nothing', holdsSinceMs };
}

export function isMet({ comparison, threshold }: Pick<AlarmRule, 'comparison' | 'threshold'>, value: number): boolean {
  switch (comparison) {
    case 'ABOVE':
      return value > threshold;
    case 'AT_LEAST':
      return value >= threshold;
    case 'BELOW':
      return value < threshold;
    case 'AT_MOST':
      return value <= threshold;
  }
}

/** One number of those of the pods; undefined where there is none. */
export function aggregate(aggregation: AlarmAggregation, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  if (aggregation === 'MAXIMUM') return values.reduce((most, value) => Math.max(most, value));
  const sum = values.reduce((total, value) => total + value, 0);
  return aggregation === 'SUM' ? sum : sum / values.length;
}
