import type { WebSocket } from 'ws';
import type { Logger } from '../../kernel/logger.ts';

type Done = (error?: Error) => void;

/**
 * A message that a connection took along when it broke is no error of whoever sent it, who hears of the close: the
 * library would write each of them to the console, with what the system said.
 */
export function forgiveBrokenSends(socket: WebSocket, logger: Logger): void {
  const send = socket.send.bind(socket);
  socket.send = (data: Parameters<typeof send>[0], options?: object | Done, done?: Done): void => {
    const callback = typeof options === 'function' ? (options as Done) : done;
    const forgive: Done = (error) => {
      if (error) logger.debug({ err: error }, 'a WebSocket broke with messages on their way');
      callback?.();
    };
    send(data, typeof options === 'function' ? {} : (options ?? {}), forgive);
  };
}
