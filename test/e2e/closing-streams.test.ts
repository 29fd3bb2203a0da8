import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { openEventStream } from '../support/event-stream.ts';
import { type RawWebSocket, rawWebSocket } from '../support/raw-web-socket.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';
import { NamespaceChangesDocument, PodChangesDocument } from '../typed/graphql.ts';

const podChanges = 'subscription { podChanges { type } }';
const init = { type: 'connection_init' };
const subscribe = (id: string, query = podChanges) => ({ id, type: 'subscribe', payload: { query } });

let gateway: TestGateway;
let silent: RawWebSocket;
let silentFor: Promise<number>;
beforeAll(async () => {
  gateway = await startTestGateway({
    settings: { limits: { subscriptionsPerSocket: 3, socketsPerPrincipal: 4 }, drainSeconds: 10 },
  });
  silent = rawWebSocket(gateway.url);
  const since = performance.now();
  silentFor = silent.closed.then(() => performance.now() - since);
});
afterAll(async () => {
  await silent?.[Symbol.asyncDispose]();
  await gateway?.stop();
});

/** Gives the gateway one more token while it runs. */
function grant(name: string, token: string, rights: Parameters<typeof staticToken>[2]): void {
  const entry = staticToken(name, token, rights);
  gateway.gateway.rooms.authenticator.replaceTokens([
    {
      name,
      sha256: entry.sha256,
      roles: rights.roles,
      namespaces: (rights.namespaces ?? []).map((namespace) => ({ cluster: '*', namespace })),
      groups: [],
      expiresAt: rights.expiresAt === undefined ? undefined : Date.parse(rights.expiresAt),
    },
  ]);
}

const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

