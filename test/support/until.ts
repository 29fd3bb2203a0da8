import { vi } from 'vitest';

/** Tries until it no longer throws, at most 30 seconds; for hooks too, where `expect.poll` is not allowed. */
export function until<T>(attempt: () => T | Promise<T>, timeoutMs = 30_000): Promise<T> {
  return vi.waitFor(attempt, { timeout: timeoutMs, interval: 25 });
}
