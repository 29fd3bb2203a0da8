import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { hostileRequests } from '../support/hostile-requests.ts';
import { rawWebSocket } from '../support/raw-web-socket.ts';
import { until } from '../support/until.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(async () => {
  await gateway?.stop();
});

interface Refusal {
  readonly data?: unknown;
  readonly errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function send(
  body: string,
): Promise<{ readonly status: number; readonly answer: Refusal; readonly text: string }> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body,
  });
  const text = await response.text();
  return { status: response.status, text, answer: JSON.parse(text) as Refusal };
}

describe('a hostile request', () => {
  it.each(hostileRequests)('of $name is refused before it is executed (P31)', async ({ body, status, code }) => {
    const refused = await send(body);
    expect([refused.status, refused.answer.errors[0]?.extensions.code]).toEqual([status, code]);
    // Nothing was executed, and the answer is smaller than what was asked.
    expect(refused.answer).not.toHaveProperty('data');
    expect(refused.text.length).toBeLessThan(32_768);
    expect(new Set(refused.answer.errors.map(({ extensions }) => extensions.code))).toEqual(new Set([code]));
  });

  it('is refused over a WebSocket with the same code, and the socket lives on (P31)', async () => {
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send({ type: 'connection_init' });
    await until(() => expect(socket.received.length).toBe(1));
    const sent = hostileRequests.filter(({ body, status }) => status === 400 && body.startsWith('{'));
    expect(sent.length).toBeGreaterThan(20);
    for (const { name, body } of sent)
      socket.send(`{"id":${JSON.stringify(name)},"type":"subscribe","payload":${body}}`);
    const answers = () => socket.received.filter(({ type }) => type === 'error' || type === 'next');
    await until(() => expect(answers().length).toBe(sent.length));
    // What is found out only with the variables comes as a result, and that has no data.
    const codes = answers().map(({ id, payload }) => {
      const { errors, ...rest } = Array.isArray(payload) ? { errors: payload } : (payload as Refusal);
      return [id, (errors as Refusal['errors'])[0]?.extensions.code, rest];
    });
    expect(codes.toSorted()).toEqual(sent.map(({ name, code }) => [name, code, {}]).toSorted());
    socket.send({ id: 'last', type: 'subscribe', payload: { query: '{ viewer { name } }' } });
    await until(() => expect(socket.received.at(-1)).toEqual({ id: 'last', type: 'complete' }));
  });

  it('leaves the gateway as it was: a harmless one is answered', async () => {
    expect((await send('{"query":"{ viewer { name } }"}')).answer).toEqual({ data: { viewer: { name: 'dev-admin' } } });
  });
});
