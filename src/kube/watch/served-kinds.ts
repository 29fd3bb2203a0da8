import type { KindRef } from '../kind-ref.ts';

/** What a watch needs to know of a cluster's discovery. */
export interface ServedKinds {
  /** `unknown` until discovery has answered, and for a group whose own server does not answer. */
  isServed(kind: KindRef): 'yes' | 'no' | 'unknown';
  /** False for a kind that can be listed but not watched, e.g. metrics; true while nothing is known. */
  isWatchable(kind: KindRef): boolean;
  /** Whether discovery has answered at least once. */
  readonly isKnown: boolean;
  /** Called after what is served may have changed. */
  onChange(listener: () => void): () => void;
  /** Asks the cluster again soon. */
  refreshSoon(): void;
}
