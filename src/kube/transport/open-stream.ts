import type { Dispatcher } from 'undici';
import type { KubeStream } from './cluster-transport.ts';

/** After its headers a stream lives until one of the signals aborts or it is closed; then `onClosed` is called, once. */
export function openStream(
  response: Dispatcher.ResponseData,
  signals: readonly (AbortSignal | undefined)[],
  onClosed: () => void,
): KubeStream {
  const { body } = response;
  const end = () => {
    body.destroy();
  };
  for (const signal of signals) signal?.addEventListener('abort', end, { once: true });
  body.once('close', () => {
    for (const signal of signals) signal?.removeEventListener('abort', end);
    onClosed();
  });
  if (signals.some((signal) => signal?.aborted)) end();
  return { body, close: end };
}
