import type { Logger } from '../kernel/logger.ts';

/**
 * Whose rights changed: one principal's by id, or everybody's (a rule). After `memberships` only those are concerned whose
 * rights are others than before.
 */
export type RightsChange = string | 'all' | 'memberships';

/** The one place where a change of rights is told: everything long-lived listens (streams, logs, terminals). */
export interface RightsEvents {
  /** Calls back on every change; the returned function ends that. */
  onRightsChanged(listener: (whose: RightsChange) => void): () => void;
  /** Say that a role, membership, token or rule changed. Say it after the change has taken effect. */
  announce(whose: RightsChange): void;
}

export function createRightsEvents(logger: Logger): RightsEvents {
  const listeners = new Set<{ readonly call: (whose: RightsChange) => void }>();
  return {
    onRightsChanged(listener) {
      const entry = { call: listener };
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
    announce(whose) {
      for (const listener of [...listeners]) {
        try {
          listener.call(whose);
        } catch (error) {
          logger.error({ err: error, whose }, 'a listener to changes of rights failed');
        }
      }
    },
  };
}
