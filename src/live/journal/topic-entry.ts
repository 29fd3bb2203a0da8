import type { TopicGap } from '../topic-log.ts';
import type { TopicEvent } from '../topics.ts';
import type { TopicCodec } from './topic-codec.ts';

interface StoredEvent {
  readonly type: TopicEvent<unknown>['type'] | 'GAP';
  readonly cluster?: string;
  readonly payload?: unknown;
  readonly previous?: unknown;
}

/** The event as JSON. Throws where its payload has none. */
export function encodeTopicEntry<T>(event: TopicEvent<T> | TopicGap, codec: TopicCodec<T>): string {
  const { type, cluster } = event;
  const place = cluster === undefined ? {} : { cluster };
  if (type === 'GAP') return JSON.stringify({ type, ...place } satisfies StoredEvent);
  const { payload, previous } = event;
  const before = previous === undefined ? {} : { previous: codec.encode(previous) };
  return JSON.stringify({ type, ...place, payload: codec.encode(payload), ...before } satisfies StoredEvent);
}

export function decodeTopicEntry<T>(json: string, codec: TopicCodec<T>): TopicEvent<T> | TopicGap {
  const { type, cluster, payload, previous }: StoredEvent = JSON.parse(json);
  if (type === 'GAP') return { type, cluster };
  const before = previous === undefined ? undefined : codec.decode(previous);
  return { type, cluster, payload: codec.decode(payload), previous: before };
}
