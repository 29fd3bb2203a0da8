import type { ClusterClock } from './store/types.ts';

/** The machine's own time. Timers do not keep the process alive: a stopped cluster never delays an exit. */
export const systemClock: ClusterClock = {
  now: () => Date.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(delayMs, 2_147_483_647));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
