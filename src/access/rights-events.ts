import type { Logger } from '../kernel/logger.ts';

/**
 * Whose rights changed: one principal's by id, or everybody's (a rule). After `memberships` only those are concerned whose
 * rights are others than before.
 */
export type RightsChange = string | 'all' | 'memberships';

export type RightsListener = (whose: RightsChange, isTokenGone: boolean) => void;

/** The one place where a change of rights is told: everything long-lived listens (streams, logs, terminals). */
export interface RightsEvents {
  /** Calls back on every change; the returned function ends that. */
  onRightsChanged(listener: RightsListener): () => void;
  /**
   * Say that a role, membership, token or rule changed. Say it after the change has taken effect; and with `isTokenGone` where what
   * the principal was signed in with is worth nothing any more, whatever its rights are.
   */
  announce(whose: RightsChange, isTokenGone?: boolean): void;
}

export function createRightsEvents(logger: Logger): RightsEvents {
  const listeners = new Set<{ readonly call: RightsListener }>();
  return {
    onRightsChanged(listener) {
      const entry = { call: listener };
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
    announce(whose, isTokenGone = false) {
      for (const listener of [...listeners]) {
        try {
          listener.call(whose, isTokenGone);
        } catch (error) {
          logger.error({ err: error, whose }, 'a listener to changes of rights failed');
        }
      }
    },
  };
}
