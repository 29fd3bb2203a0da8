import { AsyncLocalStorage } from 'node:async_hooks';

/** What an operation has asked of others so far; whoever asks adds to it. */
export interface OperationCost {
  /** Requests to clusters, repeated ones too. */
  clusterRequests: number;
  /** Bytes of the bodies that clusters answered with, as they came over the wire. */
  clusterBytes: number;
  /** Statements sent to the platform's database. */
  databaseQueries: number;
  /** Rows that came back from it, or that it says it changed. */
  databaseRows: number;
}

const current = new AsyncLocalStorage<OperationCost>();

export function noCost(): OperationCost {
  return { clusterRequests: 0, clusterBytes: 0, databaseQueries: 0, databaseRows: 0 };
}

/** Runs a function so that what it asks, and what it starts asks later, is counted in `cost`. */
export function countCost<T>(cost: OperationCost, run: () => T): T {
  return current.run(cost, run);
}

/** The cost of the operation that the present chain of callbacks belongs to; undefined in loops of the gateway's own. */
export function currentCost(): OperationCost | undefined {
  return current.getStore();
}
