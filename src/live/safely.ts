import type { Logger } from '../kernel/logger.ts';

/**
 * Runs code of others (filters, listeners) so that its failure harms nobody else: it is logged and the result is
 * `otherwise`. Everything in a fan-out loop goes through here.
 */
export function safely<T>(logger: Logger, what: string, run: () => T, otherwise: T): T {
  try {
    return run();
  } catch (error) {
    logger.error({ err: error, what }, 'a stream went on without code that failed');
    return otherwise;
  }
}
