/** metav1.Condition. */
export interface StatusCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
}

/** A condition as a decision names it; when and for which generation is known to who writes it. */
export interface DecidedCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** The decided conditions for this generation; what keeps its status keeps the time it got it. */
export function mergeConditions(
  present: readonly StatusCondition[] | undefined,
  decided: readonly DecidedCondition[],
  stamp: { readonly generation: number; readonly now: string },
): StatusCondition[] {
  return decided.map((condition) => {
    const before = present?.find(({ type, status }) => type === condition.type && status === condition.status);
    return {
      ...condition,
      observedGeneration: stamp.generation,
      lastTransitionTime: before?.lastTransitionTime ?? stamp.now,
    };
  });
}
