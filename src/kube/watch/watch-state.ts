/**
 * `IDLE` nobody needs it; `SYNCING` the first list is under way; `LIVE` list and watch are whole; `STALE` the watch is
 * broken and rows are old; `FORBIDDEN` the credentials may not list it; `MISSING` the cluster does not serve it.
 */
export const watchStates = ['IDLE', 'SYNCING', 'LIVE', 'STALE', 'FORBIDDEN', 'MISSING'] as const;
export type WatchState = (typeof watchStates)[number];
