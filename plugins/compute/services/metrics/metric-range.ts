import { RequestError } from 'longshore/sdk';

/** Which points of time are asked for: both ends are multiples of the step, so that the same screen asks the same. */
export interface MetricRange {
  readonly startSeconds: number;
  /** Inclusive. */
  readonly endSeconds: number;
  readonly stepSeconds: number;
}

export interface AskedRange {
  readonly since: Date;
  readonly until?: Date | null | undefined;
  readonly stepSeconds?: number | null | undefined;
}

export interface RangeLimits {
  /** Of the profile; null for none. */
  readonly retentionDays: number | null;
  readonly spanDays: number | null;
}

const daySeconds = 86_400;
const shortestStep = 15;
const fewPoints = 240;
export const mostPoints = 1_000;
/** Where a profile sets no span: as long as a year may be. */
const longestSpanDays = 366;
const steps = [15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, daySeconds];

/** The points of a range. Throws `BAD_USER_INPUT` for one that is none, or that the profile does not let be asked for (CMP-110). */
export function planRange(asked: AskedRange, limits: RangeLimits, nowMs: number): MetricRange {
  const refuse = (says: string) => {
    throw new RequestError('BAD_USER_INPUT', says);
  };
  const since = asked.since.getTime() / 1_000;
  const until = (asked.until?.getTime() ?? nowMs) / 1_000;
  const span = until - since;
  if (!(span > 0)) refuse('since must be before until');
  const spanDays = Math.min(limits.spanDays ?? longestSpanDays, longestSpanDays);
  if (span > spanDays * daySeconds) refuse(`since must be at most ${spanDays} days before until`);
  const { retentionDays } = limits;
  // What is just as old as it may be still is when it arrives.
  if (retentionDays !== null && since < nowMs / 1_000 - retentionDays * daySeconds - 60) {
    refuse(`since must be at most ${retentionDays} days ago: metrics are kept no longer here`);
  }
  const step = asked.stepSeconds ?? steps.find((each) => span / each <= fewPoints) ?? Math.ceil(span / fewPoints);
  if (step < shortestStep || step > 7 * daySeconds) {
    refuse(`stepSeconds must be ${shortestStep} to ${7 * daySeconds}, got ${step}`);
  }
  if (span / step > mostPoints) {
    refuse(`stepSeconds must be at least ${Math.ceil(span / mostPoints)} for this span: at most ${mostPoints} points`);
  }
  const startSeconds = Math.ceil(since / step) * step;
  const endSeconds = Math.max(Math.floor(until / step) * step, startSeconds);
  return { startSeconds, endSeconds, stepSeconds: step };
}

/** How many points of time a range has. */
export function pointsIn({ startSeconds, endSeconds, stepSeconds }: MetricRange): number {
  return Math.floor((endSeconds - startSeconds) / stepSeconds) + 1;
}