describe('a WebSocket', () => {
  it.each([
    { name: 'a forged token', payload: { authorization: 'Bearer forged' } },
    { name: 'what is no bearer token', payload: { authorization: 'Basic ZGV2OmRldg==' } },
    { name: 'a well-known name in other spelling', payload: { authorization: 'Bearer dev-Admin' } },
    {
      name: 'an unsigned JSON Web Token',
      payload: { Authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJkZXYtYWRtaW4ifQ.' },
    },
  ])('closes with 4401 at $name', async ({ payload }) => {
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send({ ...init, payload });
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
    expect(socket.received).toEqual([]);
  });

  it('takes no token from the URL (refused)', async () => {
    await using socket = rawWebSocket(gateway.url, {
      path: '/graphql?authorization=Bearer%20forged&access_token=forged',
    });
    await socket.opened;
    socket.send(init);
    await until(() => expect(socket.received.length).toBe(1));
    socket.send(subscribe('a', '{ viewer { name } }'));
    await until(() =>
      expect(socket.received).toContainEqual({
        id: 'a',
        type: 'next',
        payload: { data: { viewer: { name: 'dev-admin' } } },
      }),
    );
  });

  it.each([
    { name: 'text that is no JSON', message: '{"type":' },
    { name: 'a message of no type', message: { id: 'a' } },
    { name: 'a type that nobody knows', message: { type: 'start' } },
    { name: 'a subscribe without a query', message: { id: 'a', type: 'subscribe', payload: {} } },
  ])('closes with 4400 at $name', async ({ message }) => {
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send(init);
    socket.send(message);
    const { code, reason } = await socket.closed;
    expect(code).toBe(4400);
    expect(reason).not.toMatch(/ at |\.[jt]s:/);
  });

  it('closes with 4401 where somebody subscribes before the init', async () => {
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send(subscribe('early'));
    expect((await socket.closed).code).toBe(4401);
  });

  it('closes with 4429 at a second init', async () => {
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send(init);
    socket.send(init);
    expect((await socket.closed).code).toBe(4429);
  });

  it('closes with 4409 where an id is taken', async () => {
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send(init);
    await until(() => expect(socket.received.length).toBe(1));
    socket.send(subscribe('same'));
    socket.send(subscribe('same'));
    expect((await socket.closed).code).toBe(4409);
  });

  it('refuses another protocol than graphql-transport-ws', async () => {
    await using socket = rawWebSocket(gateway.url, { protocol: 'graphql-ws' });
    await socket.opened;
    expect([1002, 1006, 4406]).toContain((await socket.closed).code);
  });

  it('refuses one subscription more than are allowed, and goes on with the others', async () => {
    await using socket = rawWebSocket(gateway.url);
    await socket.opened;
    socket.send(init);
    await until(() => expect(socket.received.length).toBe(1));
    for (const id of ['one', 'two', 'three', 'four'])
      socket.send(subscribe(id, 'subscription { namespaceChanges { type } }'));
    await until(() => expect(socket.received.find(({ type }) => type === 'error')).toBeDefined());
    const refused = socket.received.filter(({ type }) => type === 'error');
    expect(refused).toMatchObject([
      { id: 'four', payload: [{ extensions: { code: 'RATE_LIMITED', requestId: expect.any(String) } }] },
    ]);
    await until(() => {
      expect(new Set(socket.received.filter(({ type }) => type === 'next').map(({ id }) => id))).toEqual(
        new Set(['one', 'two', 'three']),
      );
    });
    // A place that becomes free is given away again.
    socket.send({ id: 'one', type: 'complete' });
    let attempt = 0;
    await until(() => {
      attempt += 1;
      socket.send(subscribe(`later-${attempt}`, '{ viewer { name } }'));
      expect(socket.received.some(({ id, type }) => id?.startsWith('later-') && type === 'next')).toBe(true);
    });
  });

  it('closes one connection more than a caller may have with 4429', async () => {
    const sockets = Array.from({ length: 4 }, () => rawWebSocket(gateway.url));
    for (const socket of sockets) {
      await socket.opened;
      socket.send({ ...init, payload: { authorization: 'Bearer dev-developer' } });
      await until(() => expect(socket.received.length).toBe(1));
    }
    await using oneMore = rawWebSocket(gateway.url);
    await oneMore.opened;
    oneMore.send({ ...init, payload: { authorization: 'Bearer dev-developer' } });
    expect((await oneMore.closed).code).toBe(4429);
    await using another = rawWebSocket(gateway.url);
    await another.opened;
    another.send(init);
    await until(() => expect(another.received.length).toBe(1));
    await Promise.all(sockets.map((socket) => socket[Symbol.asyncDispose]()));
  });

  it('closes with 4403 when its token expires, and the token is of no use afterwards (P22)', async () => {
    const token = 'a-token-that-lives-for-a-moment-only';
    grant('short-lived', token, { roles: ['DEVELOPER'], namespaces: ['shop'], expiresAt: soon(600) });
    await using stream = gateway.subscribe(PodChangesDocument, {}, { token });
    await stream.next();
    expect(await stream.closed).toEqual({ code: 4403, reason: 'Token expired' });
    await using again = gateway.subscribe(PodChangesDocument, {}, { token });
    expect(await again.closed).toMatchObject({ code: 4401 });
  });

  it('closes with 4403 when rights are taken away (P22, CORE-38)', async () => {
    const token = 'a-token-whose-rights-will-be-taken-away';
    grant('demoted', token, { roles: ['DEVELOPER'], namespaces: ['shop'] });
    await using stream = gateway.subscribe(PodChangesDocument, {}, { token });
    await stream.next();
    grant('demoted', token, { roles: ['DEVELOPER'], namespaces: [] });
    expect(await stream.closed).toMatchObject({ code: 4403 });
  });

  it('closes with 4408 where nobody says who it is for 3 seconds', async () => {
    expect((await silent.closed).code).toBe(4408);
    expect(await silentFor).toBeGreaterThan(2_500);
    expect(await silentFor).toBeLessThan(8_000);
  });
});

describe('a caller that goes before it is known who it is', () => {
  it('leaves nothing taken behind, neither of streams nor of requests under way (P32)', async () => {
    const { authenticator } = gateway.gateway.rooms;
    const { authenticate } = authenticator;
    const held = Promise.withResolvers<void>();
    const asked = vi.spyOn(authenticator, 'authenticate').mockImplementation(async (...caller) => {
      await held.promise;
      return authenticate(...caller);
    });
    const authorization = 'Bearer dev-developer';
    const gone = new AbortController();
    const headers = { authorization, 'content-type': 'application/json', accept: 'text/event-stream' };
    const body = JSON.stringify({ query: podChanges });
    const requests = Array.from({ length: 5 }, () =>
      fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body, signal: gone.signal }).catch(() => undefined),
    );
    const sockets = Array.from({ length: 5 }, () => rawWebSocket(gateway.url));
    for (const socket of sockets) {
      await socket.opened;
      socket.send({ ...init, payload: { authorization } });
    }
    await until(() => expect(asked).toHaveBeenCalledTimes(10));
    gone.abort();
    for (const socket of sockets) socket.kill();
    await Promise.all(requests);
    asked.mockRestore();
    const gauges = async () => (await fetch(`${gateway.url}/metrics`)).text();
    await until(async () => expect(await gauges()).toMatch(/^longshore_web_sockets 0$/m));
    held.resolve();
    await until(async () => {
      const text = await gauges();
      expect(text).toMatch(/^longshore_requests_in_flight 0$/m);
      expect(text).toMatch(/^longshore_event_streams 0$/m);
    });
    // As many as one caller may have: none of those is counted.
    const places = Array.from({ length: 4 }, () => rawWebSocket(gateway.url));
    for (const socket of places) {
      await socket.opened;
      socket.send({ ...init, payload: { authorization } });
      await until(() => expect(socket.received).toMatchObject([{ type: 'connection_ack' }]));
    }
    await Promise.all(places.map((socket) => socket[Symbol.asyncDispose]()));
  });
});

