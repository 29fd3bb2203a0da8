import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { createLocalLog } from './create-local-log.ts';
import { createCursorEncoder } from './cursor-encoder.ts';
import { createJournalLog } from './journal/create-journal-log.ts';
import type { Journal } from './journal/journal.ts';
import { plainCodec } from './journal/topic-codec.ts';
import { encodeTopicEntry } from './journal/topic-entry.ts';
import { openTopicStream } from './open-topic-stream.ts';
import { defaultStreamLimits, type StreamLimits } from './stream-limits.ts';
import { createThrottleWindows } from './throttle-windows.ts';
import type { TopicGap, TopicLog } from './topic-log.ts';
import type { TopicEvent, TopicRef, TopicSubscription, Topics } from './topics.ts';

export interface TopicsOptions {
  /** Every topic there is, from the manifests. */
  readonly topics: readonly TopicRef<unknown>[];
  readonly journal: Journal;
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

interface Topic {
  readonly log: TopicLog<unknown>;
  readonly streams: Set<() => void>;
  publish(event: TopicEvent<unknown>): Promise<void>;
  stop(): void;
}

/** Throws where two plugins declare one topic. */
export function createTopics(options: TopicsOptions): RunningTopics {
  const { clock, logger } = options;
  const limits = { ...defaultStreamLimits, ...options.limits };
  const topics = new Map<string, Topic>();
  const cursors = createCursorEncoder();
  const windows = createThrottleWindows(clock, logger);
  for (const ref of options.topics) {
    if (topics.has(ref.name)) throw new Error(`The topic '${ref.name}' is declared twice.`);
    topics.set(ref.name, ref.isLocal ? createLocalTopic(options, limits) : createDurableTopic(ref, options, limits));
  }

  function topicOf(ref: TopicRef<unknown>): Topic {
    const topic = topics.get(ref.name);
    if (!topic) throw new Error(`No plugin declares the topic '${ref.name}'. Add it to the manifest's topics.`);
    return topic;
  }

  return {
    publish: (ref, payload, { cluster, type = 'ADDED', previous } = {}) =>
      topicOf(ref).publish({ type, payload, previous, cluster }),
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
        cursors,
        windows,
      });
      const close = () => stream.close();
      leave = () => topic.streams.delete(close);
      if (!isClosed) topic.streams.add(close);
      return stream;
    },
    async cursorNow({ name }) {
      const { epoch, head } = await options.journal.headNow(name);
      return cursors.at({ topic: name, epoch, scope: '' }).encode([{ name: '', position: String(head) }]);
    },
    get open() {
      return [...topics.values()].reduce((sum, topic) => sum + topic.streams.size, 0);
    },
    stop() {
      for (const topic of topics.values()) {
        for (const close of [...topic.streams]) close();
        topic.stop();
      }
    },
  };
}

function createLocalTopic({ clock, logger }: TopicsOptions, limits: StreamLimits): Topic {
  const memory = { events: limits.ringEvents, bytes: limits.queueBytes };
  const log = createLocalLog<unknown>({ clock, logger, memory });
  return {
    log,
    streams: new Set(),
    publish(event) {
      log.append(event);
      return Promise.resolve();
    },
    stop() {},
  };
}

function createDurableTopic(ref: TopicRef<unknown>, options: TopicsOptions, limits: StreamLimits): Topic {
  const { journal, clock, logger } = options;
  const { name: stream, codec = plainCodec } = ref;
  const log = createJournalLog({ journal, stream, codec, clock, logger, limits });
  const publish = (event: TopicEvent<unknown> | TopicGap) => journal.publish(stream, [encodeTopicEntry(event, codec)]);
  return { log, streams: new Set(), publish, stop: log.stop };
}
