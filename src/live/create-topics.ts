import { randomBytes } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { openTopicStream } from './open-topic-stream.ts';
import { safely } from './safely.ts';
import { defaultStreamLimits, type StreamLimits } from './stream-limits.ts';
import { createTopicLog, type PlacedEvent, type TopicLog } from './topic-log.ts';
import type { TopicRef, TopicSubscription, Topics } from './topics.ts';

export interface TopicsOptions {
  /** Every topic there is, from the manifests. */
  readonly topics: readonly TopicRef<unknown>[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<StreamLimits>;
}

export interface RunningTopics extends Topics {
  /** Streams that are open. */
  readonly open: number;
  /** Ends every stream. */
  stop(): void;
}

interface Subscriber {
  onEvent(placed: PlacedEvent<unknown>): void;
  close(): void;
}

interface Topic {
  readonly log: TopicLog<unknown>;
  readonly subscribers: Set<Subscriber>;
}

/** Throws where two plugins declare one topic. */
export function createTopics(options: TopicsOptions): RunningTopics {
  const { clock, logger } = options;
  const limits = { ...defaultStreamLimits, ...options.limits };
  // The memory lives and dies with this process, and so do positions in it.
  const epoch = randomBytes(6).toString('base64url');
  const topics = new Map<string, Topic>();
  for (const { name } of options.topics) {
    if (topics.has(name)) throw new Error(`The topic '${name}' is declared twice.`);
    topics.set(name, { log: createTopicLog(limits.ringEvents), subscribers: new Set() });
  }

  function topicOf(ref: TopicRef<unknown>): Topic {
    const topic = topics.get(ref.name);
    if (!topic) throw new Error(`No plugin declares the topic '${ref.name}'. Add it to the manifest's topics.`);
    return topic;
  }

  return {
    publish(ref, payload, { cluster, type = 'ADDED', previous } = {}) {
      const { log, subscribers } = topicOf(ref);
      const placed = log.append({ type, payload, previous, cluster });
      for (const subscriber of subscribers) {
        safely(logger, 'a subscriber', () => subscriber.onEvent(placed), undefined);
      }
    },
    subscribe<T>(subscription: TopicSubscription<T>) {
      const topic = topicOf(subscription.topic);
      let isClosed = false;
      let leave = () => {};
      const stream = openTopicStream<T>({
        subscription: {
          ...subscription,
          onClose(error) {
            isClosed = true;
            leave();
            subscription.onClose?.(error);
          },
        },
        // What is published under a reference has the reference's type.
        log: topic.log as TopicLog<T>,
        clock,
        logger,
        limits,
        epoch,
      });
      const subscriber: Subscriber = {
        onEvent: (placed) => stream.onEvent(placed as PlacedEvent<T>),
        close: () => stream.close(),
      };
      leave = () => topic.subscribers.delete(subscriber);
      if (!isClosed) topic.subscribers.add(subscriber);
      return stream;
    },
    get open() {
      return [...topics.values()].reduce((sum, topic) => sum + topic.subscribers.size, 0);
    },
    stop() {
      for (const topic of topics.values()) for (const subscriber of [...topic.subscribers]) subscriber.close();
    },
  };
}
