/** What the caller of an operation may still spend. */
export interface OperationBudget {
  /**
   * Called once, when it is known what the operation costs and before it is executed. `cost` is in fields that will be resolved, rows
   * counted. Throws `RATE_LIMITED` where nothing is left.
   */
  spend(type: 'query' | 'mutation' | 'subscription', cost: number): void;
  /** The answer was one that had been given before. */
  giveBack(): void;
}

/** What a transport adds to the context where its callers have a budget. */
export interface BudgetContext {
  readonly budget?: OperationBudget;
}
