import type { Socket } from 'node:net';
import type { Clock } from '../kernel/clock.ts';

/** How often it is looked at, in ms, unless said otherwise; everything below is counted in looks, so that a leap of the clock ends no connection. */
const usualLookMs = 6_000;
/** 12 s without a sign: it is asked for one. */
const looksBeforePing = 2;
/** 12 s more, and there is nothing that it could be busy with: nobody is there. */
const looksUntilDead = 4;
/** 30 s without a sign, and there is something to read. */
const looksUntilStuck = 5;

export interface ReaderWatchOptions {
  readonly socket: Pick<Socket, 'bytesWritten' | 'writableLength'>;
  readonly clock: Clock;
  /** How often it is looked at, in ms; default 6,000, to which the times below belong. */
  readonly lookMs?: number;
  /** Asks the other end for a sign of life; without it only that it takes nothing is noticed. */
  readonly ping?: () => void;
  /** It has something to read, and has read nothing for 30 s. */
  onStuck(): void;
  /** It has nothing to read, and has not answered a ping for 12 s. */
  onDead?(): void;
}

export interface ReaderWatch {
  /** It said something. */
  heard(): void;
  stop(): void;
}

/**
 * Follows whether somebody at the other end of a connection still reads. That it answers is a sign of it, and so is that
 * it makes room where the system's buffers were full: who reads slowly but steadily is behind with its answers too.
 * One of the two listeners is called, once.
 */
export function watchReader(options: ReaderWatchOptions): ReaderWatch {
  const { socket, clock, lookMs = usualLookMs, ping, onStuck, onDead } = options;
  let hasHeard = true;
  let silentLooks = 0;
  let wasWaiting = false;
  let takenBefore = 0;
  /** What was written when it last gave a sign, our own pings since then included. */
  let readUpTo = 0;
  let isOver = false;
  let cancelLook = clock.schedule(lookMs, lookSoon);

  /** In a turn of its own: what has arrived by now is heard first. */
  function lookSoon(): void {
    setImmediate(() => {
      if (isOver) return;
      look();
      if (!isOver) cancelLook = clock.schedule(lookMs, lookSoon);
    });
  }

  function look(): void {
    const taken = socket.bytesWritten - socket.writableLength;
    const hasSign = hasHeard || (wasWaiting ? taken > takenBefore : ping === undefined);
    hasHeard = false;
    wasWaiting = socket.writableLength > 0;
    takenBefore = taken;
    if (hasSign) {
      silentLooks = 0;
      readUpTo = socket.bytesWritten;
      return;
    }
    silentLooks += 1;
    if (silentLooks === looksBeforePing && ping) {
      const before = socket.bytesWritten;
      ping();
      readUpTo += socket.bytesWritten - before;
    }
    const hasUnread = wasWaiting || socket.bytesWritten > readUpTo;
    if (!hasUnread && silentLooks >= looksUntilDead) end(onDead);
    else if (hasUnread && silentLooks >= looksUntilStuck) end(onStuck);
  }

  function end(tell: (() => void) | undefined): void {
    stop();
    tell?.();
  }

  function stop(): void {
    isOver = true;
    cancelLook();
  }

  return {
    heard() {
      hasHeard = true;
    },
    stop,
  };
}
