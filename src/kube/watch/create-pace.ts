import { type Clock, sleep } from '../../kernel/clock.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';

/**
 * When a list-watch may ask the cluster again. After a failure it waits 1 to 30 s with full jitter, after three in a row
 * it lists at most once each 30 s, and while the cluster is known to be unreachable it does not ask at all.
 */
export interface Pace {
  beforeList(signal: AbortSignal): Promise<void>;
  beforeWatch(signal: AbortSignal): Promise<void>;
  /** Something new was heard: the next interruption is a first one again. */
  progressed(): void;
  failed(): void;
  /** The position was too old, which no waiting cures: the next list need not wait unless this happens in a row. */
  expired(): void;
}

const listSpacingMs = 30_000;
const maxDelayMs = 30_000;

export function createPace(options: {
  readonly clock: Clock;
  readonly transport: Pick<ClusterTransport, 'isReachable' | 'onReachable'>;
  readonly random: () => number;
  /** Told before a wait for a cluster that is known to be away, whoever found that out. */
  readonly onAway: () => void;
}): Pace {
  const { clock, transport, random } = options;
  let failures = 0;
  let isFree = true;
  let listedAt = Number.NEGATIVE_INFINITY;

  const pause = async (ms: number, signal: AbortSignal) => (ms > 0 ? sleep(clock, ms, signal) : undefined);

  /** Nothing is asked of a cluster whose breaker is open; when it closes, its kinds come back spread over a second. */
  async function untilReachable(signal: AbortSignal): Promise<void> {
    if (transport.isReachable || signal.aborted) return;
    options.onAway();
    await new Promise<void>((resolve) => {
      const finish = () => {
        stopListening();
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const stopListening = transport.onReachable((isReachable) => {
        if (isReachable) finish();
      });
      signal.addEventListener('abort', finish, { once: true });
    });
    await pause(random() * 1_000, signal);
  }

  function delayMs(): number {
    if (isFree) return 0;
    const capMs = Math.min(maxDelayMs, 1_000 * 2 ** Math.min(failures, 10));
    return 1_000 + random() * (capMs - 1_000);
  }

  return {
    async beforeList(signal) {
      const spacedMs = failures < 3 ? 0 : listedAt + listSpacingMs * (1 + random() * 0.25) - clock.now();
      await pause(Math.max(delayMs(), spacedMs), signal);
      await untilReachable(signal);
      isFree = false;
      listedAt = clock.now();
    },
    async beforeWatch(signal) {
      // Many watches end at once when a server restarts.
      await pause(isFree ? random() * 200 : delayMs(), signal);
      await untilReachable(signal);
    },
    progressed() {
      failures = 0;
      isFree = true;
    },
    failed() {
      failures += 1;
      isFree = false;
    },
    expired() {
      isFree = failures === 0;
      failures += 1;
    },
  };
}
