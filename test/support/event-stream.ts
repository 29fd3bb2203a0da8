import { print } from 'graphql';
import type { Operation } from '../../src/testing.ts';

export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

export interface EventStream extends AsyncDisposable {
  readonly status: number;
  /** Everything that has arrived, comments apart. */
  readonly events: readonly ServerEvent[];
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A subscription over server-sent events in distinct connections mode (graphql-sse). */
export async function openEventStream<Result, Variables>(
  url: string,
  operation: Operation<Result, Variables>,
  variables?: Variables,
  options: { readonly token?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<EventStream> {
  const controller = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    body: JSON.stringify({ query: typeof operation === 'string' ? operation : print(operation), variables }),
    signal: controller.signal,
  });
  const events: ServerEvent[] = [];
  const ended = readEvents(response, events).catch((error: unknown) => {
    if (!controller.signal.aborted) throw error;
  });
  // Who does not wait for the end is not to be ended by how it ends.
  ended.catch(() => {});
  const stop = async () => {
    controller.abort();
    await ended;
  };
  return { status: response.status, events, ended, stop, [Symbol.asyncDispose]: stop };
}

async function readEvents(response: Response, events: ServerEvent[]): Promise<void> {
  let rest = '';
  for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream() as never)) {
    const blocks = (rest + String(chunk)).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block.split('\n').map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      });
      const event = fields.find(([name]) => name === 'event')?.[1];
      const data = fields.filter(([name]) => name === 'data').map(([, text]) => text);
      if (event !== undefined)
        events.push({ event, data: data.join('') === '' ? undefined : JSON.parse(data.join('\n')) });
    }
  }
}
