import { randomBytes } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { createEventMemory } from './event-memory.ts';
import { safely } from './safely.ts';
import { sizeOf } from './size-of.ts';
import type { LogFollower, TopicLog } from './topic-log.ts';
import type { TopicEvent } from './topics.ts';

/** A topic of this process alone. Its memory lives and dies with it, and so do positions in it. */
export function createLocalLog<T>(options: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly memory: { readonly events: number; readonly bytes: number };
}): TopicLog<T> & { append(event: TopicEvent<T>): void } {
  const { clock, logger } = options;
  const epoch = randomBytes(6).toString('base64url');
  const memory = createEventMemory<T>(0, options.memory);
  const followers = new Set<LogFollower<T>>();

  return {
    epoch,
    get head() {
      return memory.head;
    },
    append(event) {
      const logged = { position: memory.head + 1, atMs: clock.now(), event };
      memory.push(logged, sizeOf(event.payload));
      for (const follower of followers) safely(logger, 'a subscriber', () => follower.onEvent(logged), undefined);
    },
    refresh: () => undefined,
    after: (position) => (position > memory.head ? 'expired' : (memory.after(position) ?? 'expired')),
    read: () => Promise.resolve('expired'),
    positionAt: (sinceMs) => Promise.resolve(memory.positionAt(sinceMs) ?? memory.head),
    join(follower) {
      followers.add(follower);
      return () => {
        followers.delete(follower);
      };
    },
  };
}
