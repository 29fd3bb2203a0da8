import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { openEventStream } from '../../support/event-stream.ts';

export interface Message {
  readonly type: string;
  readonly cursor: string;
  readonly reason?: string | null;
  readonly item?: {
    readonly name?: string;
    readonly id?: string;
    readonly resourceVersion?: string;
    readonly status?: string;
    readonly target?: { readonly name: string | null };
  } | null;
}

/** One who keeps the last cursor, and comes back with it whenever the stream ends. */
export interface ResumingSubscriber extends AsyncDisposable {
  readonly messages: readonly Message[];
  /** How its connections were closed, in order; over SSE with the code of the error that ended the stream. */
  readonly ends: readonly (string | number)[];
  /** What a client must never hear. */
  readonly faults: readonly unknown[];
}

export interface SubscriberOptions {
  readonly url: string;
  readonly token: string;
  /** With a variable `$after`; its field has the alias `stream`, and the object in it the alias `item`. */
  readonly query: string;
}

/** The real client of graphql-ws, which connects again by itself; its variables are read anew each time. */
export function subscribeOverWebSocket({ url, token, query }: SubscriberOptions): ResumingSubscriber {
  const messages: Message[] = [];
  const ends: (string | number)[] = [];
  const faults: unknown[] = [];
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 1_000,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
    shouldRetry: () => true,
    on: { closed: (event) => ends.push((event as { code: number }).code) },
  });
  const variables: { after?: string } = {};
  let isOver = false;
  const dispose = client.subscribe<{ stream: Message }>(
    { query, variables },
    {
      next({ data, errors }) {
        if (errors) faults.push(errors);
        if (!data) return;
        variables.after = data.stream.cursor;
        messages.push(data.stream);
      },
      error: (error) => faults.push(error),
      complete: () => {
        if (!isOver) faults.push('complete');
      },
    },
  );
  return {
    messages,
    ends,
    faults,
    async [Symbol.asyncDispose]() {
      isOver = true;
      dispose();
      await client.dispose();
    },
  };
}

/** A reader of server-sent events, as a browser's would be that keeps the cursor. */
export function subscribeOverEvents({ url, token, query }: SubscriberOptions): ResumingSubscriber {
  const messages: Message[] = [];
  const ends: (string | number)[] = [];
  const faults: unknown[] = [];
  const variables: { after?: string } = {};
  let isOver = false;
  let stop = () => Promise.resolve();

  async function follow(): Promise<void> {
    while (!isOver) {
      try {
        const stream = await openEventStream(url, query, variables, { token });
        stop = stream.stop;
        if (isOver) await stop();
        let read = 0;
        let isEnded = false;
        const end = () => {
          isEnded = true;
        };
        stream.ended.then(end, end);
        while (!isEnded || read < stream.events.length) {
          for (; read < stream.events.length; read += 1) take(stream.events[read]);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      } catch (error) {
        ends.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  function take(event: { readonly event: string; readonly data: unknown } | undefined): void {
    if (event?.event !== 'next') return;
    const { data, errors } = event.data as {
      data?: { stream: Message };
      errors?: { extensions: { code: string } }[];
    };
    for (const { extensions } of errors ?? []) ends.push(extensions.code);
    if (!data?.stream) return;
    variables.after = data.stream.cursor;
    messages.push(data.stream);
  }

  const done = follow().catch((error: unknown) => faults.push(error));
  return {
    messages,
    ends,
    faults,
    async [Symbol.asyncDispose]() {
      isOver = true;
      await stop();
      await done;
    },
  };
}
