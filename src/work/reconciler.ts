import type { Clock } from '../kernel/clock.ts';
import type { Failpoints } from '../kernel/failpoints.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ServiceRef } from '../kernel/service-ref.ts';
import type { QueueFence } from './fence.ts';

/** How one look at a key ended. Waiting is not an error. */
export type ReconcileResult =
  /** Nothing more to do until something wakes the key. */
  { readonly kind: 'settled' } | { readonly kind: 'again'; readonly afterMs: number };

export const settled: ReconcileResult = { kind: 'settled' };

export function again(afterMs: number): ReconcileResult {
  return { kind: 'again', afterMs };
}

export interface ReconcileContext {
  /** Aborts when the lease is lost, time is up or the gateway stops: end soon, what follows is not yours any more. */
  readonly signal: AbortSignal;
  /** Hand it to `assertFence` in every transaction that writes. */
  readonly fence: QueueFence;
  readonly clock: Clock;
  readonly failpoints: Failpoints;
  readonly logger: Logger;
  /** What plugins have provided in `setup`: a loop is data of the manifest and holds nothing itself. `CapabilityMissingError` where none has. */
  service<T>(ref: ServiceRef<T>): T;
  /** 1, and one more for each time in a row that this key failed or its process died. */
  readonly attempt: number;
}

/**
 * Work that outlives a request. `reconcile` reads the desired and the actual state of one key, takes at most one
 * idempotent step and says when to come back. It may be killed between any two statements and is then called again by any
 * replica. What it throws decides by the error table: `stalled` waits for a wake-up, `reread` comes again at once, a few
 * times, `settled` ends, everything else backs off.
 */
export interface Reconciler {
  /** Unique over all plugins: `<plugin>.<noun>`, e.g. `release.orders`. Also the prefix of its failpoints. */
  readonly name: string;
  /** What it is for and what is lost without it. */
  readonly description: string;
  readonly reconcile: (key: string, context: ReconcileContext) => Promise<ReconcileResult>;
  /** How long one look may take, in ms; default five minutes. */
  readonly timeoutMs?: number;
}

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Loops of the plugin; its services put keys into their queue. */
    readonly reconcilers?: readonly Reconciler[];
  }
}
