import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A CloudEvent as it arrived. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly subject?: string;
  readonly streamcursor: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the subscription selects
  readonly data: { readonly data: any };
}

export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly event: ReceivedEvent;
  readonly status: number;
}

/** How one is answered: a status, or everything by hand. */
export type Answering = (event: ReceivedEvent, path: string) => number | ((response: ServerResponse) => void);

export interface WebhookReceiver {
  readonly url: string;
  /** In the order of their arrival, refused ones too. */
  readonly calls: readonly ReceivedCall[];
  /** Those of one path that were answered with success. */
  taken(path: string): readonly ReceivedEvent[];
  answer: Answering;
  stop(): Promise<void>;
}

/** An integrator's endpoint, on a free port of this machine. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const calls: ReceivedCall[] = [];
  const server = createServer(async (request, response) => {
    const event = (await json(request)) as ReceivedEvent;
    const path = request.url ?? '';
    const answer = receiver.answer(event, path);
    const status = typeof answer === 'number' ? answer : 0;
    calls.push({ path, headers: request.headers, event, status });
    if (typeof answer === 'number') response.writeHead(answer).end();
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    taken: (path) => calls.filter((call) => call.path === path && call.status === 204).map(({ event }) => event),
    answer: () => 204,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

/** What a receiver computes itself, by the rules of Standard Webhooks. */
export function signatureOf(secret: string, { headers }: ReceivedCall, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
