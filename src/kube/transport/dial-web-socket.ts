import type { IncomingMessage } from 'node:http';
import { Agent } from 'node:https';
import { WebSocket } from 'ws';
import type { AppliedCredentials } from './create-credentials.ts';
import { KubeStatusError } from './kube-status-error.ts';
import { parseStatus } from './parse-status.ts';

/** Largest message that a cluster may send; kubelets write 32 KiB at a time. */
const maxMessageBytes = 1_048_577;
const maxErrorBytes = 256 * 1024;

/**
 * Opens a WebSocket to a cluster with what `AppliedCredentials` say. It is paused: listen, then `resume`. Rejects with a
 * `KubeStatusError` where the server answers instead, with the signal's reason, or with what the socket or TLS said.
 */
export function dialWebSocket(options: {
  /** Path and query, the server's own prefix included. */
  readonly path: string;
  readonly protocols: readonly string[];
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly credentials: AppliedCredentials;
  readonly signal: AbortSignal;
}): Promise<WebSocket> {
  const { credentials, signal } = options;
  const url = new URL(options.path, credentials.server);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  const socket = new WebSocket(url, [...options.protocols], {
    ...credentials.tls,
    ...proxyOf(credentials),
    ...(credentials.lookup && { lookup: credentials.lookup }),
    headers: options.headers as Record<string, string>,
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
  });
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason);
      socket.terminate();
    };
    const settle = () => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort, { once: true });
    // Stays for good: what ends the socket later is told by its close.
    socket.on('error', (error) => {
      settle();
      reject(error);
    });
    socket.once('unexpected-response', (_request, response) => {
      readRefusal(response).then(
        (refusal) => {
          settle();
          reject(refusal);
          socket.terminate();
        },
        (error: unknown) => {
          settle();
          reject(error);
          socket.terminate();
        },
      );
    });
    socket.once('open', () => {
      settle();
      socket.pause();
      resolve(socket);
    });
    if (signal.aborted) onAbort();
  });
}

/** A tunnel through the proxy that the kubeconfig names. */
function proxyOf({ proxyUrl, tls }: AppliedCredentials): { readonly agent?: Agent } {
  if (proxyUrl === undefined || proxyUrl === '') return {};
  return { agent: new Agent({ ...tls, keepAlive: false, proxyEnv: { HTTPS_PROXY: proxyUrl, HTTP_PROXY: proxyUrl } }) };
}

async function readRefusal(response: IncomingMessage): Promise<KubeStatusError> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxErrorBytes) break;
    chunks.push(chunk as Buffer);
  }
  const status = response.statusCode ?? 0;
  const text = Buffer.concat(chunks).toString();
  const refusal = parseStatus(status, text, { isSecret: false, retryAfter: response.headers['retry-after'] });
  if (refusal.reason !== '' || !isPlainText(response)) return refusal;
  // Behind the API server a kubelet refuses, in plain words.
  const words = text.trim().slice(0, 300);
  return words === '' ? refusal : new KubeStatusError(status, words, refusal);
}

const isPlainText = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('text/plain') === true;
