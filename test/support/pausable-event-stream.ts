import { type IncomingMessage, request } from 'node:http';

export interface PausableEventStream extends AsyncDisposable {
  /** The data of each event, in order; of `complete` there is none. */
  readonly results: readonly { readonly data?: unknown; readonly errors?: readonly unknown[] }[];
  readonly isComplete: boolean;
  /** How the response ended: whole, or cut before its end. */
  readonly ended: Promise<'whole' | 'cut'>;
  /** Stops reading, as a program that hangs does. */
  pause(): void;
  resume(): void;
}

/** A subscription over server-sent events by a client that can stop reading. */
export async function pausableEventStream(url: string, query: string, token: string): Promise<PausableEventStream> {
  const asking = request(`${url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
    },
  });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asking.once('response', resolve).once('error', reject);
    asking.end(JSON.stringify({ query }));
  });
  const results: { data?: unknown; errors?: readonly unknown[] }[] = [];
  const stream = { isComplete: false };
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith('event: complete')) stream.isComplete = true;
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data) results.push(JSON.parse(data));
    }
  });
  response.on('error', () => undefined);
  const ended = new Promise<'whole' | 'cut'>((resolve) => {
    response.once('close', () => resolve(response.complete ? 'whole' : 'cut'));
  });
  return {
    results,
    get isComplete() {
      return stream.isComplete;
    },
    ended,
    pause: () => response.pause(),
    resume: () => response.resume(),
    async [Symbol.asyncDispose]() {
      response.destroy();
      await ended;
    },
  };
}
