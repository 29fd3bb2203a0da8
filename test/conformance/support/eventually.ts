import { vi } from 'vitest';
import { realKubeconfig } from '../../support/real-kubeconfig.ts';

/** How long a condition may take: a real cluster's controllers have queues, caches and other work. */
export const patienceMs = realKubeconfig() === undefined ? 10_000 : 60_000;

/** Tries until it no longer throws, and answers what it answered then. Throws its last error when patience ends. */
export function eventually<T>(attempt: () => T | Promise<T>, timeoutMs = patienceMs): Promise<T> {
  return vi.waitFor(attempt, { timeout: timeoutMs, interval: realKubeconfig() === undefined ? 10 : 100 });
}
