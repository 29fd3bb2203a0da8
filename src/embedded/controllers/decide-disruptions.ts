import { resolveIntOrPercent } from './resolve-int-or-percent.ts';

export interface DisruptionInput {
  readonly minAvailable: number | string | undefined;
  readonly maxUnavailable: number | string | undefined;
  /** Pods the budget selects that count for their controllers. */
  readonly pods: number;
  readonly healthy: number;
  /** How many pods the controllers of the selected pods want together; undefined when one of them has no size. */
  readonly wanted: number | undefined;
}

export interface DisruptionVerdict {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
  readonly currentHealthy: number;
  readonly disruptionsAllowed: number;
  /** False when a share is asked of pods whose number nobody knows. */
  readonly isKnown: boolean;
}

/** How many pods may be disrupted now, by the rules of policy/v1: percentages are of what the controllers want. */
export function decideDisruptions(input: DisruptionInput): DisruptionVerdict {
  const { minAvailable, maxUnavailable, healthy } = input;
  const needsSize = maxUnavailable !== undefined || typeof minAvailable === 'string';
  const expectedPods = needsSize ? (input.wanted ?? 0) : input.pods;
  const isKnown = !needsSize || input.wanted !== undefined;
  const desiredHealthy =
    maxUnavailable !== undefined
      ? Math.max(0, expectedPods - resolveIntOrPercent(maxUnavailable, expectedPods, 'up'))
      : resolveIntOrPercent(minAvailable ?? 0, expectedPods, 'up');
  const spare = expectedPods === 0 ? 0 : healthy - desiredHealthy;
  return {
    expectedPods,
    desiredHealthy,
    currentHealthy: healthy,
    disruptionsAllowed: isKnown ? Math.max(0, spare) : 0,
    isKnown,
  };
}