describe('a stream of server-sent events', () => {
  it('says the same as a WebSocket, in the same order', async () => {
    await using stream = gateway.subscribe(NamespaceChangesDocument, {});
    await stream.next(({ data }) => data?.namespaceChanges.type === 'SNAPSHOT');
    await using events = await openEventStream(gateway.url, NamespaceChangesDocument);
    await until(() => expect(events.events.length).toBe(stream.received.length));
    expect(events.events.map(({ event }) => event)).toEqual(stream.received.map(() => 'next'));
    const told = (data: unknown) => {
      const { namespaceChanges } = (data as { data: { namespaceChanges: { type: string; namespace: unknown } } }).data;
      return [namespaceChanges.type, namespaceChanges.namespace];
    };
    expect(events.events.map(({ data }) => told(data))).toEqual(stream.received.map(told));
  });

  it('is refused with 401 to a forged token', async () => {
    await using events = await openEventStream(gateway.url, PodChangesDocument, {}, { token: 'forged' });
    expect(events.status).toBe(401);
  });

  it('ends with an error and a complete when its token expires (P22)', async () => {
    const token = 'a-token-that-lives-for-a-moment-on-sse';
    grant('short-lived-events', token, { roles: ['DEVELOPER'], namespaces: ['shop'], expiresAt: soon(600) });
    await using events = await openEventStream(gateway.url, NamespaceChangesDocument, {}, { token });
    await until(() => expect(events.events.length).toBeGreaterThan(0));
    await events.ended;
    const [last, complete] = events.events.slice(-2);
    expect(last).toMatchObject({
      event: 'next',
      data: { errors: [{ extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) } }] },
    });
    expect(complete).toMatchObject({ event: 'complete' });
  });

  it('ends when rights are taken away (P22)', async () => {
    const token = 'a-token-whose-rights-on-sse-will-be-taken';
    grant('demoted-events', token, { roles: ['DEVELOPER'], namespaces: ['shop'] });
    await using events = await openEventStream(gateway.url, PodChangesDocument, {}, { token });
    await until(() => expect(events.events.length).toBeGreaterThan(0));
    grant('demoted-events', token, { roles: ['DEVELOPER'], namespaces: [] });
    await events.ended;
    expect(events.events.at(-1)).toMatchObject({ event: 'complete' });
  });

  it('takes no place of a query: a caller with many streams is still answered', async () => {
    const streams = await Promise.all(
      Array.from({ length: 4 }, () =>
        openEventStream(gateway.url, NamespaceChangesDocument, {}, { token: 'dev-developer' }),
      ),
    );
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await using oneMore = await openEventStream(gateway.url, NamespaceChangesDocument, {}, { token: 'dev-developer' });
    expect(oneMore.status).toBe(429);
    const answer = await gateway.query('{ viewer { name } }', {}, { token: 'dev-developer' });
    expect(answer.data).toEqual({ viewer: { name: 'dev-developer' } });
    await Promise.all(streams.map((stream) => stream.stop()));
  });
});

