import type { WatchState } from './watch/watch-state.ts';

/** Where the room reports what it does; the server feeds it to its metrics registry. */
export interface KubeMetrics {
  /** The watch of a (cluster, kind) is now in this state. */
  watchState(cluster: string, kind: string, state: WatchState): void;
  /** One request to a cluster ended. `outcome` is the HTTP status or a word such as `deadline`, `network`, `breaker`. */
  request(cluster: string, verb: string, outcome: string, durationMs: number): void;
  /** How many requests to a cluster are under way or wait for their turn. */
  pending(cluster: string, count: number): void;
  /** A whole list of a kind was read for the cache. */
  relist(cluster: string, kind: string): void;
  /** A frame of a watch was not usable: `error`, `garbage`, `oversize`, `duplicate`, `unknown`. */
  oddFrame(cluster: string, kind: string, oddity: string): void;
}

export const noMetrics: KubeMetrics = { watchState() {}, request() {}, pending() {}, relist() {}, oddFrame() {} };
