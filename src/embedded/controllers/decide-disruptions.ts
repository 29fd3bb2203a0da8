import { resolveIntOrPercent } from './resolve-int-or-percent.ts';

export interface DisruptionInput {
  readonly minAvailable: number | string | undefined;
  readonly maxUnavailable: number | string | undefined;
  /** Pods the budget selects that count for their controllers. */
  readonly pods: number;
  readonly healthy: number;
  /** How many pods the controllers of the selected pods want together; pods without a size count for nothing. */
  readonly wanted: number;
}

export interface DisruptionVerdict {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
  readonly currentHealthy: number;
  readonly disruptionsAllowed: number;
}

/** How many pods may be disrupted now, by the rules of policy/v1: percentages are of what the controllers want. */
export function decideDisruptions(input: DisruptionInput): DisruptionVerdict {
  const { minAvailable, maxUnavailable, healthy } = input;
  const needsSize = maxUnavailable !== undefined || typeof minAvailable === 'string';
  const expectedPods = needsSize ? input.wanted : input.pods;
  const desiredHealthy =
    maxUnavailable !== undefined
      ? Math.max(0, expectedPods - resolveIntOrPercent(maxUnavailable, expectedPods, 'up'))
      : resolveIntOrPercent(minAvailable ?? 0, expectedPods, 'up');
  const spare = expectedPods === 0 ? 0 : healthy - desiredHealthy;
  return {
    expectedPods,
    desiredHealthy,
    currentHealthy: healthy,
    disruptionsAllowed: Math.max(0, spare),
  };
}
