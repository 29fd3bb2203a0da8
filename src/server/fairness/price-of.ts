/** What is charged for an operation. A list of 1,000 rows with 30 fields costs 30,000 and takes some ten milliseconds. */

/** What a request takes even where it asks for next to nothing. */
const leastOf = { query: 500, mutation: 5_000, subscription: 5_000 } as const;

/** What opening a connection for a stream, a terminal or a file costs. */
export const connectionPrice = 5_000;

/** An answer that is given again is sent again, and that is all. */
export const reusedPart = 1 / 20;

/** `cost` as the limits measure it: fields that will be resolved, rows counted. */
export function priceOf(type: 'query' | 'mutation' | 'subscription', cost: number): number {
  return Math.max(leastOf[type], cost);
}
