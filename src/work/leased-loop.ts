import type { Clock } from '../kernel/clock.ts';
import type { Failpoints } from '../kernel/failpoints.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ServiceRef } from '../kernel/service-ref.ts';
import type { LeaseFence } from './fence.ts';

export interface LeasedLoopTools {
  readonly clock: Clock;
  readonly failpoints: Failpoints;
  readonly logger: Logger;
  /** What plugins have provided in `setup`. `CapabilityMissingError` where none has. */
  service<T>(ref: ServiceRef<T>): T;
}

export interface LeasedLoopContext extends LeasedLoopTools {
  /** Aborts when the lease is lost, the key is not wanted any more or the gateway stops: end within a second. */
  readonly signal: AbortSignal;
  /** Hand it to `assertFence` in every transaction that writes. */
  readonly fence: LeaseFence;
}

/**
 * Work that goes on for as long as its key is wanted, and that one replica at a time does: following a stream for somebody, say.
 * A reconciler looks at a key and lets go of its worker; this keeps what it has in memory, and waits without a worker.
 */
export interface LeasedLoop {
  /** Unique over all plugins: `<plugin>.<noun>`. The lease of a key is `<name>/<key>`. */
  readonly name: string;
  /** What it is for and what is lost without it. */
  readonly description: string;
  /** Keys that are wanted now; asked again every 5 s, and when somebody signals the channel of the loop's name. */
  keys(tools: LeasedLoopTools): Promise<readonly string[]>;
  /** Resolves when the signal has aborted; what ends earlier begins anew some seconds later, here or at another replica. */
  whileHeld(key: string, context: LeasedLoopContext): Promise<void>;
}

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Loops of the plugin that keep a lease for each of their keys. */
    readonly leasedLoops?: readonly LeasedLoop[];
  }
}
