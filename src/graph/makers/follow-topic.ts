import { AnswerError } from '../../kernel/answer-error.ts';
import { RequestError } from '../../kernel/request-error.ts';
import type { StreamMessage } from '../../live/stream-message.ts';
import type { TopicRef } from '../../live/topics.ts';
import type { RequestContext } from '../request-context.ts';
import type { StreamArguments } from './register-subscription.ts';

export interface FollowTopicOptions<T> {
  readonly topic: TopicRef<T>;
  /** Whether the caller may see it; asked for each event, since rights may change while the stream is open. */
  readonly isVisible: (payload: T) => boolean;
  /** Compiles the caller's filter, once; what it throws about the filter is bad input of the request. */
  readonly filter?: () => (payload: T) => boolean;
  /** What is there now, for the snapshot; the filter and the rights are applied to it too. */
  readonly initial?: () => Iterable<T> | Promise<Iterable<T>>;
  /** Same for all states of one thing, for `throttleMs`; its `uuid` where it is not said. */
  readonly keyOf?: (payload: T) => string | undefined;
  readonly args: StreamArguments;
  readonly context: RequestContext;
}

/** Events of a plugin's topic as this caller may see them: the `subscribe` of a `registerSubscription`. */
export function followTopic<T>(options: FollowTopicOptions<T>): AsyncIterable<StreamMessage<T>> {
  const { topic, isVisible, args, context } = options;
  const passes = compile(options.filter ?? (() => () => true));
  const matches = (payload: T) => passes(payload) && isVisible(payload);
  const { initial } = options;
  return context.services.topics.subscribe<T>({
    topic,
    matches,
    initial: initial && args.snapshot ? async () => [...(await initial())].filter(matches) : undefined,
    after: args.after ?? undefined,
    throttleMs: args.throttleMs,
    keyOf: options.keyOf ?? uuidOf,
    signal: context.signal,
    onClose: context.onStreamClosed,
  });
}

function uuidOf(payload: unknown): string | undefined {
  const { uuid } = (payload ?? {}) as { readonly uuid?: unknown };
  return typeof uuid === 'string' ? uuid : undefined;
}

function compile<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof AnswerError) throw new RequestError('BAD_USER_INPUT', error.message, { cause: error });
    throw error;
  }
}