describe('a drain', () => {
  it('asks every stream to come back, ends what is under way and is done well within its time (P37)', async () => {
    await using stream = gateway.subscribe(PodChangesDocument, {});
    await stream.next();
    await using events = await openEventStream(gateway.url, PodChangesDocument);
    await until(() => expect(events.events.length).toBeGreaterThan(0));
    let delayed = 0;
    gateway.cluster.faults = ({ verb, resource }) => {
      if (verb !== 'list' || resource !== 'leases') return undefined;
      delayed += 1;
      return { delayMs: 500 };
    };
    const slow = gateway.query(
      '{ objects(cluster: "embedded", apiVersion: "coordination.k8s.io/v1", kind: "Lease") { problems { code } } }',
    );
    await until(() => expect(delayed).toBe(1));

    const started = performance.now();
    const drained = gateway.gateway.drain();
    expect(await stream.closed).toMatchObject({ code: 1012 });
    expect((await slow).data).toEqual({ objects: { problems: [] } });
    await events.ended;
    expect(events.events.at(-1)).toMatchObject({ event: 'complete' });
    await drained;
    expect(performance.now() - started).toBeLessThan(5_000);
    await expect(fetch(`${gateway.url}/livez`)).rejects.toThrow();
  });
});

describe('a planned drain', () => {
  const cursors = 'subscription { podChanges { type cursor } }';
  const typesOf = (messages: readonly { payload?: unknown }[]) =>
    messages.flatMap(({ payload }) => {
      const { podChanges } = (payload as { data?: { podChanges?: { type: string; cursor: string } } })?.data ?? {};
      return podChanges ? [podChanges] : [];
    });

  it('still serves until balancers have noticed, moves every stream with its cursor, and takes no new one meanwhile (P37)', async () => {
    await using one = await startTestGateway({
      settings: { drainNoticeSeconds: 60, drainSpreadSeconds: 60, drainSeconds: 120 },
    });
    const sockets = await Promise.all(
      ['first', 'second'].map(async () => {
        const socket = rawWebSocket(one.url);
        await socket.opened;
        socket.send(init);
        await until(() => expect(socket.received.length).toBe(1));
        socket.send(subscribe('a', cursors));
        await until(() => expect(typesOf(socket.received).at(-1)?.type).toBe('SNAPSHOT'));
        return socket;
      }),
    );
    const [first, second] = sockets as [RawWebSocket, RawWebSocket];
    await using events = await openEventStream(one.url, cursors);
    await until(() =>
      expect(events.events.at(-1)).toMatchObject({ data: { data: { podChanges: { type: 'SNAPSHOT' } } } }),
    );

    const hurry = new AbortController();
    const drained = one.gateway.drain(hurry.signal);
    // 1. Not ready at once, and yet everybody is served, over connections that end with their answer.
    const ready = await fetch(`${one.url}/readyz`);
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
    expect((await one.query('{ viewer { name } }')).data).toEqual({ viewer: { name: 'dev-admin' } });
    expect(typesOf(first.received).at(-1)?.type).toBe('SNAPSHOT');
    // 2. In a hurry: all move now, each behind the cursor it has.
    hurry.abort();
    for (const socket of [first, second]) {
      expect(await socket.closed).toEqual({ code: 1012, reason: 'DRAIN: come back with your last cursor' });
      expect(typesOf(socket.received).at(-1)).toEqual({ type: 'HEARTBEAT', cursor: expect.any(String) });
      // A client that hears that a stream is complete does not come back.
      expect(socket.received.map(({ type }) => type)).not.toContain('complete');
    }
    await events.ended;
    expect(events.events.slice(-3)).toMatchObject([
      { event: 'next', data: { data: { podChanges: { type: 'HEARTBEAT', cursor: expect.any(String) } } } },
      { event: 'next', data: { errors: [{ extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }] } },
      { event: 'complete' },
    ]);
    await drained;
  });

  it('spreads those it moves, and tells newcomers to come back; who asks for one more stream moves at once (P37)', async () => {
    await using one = await startTestGateway({ settings: { drainSpreadSeconds: 60, drainSeconds: 120 } });
    const clients = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const socket = rawWebSocket(one.url);
        await socket.opened;
        socket.send(init);
        await until(() => expect(socket.received.length).toBe(1));
        socket.send(subscribe('a', cursors));
        await until(() => expect(typesOf(socket.received).at(-1)?.type).toBe('SNAPSHOT'));
        return socket;
      }),
    );
    const closed: number[] = [];
    clients.forEach((socket, index) => void socket.closed.then(() => closed.push(index)));
    const hurry = new AbortController();
    const drained = one.gateway.drain(hurry.signal);
    await until(() => expect(closed).toEqual([0]));

    await using late = rawWebSocket(one.url);
    expect(await late.closed).toEqual({ code: 1012, reason: 'DRAIN: come back with your last cursor' });
    const refused = await fetch(`${one.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: cursors }),
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.text()).toContain('OVERLOADED');

    const [, asking, patient] = clients;
    // What it asks besides is answered, and its streams end with the connection only.
    asking?.send(subscribe('q', '{ viewer { name } }'));
    await until(() => expect(asking?.received).toContainEqual({ id: 'q', type: 'complete' }));
    asking?.send(subscribe('b', cursors));
    expect(await asking?.closed).toMatchObject({ code: 1012 });
    const ends = asking?.received.filter(({ id, type }) => id !== 'q' && type !== 'next').map(({ type }) => type);
    expect(ends).toEqual(['connection_ack']);
    expect(closed).toEqual([0, 1]);

    hurry.abort();
    await drained;
    expect(await patient?.closed).toMatchObject({ code: 1012 });
  });

  it('answers what is executed over a WebSocket before it moves it, and a log behind the last line that was sent (P37)', async () => {
    await using one = await startTestGateway({ clusterSpeed: 20 });
    await using socket = rawWebSocket(one.url);
    await socket.opened;
    socket.send(init);
    await until(() => expect(socket.received.length).toBe(1));
    const running = '{ pods(filter: { namespaces: ["shop"], phases: [RUNNING] }) { nodes { name } } }';
    let pod: string | undefined;
    await until(async () => {
      const { data } = await one.query<{ pods: { nodes: { name: string }[] } }>(running);
      pod = data?.pods.nodes[0]?.name;
      expect(pod).toBeDefined();
    });
    const log = `subscription { podLogLines(cluster: "embedded", namespace: "shop", pod: "${pod}") { type cursor } }`;
    socket.send(subscribe('log', log));
    const lines = () =>
      socket.received.flatMap(({ payload }) => {
        const line = (payload as { data?: { podLogLines?: { type: string; cursor: string } } } | undefined)?.data
          ?.podLogLines;
        return line ? [line] : [];
      });
    await until(() => expect(lines().length).toBeGreaterThan(0));
    let delayed = 0;
    one.cluster.faults = ({ verb, resource }) => {
      if (verb !== 'list' || resource !== 'leases') return undefined;
      delayed += 1;
      return { delayMs: 500 };
    };
    const slow =
      '{ objects(cluster: "embedded", apiVersion: "coordination.k8s.io/v1", kind: "Lease") { problems { code } } }';
    socket.send(subscribe('q', slow));
    await until(() => expect(delayed).toBe(1));
    await one.gateway.drain();
    expect(await socket.closed).toMatchObject({ code: 1012 });
    expect(socket.received).toContainEqual({ id: 'q', type: 'next', payload: { data: { objects: { problems: [] } } } });
    const told = lines();
    expect(told.at(-1)).toEqual({ type: 'HEARTBEAT', cursor: told.at(-2)?.cursor });
  });
});

describe('a stop', () => {
  it('waits for no open WebSocket, also where its client answers nothing', async () => {
    await using one = await startTestGateway();
    await using socket = rawWebSocket(one.url);
    await socket.opened;
    socket.send(init);
    await until(() => expect(socket.received).toMatchObject([{ type: 'connection_ack' }]));
    socket.send(subscribe('one'));
    await until(() => expect(socket.received.map(({ type }) => type)).toContain('next'));
    socket.pause();
    await one.gateway.stop();
    await expect(fetch(`${one.url}/livez`)).rejects.toThrow();
  });
});

describe('a client that retries', () => {
  it('comes back by itself after a drain, at another replica (P37)', async () => {
    await using one = await startTestGateway();
    await using other = await startTestGateway();
    let url = one.url;
    const client = createClient({
      url: () => `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 3,
      retryWait: () => Promise.resolve(),
    });
    const closes: unknown[] = [];
    client.on('closed', (event) => closes.push(event));
    const types: string[] = [];
    let isOver = false;
    const dispose = client.subscribe<{ podChanges: { type: string } }>(
      { query: podChanges },
      {
        next: ({ data }) => types.push(data?.podChanges.type ?? ''),
        error: () => {
          isOver = true;
        },
        complete: () => {
          isOver = true;
        },
      },
    );
    await until(() => expect(types).toContain('SNAPSHOT'));
    url = other.url;
    await one.gateway.drain();
    expect(closes).toMatchObject([{ code: 1012 }]);
    await until(() => expect(types.slice(types.indexOf('HEARTBEAT'))).toContain('SNAPSHOT'));
    expect(isOver).toBe(false);
    dispose();
    await client.dispose();
  });
});
