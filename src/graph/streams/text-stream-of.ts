import type { MessageSource } from '../../live/message-source.ts';
import type { MessageRenderer } from './message-renderer.ts';
import type { TextStream } from './text-stream.ts';

/** The messages of a stream as their subscriber is sent them. */
export function textStreamOf(source: MessageSource, renderer: MessageRenderer): TextStream {
  let hasLeft = false;
  return {
    get ended() {
      return source.ended;
    },
    attach: (reader) => source.attach(reader),
    take() {
      for (let message = source.take(); message !== undefined; message = source.take()) {
        const text = renderer.render(message);
        if (text !== undefined) return text;
      }
      return undefined;
    },
    close() {
      if (hasLeft) return;
      hasLeft = true;
      renderer.leave();
      source.return?.().catch(() => undefined);
    },
  };
}
