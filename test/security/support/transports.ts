import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphqlError[];
}

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What came over a stream until it was closed: by itself, or by us behind the message that marks the snapshot's end. */
export interface StreamAnswer {
  readonly messages: readonly Answer[];
  /** Whether the stream was still open when it was closed. */
  readonly wasOpen: boolean;
}

/** When a stream has told what it can: behind the marker that every stream has, or when it ends by itself. */
export type StreamEnd = 'snapshot' | 'itself';

/** One caller's way to the gateway. */
export interface Transport extends AsyncDisposable {
  readonly name: 'HTTP' | 'WebSocket';
  request(document: string): Promise<Answer>;
  /** Opens a stream and closes it at its end. */
  stream(document: string, end: StreamEnd, isSnapshot: (message: Answer) => boolean): Promise<StreamAnswer>;
}

export function overHttp(url: string, token: string | undefined): Transport {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return {
    name: 'HTTP',
    async request(query) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...headers, accept: 'application/json' },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as Answer;
    },
    async stream(query, end, isSnapshot) {
      const controller = new AbortController();
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...headers, accept: 'text/event-stream' },
        body: JSON.stringify({ query }),
        signal: controller.signal,
      });
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
        return { messages: [(await response.json()) as Answer], wasOpen: false };
      }
      const messages: Answer[] = [];
      try {
        for await (const event of serverSentEvents(response)) {
          if (event.name === 'complete') return { messages, wasOpen: false };
          if (event.name !== 'next') continue;
          const message = JSON.parse(event.data) as Answer;
          messages.push(message);
          if (end === 'snapshot' && isSnapshot(message)) return { messages, wasOpen: true };
        }
        return { messages, wasOpen: false };
      } catch (error) {
        if (controller.signal.aborted) return { messages, wasOpen: true };
        throw error;
      } finally {
        controller.abort();
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** One socket for all that a caller asks. */
export function overWebSocket(url: string, token: string | undefined): Transport {
  const client: Client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
    connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}` },
    onNonLazyError: () => {},
  });
  const request = (query: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      let answer: Answer | undefined;
      client.subscribe(
        { query },
        {
          next: (message) => {
            answer = message as Answer;
          },
          error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
          complete: () => resolve(answer ?? {}),
        },
      );
    });
  return {
    name: 'WebSocket',
    request,
    stream(query, end, isSnapshot) {
      return new Promise((resolve, reject) => {
        const messages: Answer[] = [];
        let isOver = false;
        const finish = (wasOpen: boolean) => {
          if (isOver) return;
          isOver = true;
          resolve({ messages, wasOpen });
          close();
        };
        const close = client.subscribe(
          { query },
          {
            next: (message) => {
              messages.push(message as Answer);
              if (end === 'snapshot' && isSnapshot(message as Answer)) queueMicrotask(() => finish(true));
            },
            error: (error) => {
              if (!Array.isArray(error)) return reject(error);
              messages.push({ errors: error as readonly GraphqlError[] });
              finish(false);
            },
            complete: () => finish(false),
          },
        );
      });
    },
    [Symbol.asyncDispose]: async () => {
      await client.dispose();
    },
  };
}

interface ServerSentEvent {
  readonly name: string;
  readonly data: string;
}

/** Events and, as events without a name, the comments that keep a connection alive. */
async function* serverSentEvents(response: Response): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const name = lines.find((line) => line.startsWith('event: '))?.slice(7) ?? '';
      const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
      yield { name, data: data.join('\n') };
    }
  }
}
