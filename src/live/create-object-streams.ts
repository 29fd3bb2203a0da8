import { randomBytes } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { FollowedCluster } from './create-kind-hub.ts';
import { createCursorEncoder } from './cursor-encoder.ts';
import { createKindHubs } from './kind-hubs.ts';
import type { ObjectStreams } from './object-streams.ts';
import { openObjectStream } from './open-object-stream.ts';
import { defaultStreamLimits, type StreamLimits } from './stream-limits.ts';
import { createThrottleWindows } from './throttle-windows.ts';

/** The part of `Clusters` that streams need. */
export interface FollowedClusters {
  follow(join: (cluster: FollowedCluster, gone: AbortSignal) => void): () => void;
}

export interface ObjectStreamsOptions {
  readonly clusters: FollowedClusters;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<StreamLimits>;
}

export interface RunningObjectStreams extends ObjectStreams {
  /** (cluster, kind) pairs that are followed at the moment, lingering ones included. */
  readonly followed: number;
  /** Streams that are open. */
  readonly open: number;
  /** Ends every stream and gives every feed back. */
  stop(): void;
}

export function createObjectStreams(options: ObjectStreamsOptions): RunningObjectStreams {
  const limits = { ...defaultStreamLimits, ...options.limits };
  const { clock, logger, clusters } = options;
  const hubs = createKindHubs({ clock, logger, limits });
  const closers = new Set<() => void>();
  // The rings live and die with this process, and so do positions in them.
  const epoch = randomBytes(6).toString('base64url');
  const cursors = createCursorEncoder();
  const windows = createThrottleWindows(clock, logger);

  return {
    subscribe(subscription) {
      let isClosed = false;
      const stream = openObjectStream({
        subscription: {
          ...subscription,
          onClose(error) {
            isClosed = true;
            closers.delete(close);
            subscription.onClose?.(error);
          },
        },
        clusters,
        hubs,
        clock,
        logger,
        limits,
        epoch,
        cursors,
        windows,
      });
      if (!isClosed) closers.add(close);
      return stream;

      function close(): void {
        stream.close();
      }
    },
    get followed() {
      return hubs.size;
    },
    get open() {
      return closers.size;
    },
    stop() {
      for (const close of [...closers]) close();
      hubs.stop();
    },
  };
}
