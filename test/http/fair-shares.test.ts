import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { openEventStream } from '../support/event-stream.ts';
import { rawWebSocket } from '../support/raw-web-socket.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const names = ['spender', 'streamer', 'modest', 'again'] as const;
const tokenOf = (name: (typeof names)[number]) => `the-token-of-a-${name}-that-is-long-enough`;
/** 1,000 rows of 30 fields. */
const dear = `{ pods(first: 1000) { nodes { ${Array.from({ length: 30 }, (_, index) => `f${index}: name`).join(' ')} } } }`;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    settings: {
      embedded: { engines: [] },
      tokens: names.map((name) => staticToken(name, tokenOf(name), { roles: ['ADMIN'] })),
      limits: { costPerMinute: 1_000_000, failedSignInsPerMinute: 60 },
    },
  });
});
afterAll(() => gateway?.stop());

const post = (query: string, token: string) =>
  fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });

/** Asks for what is dear until that is refused. */
async function spendAll(token: string): Promise<Response> {
  for (let index = 0; index < 50; index += 1) {
    // Another document each time: what is only given again costs little.
    const answer = await post(dear.replace('first: 1000', `first: ${1_000 - index}`), token);
    if (answer.status !== 200) return answer;
    await answer.body?.cancel();
  }
  throw new Error('It was never refused');
}

describe('a caller who asks for more than its share', () => {
  it('is told when to come back, and others are answered as ever (P32)', async () => {
    const refused = await spendAll(tokenOf('spender'));
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThan(60);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: seconds } }],
    });
    expect((await post('{ viewer { name } }', tokenOf('spender'))).status).toBe(429);
    expect((await post('{ viewer { name } }', tokenOf('modest'))).status).toBe(200);
  });

  it('opens no streams and asks nothing over those it has (P32)', async () => {
    const token = tokenOf('streamer');
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await until(() => expect(socket.received.length).toBe(1));
    await spendAll(token);
    socket.send({ id: 'q', type: 'subscribe', payload: { query: '{ viewer { name } }' } });
    socket.send({ id: 's', type: 'subscribe', payload: { query: 'subscription { podChanges { type } }' } });
    const limited = [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } }];
    await until(() =>
      expect(socket.received.filter(({ id }) => id === 'q')[0]).toMatchObject({ payload: { errors: limited } }),
    );
    await until(() =>
      expect(socket.received.filter(({ id }) => id === 's')[0]).toMatchObject({ payload: { errors: limited } }),
    );
    await using events = await openEventStream(gateway.url, 'subscription { podChanges { type } }', {}, { token });
    expect(events.status).toBe(429);
    await using another = rawWebSocket(gateway.url);
    await another.opened;
    another.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect((await another.closed).code).toBe(4429);
  });

  it('may have an answer that still holds again and again (P32)', async () => {
    const statuses = new Set<number>();
    for (let index = 0; index < 60; index += 1) statuses.add((await post(dear, tokenOf('again'))).status);
    expect(statuses).toEqual(new Set([200]));
  });

  it('stands in the metrics by what became of it, and by no name', async () => {
    const text = await (
      await fetch(`${gateway.url}/metrics`, { headers: { authorization: 'Bearer dev-admin' } })
    ).text();
    expect(text).toMatch(/longshore_refused_requests_total\{outcome="rate_limited"\} [1-9]/);
    expect(text).not.toContain('spender');
  });

  it('and an address that guesses tokens is refused before they are looked at, while who is in stays in (P32)', async () => {
    let last = 0;
    for (let index = 0; index < 100 && last !== 429; index += 1) {
      last = (await post('{ viewer { name } }', `guessed-${index}`)).status;
      if (index === 20) expect((await post('{ viewer { name } }', tokenOf('modest'))).status).toBe(200);
    }
    expect(last).toBe(429);
    expect((await post('{ viewer { name } }', tokenOf('modest'))).status).toBe(200);
  });
});
