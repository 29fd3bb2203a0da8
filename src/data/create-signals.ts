import { EventEmitter } from 'node:events';
import type { Logger } from '../kernel/logger.ts';

/** How signals reach other replicas; undefined where there is one process. */
export interface SignalTransport {
  notify(payload: string): Promise<void>;
}

export interface Signals {
  signal(channel: string, id: string): Promise<void>;
  onSignal(channel: string, listener: (id: string) => void): () => void;
  onSignalGap(listener: () => void): () => void;
  /** What another replica sent. */
  receive(payload: string): void;
  /** Something may have been lost. */
  gap(): void;
  clear(): void;
}

/** NOTIFY carries 8,000 bytes; a signal is a name and must never come near. */
const longestSignalBytes = 1_000;

/**
 * Tells listeners of this process at once (after the commit, inside a transaction) and those of other replicas through
 * the transport. One's own signals come back from the transport too and are dropped there.
 */
export function createSignals(options: {
  readonly origin: string;
  readonly logger: Logger;
  readonly afterCommit: (hook: () => void) => void;
  readonly transport: SignalTransport | undefined;
}): Signals {
  const emitter = new EventEmitter({ captureRejections: false }).setMaxListeners(0);

  function listen(event: string, listener: (id: string) => void): () => void {
    const guarded = (id: string) => {
      try {
        listener(id);
      } catch (error) {
        options.logger.error({ err: error, event }, 'a listener of signals failed');
      }
    };
    emitter.on(event, guarded);
    return () => {
      emitter.off(event, guarded);
    };
  }

  return {
    async signal(channel, id) {
      if (Buffer.byteLength(channel) + Buffer.byteLength(id) > longestSignalBytes) {
        throw new Error(
          `signal on ${channel.slice(0, 100)} is longer than ${longestSignalBytes} bytes: send an id, not data`,
        );
      }
      options.afterCommit(() => emitter.emit(`signal:${channel}`, id));
      await options.transport?.notify(JSON.stringify([options.origin, channel, id]));
    },
    onSignal: (channel, listener) => listen(`signal:${channel}`, listener),
    onSignalGap: (listener) => listen('gap', listener),
    receive(payload) {
      const message = parse(payload);
      if (message && message.origin !== options.origin) emitter.emit(`signal:${message.channel}`, message.id);
    },
    gap: () => {
      emitter.emit('gap', '');
    },
    clear: () => {
      emitter.removeAllListeners();
    },
  };
}

function parse(payload: string): { origin: string; channel: string; id: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(payload);
    if (!Array.isArray(parsed)) return undefined;
    const [origin, channel, id]: unknown[] = parsed;
    if (typeof origin !== 'string' || typeof channel !== 'string' || typeof id !== 'string') return undefined;
    return { origin, channel, id };
  } catch {
    return undefined;
  }
}
