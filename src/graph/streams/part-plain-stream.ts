import type { StreamMessage } from '../../live/stream-message.ts';
import type { Farewells } from './farewells.ts';

type Message = StreamMessage<unknown>;
type Result = IteratorResult<Message, undefined>;

const over: Result = { done: true, value: undefined };

/**
 * A stream that is only an iterator, made to end with a HEARTBEAT at the place where its reader stands: behind the last message that was
 * read. Where none was read there is no place, and it just ends.
 */
export function partPlainStream(source: AsyncIterable<Message>, farewells: Farewells): AsyncIterableIterator<Message> {
  const messages = source[Symbol.asyncIterator]();
  let cursor: string | undefined;
  let isParting = false;
  let isOver = false;
  /** Answers who waits for the next message. */
  let answer: ((result: Result) => void) | undefined;
  let takeBack = () => {};

  function end(): void {
    if (isOver) return;
    isOver = true;
    takeBack();
    // One that waits for its next message may answer this late, or not at all.
    messages.return?.()?.catch(() => undefined);
  }

  function last(): Result {
    end();
    if (cursor === undefined) return over;
    return { done: false, value: { type: 'HEARTBEAT', cursor, item: undefined, reason: undefined } };
  }

  function part(): void {
    isParting = true;
    if (!isOver) answer?.(last());
  }

  const iterator: AsyncIterableIterator<Message> = {
    next() {
      if (isOver) return Promise.resolve(over);
      if (isParting) return Promise.resolve(last());
      return new Promise<Result>((resolve, reject) => {
        answer = resolve;
        messages.next().then(
          (result) => {
            // What it still brings is read by nobody: the cursor does not count it.
            if (isParting) return;
            answer = undefined;
            if (result.done) {
              end();
              resolve(over);
              return;
            }
            cursor = result.value.cursor;
            resolve({ done: false, value: result.value });
          },
          (error: unknown) => {
            end();
            reject(error);
          },
        );
      });
    },
    return() {
      end();
      answer?.(over);
      return Promise.resolve(over);
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  takeBack = farewells.add(part);
  return iterator;
}
