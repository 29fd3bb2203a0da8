import postgres from 'postgres';
import type { Logger } from '../kernel/logger.ts';

/** The one channel that all signals of a database share. */
export const signalChannel = 'longshore_signal';

export interface SignalListener {
  close(): Promise<void>;
}

/**
 * Listens on a connection of its own, which the driver replaces when it breaks (trying again after at most 20 s).
 * Never throws: signals are best effort, and everyone who listens also polls.
 */
export function listenForSignals(options: {
  readonly url: string;
  readonly driver: postgres.Options<Record<string, never>>;
  readonly logger: Logger;
  readonly receive: (payload: string) => void;
  /** Called each time it listens again after an interruption. */
  readonly gap: () => void;
}): SignalListener {
  const sql = postgres(options.url, { onnotice: () => {}, fetch_types: false, ...options.driver, max: 1 });
  let timesListening = 0;
  sql
    .listen(signalChannel, options.receive, () => {
      timesListening += 1;
      if (timesListening > 1) options.gap();
    })
    .catch((error: unknown) => options.logger.warn({ err: error }, 'signals of other replicas do not arrive yet'));
  return { close: () => sql.end({ timeout: 1 }) };
}
