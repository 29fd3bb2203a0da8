import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { maskOnce } from '../../graph/execution/use-mask.ts';
import type { StreamTransportContext } from '../../graph/streams/use-streams.ts';
import type { Logger } from '../../kernel/logger.ts';
import { RequestError } from '../../kernel/request-error.ts';
import { SlowReaderError } from '../../live/slow-reader-error.ts';
import type { EventStream } from '../http/event-streams.ts';
import type { ServerContext } from './create-graphql-engine.ts';
import { withRequestId } from './use-request-id.ts';

/** Subscriptions over HTTP: the stream takes its place when it opens, and says why where it is ended from outside. */
export function useEventStreams(logger: Logger): Plugin {
  return {
    onSubscribe({ args }) {
      const { requestId, openEventStream } = args.contextValue as unknown as ServerContext;
      const stream = openEventStream?.();
      if (!stream) return;
      Object.assign(args.contextValue as object, { farewells: stream.farewells } satisfies StreamTransportContext);
      const explain = (error: unknown): ExecutionResult => ({
        errors: [withRequestId(maskOnce(error, requestId, logger), requestId)],
      });
      return {
        onSubscribeResult({ result, setResult }) {
          if (Symbol.asyncIterator in result) setResult(endable(result, stream, explain));
          else stream.close();
        },
        onSubscribeError: () => stream.close(),
      };
    },
  };
}

type Results = AsyncIterable<ExecutionResult>;

/** The same results, and one with the reason where the stream is ended from outside. */
function endable(results: Results, stream: EventStream, explain: (error: unknown) => ExecutionResult) {
  const source = results[Symbol.asyncIterator]();
  const ended = { done: true as const, value: undefined };
  let isOver = false;
  let isReleased = false;
  let ending: { readonly reason: unknown } | undefined;
  let wake: ((result: { readonly reason: unknown }) => void) | undefined;
  // One reaction for the whole stream: racing against it for each message would keep a reaction for each.
  stream.ending.then(
    (reason) => {
      ending = { reason };
      wake?.(ending);
      // Who does not read may never come for the reason: nothing is kept for it until then.
      release();
    },
    () => undefined,
  );

  function release(): void {
    if (isReleased) return;
    isReleased = true;
    // A source that waits for its next result may answer this late, or not at all: nobody waits for it.
    source.return?.().catch(() => undefined);
  }

  function finish(): void {
    if (isOver) return;
    isOver = true;
    stream.close();
    release();
  }

  function nextOrEnding(): Promise<IteratorResult<ExecutionResult> | { readonly reason: unknown }> {
    return new Promise((resolve) => {
      if (ending) return resolve(ending);
      wake = resolve;
      source.next().then(resolve, (error: unknown) => resolve({ reason: readable(error) }));
    });
  }

  const endableResults: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      if (isOver) return ended;
      const result = await nextOrEnding();
      if ('reason' in result) {
        finish();
        return { done: false, value: explain(result.reason) };
      }
      if (!result.done) return result;
      const { lastWord } = stream;
      finish();
      return lastWord ? { done: false, value: explain(lastWord) } : result;
    },
    async return() {
      finish();
      return ended;
    },
    [Symbol.asyncIterator]: () => endableResults,
  };
  return endableResults;
}

const readable = (error: unknown): unknown =>
  error instanceof SlowReaderError ? new RequestError('OVERLOADED', error.message, { cause: error }) : error;
