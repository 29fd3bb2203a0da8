import { GraphQLError } from 'graphql';
import { SlowReaderError } from '../../live/slow-reader-error.ts';

/**
 * A reader who stopped reading is closed by its socket (1013), not told so over the socket it does not read. Neither is one whose stream
 * goes on elsewhere told that it is complete: `farewell` answers what to wait for then.
 */
export function endQuietly<T>(result: T, farewell: () => Promise<void> | undefined): T {
  if (!isAsyncIterable(result)) return result;
  const source = result[Symbol.asyncIterator]();
  const ended = { done: true as const, value: undefined };
  const guarded: AsyncIterableIterator<unknown> = {
    [Symbol.asyncIterator]: () => guarded,
    async next() {
      try {
        const next = await source.next();
        if (next.done) await farewell();
        return next;
      } catch (error) {
        if (isSlowReader(error)) return ended;
        throw error;
      }
    },
    return: async () => (await source.return?.()) ?? ended,
  };
  return guarded as T;
}

export const isSlowReader = (error: unknown): boolean =>
  error instanceof SlowReaderError || (error instanceof GraphQLError && error.originalError instanceof SlowReaderError);

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
