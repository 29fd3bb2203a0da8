import { vi } from 'vitest';

const { waitFor } = vi;

const waitPatiently: typeof waitFor = (condition, options = {}) =>
  waitFor(condition, {
    timeout: 15_000,
    interval: 10,
    ...(typeof options === 'number' ? { timeout: options } : options),
  });

/**
 * Before each file. Its own second is too short for a machine that has other work, and 20 looks a second are slow where a
 * condition holds at once: what waits for a condition looks often and long, unless it says otherwise.
 */
if (vi.waitFor.name !== waitPatiently.name) vi.waitFor = waitPatiently;
