import type { ScalingRules } from './autoscaler-shapes.ts';

/** What the controller remembers of one autoscaler. */
export interface ScalingHistory {
  /** What the metrics alone would have wanted, and when. */
  readonly recommendations: readonly { readonly replicas: number; readonly atMs: number }[];
  /** Changes that were made, as positive numbers. */
  readonly ups: readonly ScaleEvent[];
  readonly downs: readonly ScaleEvent[];
}

export interface ScaleEvent {
  readonly change: number;
  readonly atMs: number;
}

export interface ScalingQuestion {
  readonly currentReplicas: number;
  /** What the metrics want. */
  readonly wantedReplicas: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly behavior: { readonly scaleUp?: ScalingRules; readonly scaleDown?: ScalingRules } | undefined;
  readonly history: ScalingHistory;
  readonly nowMs: number;
}

interface Verdict {
  readonly reason: string;
  readonly message: string;
}

export interface ScalingDecision {
  readonly replicas: number;
  readonly ableToScale: Verdict;
  readonly scalingLimited: Verdict & { readonly isLimited: boolean };
  readonly history: ScalingHistory;
}

/** How long scaling down waits for higher recommendations where no behavior says otherwise. */
export const downscaleStabilizationMs = 300_000;
/** Nothing older counts for any rule: the longest stabilization window and the longest policy period. */
const rememberedMs = 3_600_000;

const ready: Verdict = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const withinRange: Verdict = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
};
const tooMany: Verdict = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
};
const tooFew: Verdict = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
};
const risingTooFast: Verdict = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
};
const fallingTooFast: Verdict = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
};
const heldDown: Verdict = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};
const heldUp: Verdict = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};

/** Turns what the metrics want into what is done: stabilization first, then the rate and the bounds. */
export function decideScaling(question: ScalingQuestion): ScalingDecision {
  const { wantedReplicas, history, nowMs } = question;
  const stabilized = question.behavior === undefined ? stabilizePlainly(question) : stabilizeByRules(question);
  const limited =
    question.behavior === undefined
      ? limitPlainly(question, stabilized.replicas)
      : limitByRules(question, stabilized.replicas);
  const recommendations = [...history.recommendations, { replicas: wantedReplicas, atMs: nowMs }];
  return {
    replicas: limited.replicas,
    ableToScale: stabilized.replicas === wantedReplicas ? ready : stabilized.verdict,
    scalingLimited: { ...limited.verdict, isLimited: limited.replicas !== stabilized.replicas },
    history: { ...history, recommendations: recommendations.filter(({ atMs }) => nowMs - atMs <= rememberedMs) },
  };
}

/** The history with a change that has been made. */
export function rememberChange(history: ScalingHistory, from: number, to: number, nowMs: number): ScalingHistory {
  const young = (events: readonly ScaleEvent[]): readonly ScaleEvent[] =>
    events.filter(({ atMs }) => nowMs - atMs <= rememberedMs);
  const event = { change: Math.abs(to - from), atMs: nowMs };
  return to > from
    ? { ...history, ups: [...young(history.ups), event] }
    : { ...history, downs: [...young(history.downs), event] };
}

interface Step {
  readonly replicas: number;
  readonly verdict: Verdict;
}

function stabilizePlainly({ wantedReplicas, history, nowMs }: ScalingQuestion): Step {
  const recent = history.recommendations.filter(({ atMs }) => atMs >= nowMs - downscaleStabilizationMs);
  return { replicas: Math.max(wantedReplicas, ...recent.map(({ replicas }) => replicas)), verdict: heldUp };
}

function stabilizeByRules({ behavior, currentReplicas, wantedReplicas, history, nowMs }: ScalingQuestion): Step {
  const within = (windowMs: number): number[] =>
    history.recommendations.filter(({ atMs }) => atMs > nowMs - windowMs).map(({ replicas }) => replicas);
  const upMs = (behavior?.scaleUp?.stabilizationWindowSeconds ?? 0) * 1000;
  const downSeconds = behavior?.scaleDown?.stabilizationWindowSeconds;
  const downMs = downSeconds === undefined ? downscaleStabilizationMs : downSeconds * 1000;
  const lowest = Math.min(wantedReplicas, ...within(upMs));
  const highest = Math.max(wantedReplicas, ...within(downMs));
  return {
    replicas: Math.min(Math.max(currentReplicas, lowest), highest),
    verdict: wantedReplicas >= currentReplicas ? heldDown : heldUp,
  };
}

/** Without a behavior a target may at most double, or grow to four. */
function limitPlainly({ currentReplicas, minReplicas, maxReplicas }: ScalingQuestion, wanted: number): Step {
  const rate = Math.trunc(Math.max(2 * currentReplicas, 4));
  if (wanted < minReplicas) return { replicas: minReplicas, verdict: tooFew };
  const most = Math.min(maxReplicas, rate);
  if (wanted > most) return { replicas: most, verdict: maxReplicas > rate ? risingTooFast : tooMany };
  return { replicas: wanted, verdict: withinRange };
}

function limitByRules(question: ScalingQuestion, wanted: number): Step {
  const { currentReplicas, minReplicas, maxReplicas, behavior } = question;
  if (wanted > currentReplicas) {
    const rate = Math.max(currentReplicas, rateLimit(question, behavior?.scaleUp, 'up'));
    const most = Math.min(maxReplicas, rate);
    if (wanted > most) return { replicas: most, verdict: maxReplicas > rate ? risingTooFast : tooMany };
  } else if (wanted < currentReplicas) {
    const rate = Math.min(currentReplicas, rateLimit(question, behavior?.scaleDown, 'down'));
    const least = Math.max(minReplicas, rate);
    if (wanted < least) return { replicas: least, verdict: minReplicas < rate ? fallingTooFast : tooFew };
  }
  return { replicas: wanted, verdict: withinRange };
}

/** How far the policies let the count go from where it stood when their periods began. */
function rateLimit(
  { currentReplicas, history, nowMs }: ScalingQuestion,
  rules: ScalingRules | undefined,
  direction: 'up' | 'down',
): number {
  if (rules?.selectPolicy === 'Disabled') return currentReplicas;
  const proposals = (rules?.policies ?? []).map(({ type, value, periodSeconds }) => {
    const changed = (events: readonly ScaleEvent[]): number =>
      events.filter(({ atMs }) => atMs > nowMs - periodSeconds * 1000).reduce((sum, { change }) => sum + change, 0);
    const atStart = currentReplicas - changed(history.ups) + changed(history.downs);
    if (direction === 'up') return type === 'Pods' ? atStart + value : Math.ceil(atStart * (1 + value / 100));
    return type === 'Pods' ? atStart - value : Math.trunc(atStart * (1 - value / 100));
  });
  // `Min` asks for the smallest change, which is the lowest count upwards and the highest downwards.
  const wantsLowest = (rules?.selectPolicy === 'Min') === (direction === 'up');
  return wantsLowest ? Math.min(...proposals) : Math.max(...proposals);
}
