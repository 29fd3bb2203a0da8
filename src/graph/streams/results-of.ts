import type { ExecutionResult } from 'graphql';
import type { MessageSource } from '../../live/message-source.ts';
import type { MessageRenderer } from './message-renderer.ts';

/** A result that knows its own text: whoever sends it asks `stringify`, as Yoga does. */
type ResultAsText = ExecutionResult & { readonly stringify: () => string };

/** The same messages for transports that iterate over results. */
export function resultsOf(source: MessageSource, renderer: MessageRenderer): AsyncIterableIterator<ExecutionResult> {
  let hasLeft = false;
  function leave(): void {
    if (!hasLeft) renderer.leave();
    hasLeft = true;
  }

  // No generator: its `return` would wait for a message that may never come.
  const results: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      try {
        for (;;) {
          const { done, value } = await source.next();
          if (done) break;
          const text = await renderer.render(value);
          if (text !== undefined) return { done: false, value: resultOf(text) };
        }
      } catch (error) {
        leave();
        throw error;
      }
      leave();
      return { done: true, value: undefined };
    },
    async return() {
      leave();
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}

/** Parsed only where somebody looks at it. */
function resultOf(text: string): ResultAsText {
  let parsed: ExecutionResult | undefined;
  return {
    get data() {
      parsed ??= JSON.parse(text) as ExecutionResult;
      return parsed.data as NonNullable<ExecutionResult['data']>;
    },
    stringify: () => text,
  };
}
