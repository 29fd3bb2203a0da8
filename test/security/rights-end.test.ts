import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { StaticToken } from '../../src/access/static-tokens.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { createManualClock, runClockUntil, startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { openTerminal } from '../support/open-terminal.ts';
import { until } from '../support/until.ts';
import { sha256 } from './support/principals.ts';

const clock = createManualClock(Date.now());
const stack = new AsyncDisposableStack();
let cluster: EmbeddedCluster;
let gateway: TestGateway;

const secretOf = (name: string): string => `test-token-of-${name}-0123456789abcdef`;

function developer(name: string, rest: Partial<StaticToken> = {}): StaticToken {
  return {
    name,
    sha256: sha256(secretOf(name)),
    roles: ['DEVELOPER'],
    namespaces: [
      { cluster: '*', namespace: 'shop' },
      { cluster: '*', namespace: 'team-b' },
    ],
    groups: [],
    expiresAt: undefined,
    ...rest,
  };
}

const replaceTokens = (...tokens: readonly StaticToken[]): void =>
  gateway.gateway.rooms.authenticator.replaceTokens(tokens);

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', sample: 'shop', speed: 100 }));
  const { store } = cluster;
  for (const [plural, object] of [
    ['namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-b' } }],
    ['configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'touched', namespace: 'shop' } }],
    ['configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'touched', namespace: 'team-b' } }],
    [
      'pods',
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'talker', namespace: 'shop' },
        spec: { containers: [{ name: 'main', image: 'registry.example/talker:1' }] },
      },
    ],
  ] as const) {
    store.create(store.resource('', plural), object);
  }
  const file = stack.use(await kubeconfigFile(cluster));
  gateway = stack.use(
    await startTestGateway({
      clock,
      settings: { embedded: { enabled: false }, clusters: [{ name: 'far', kubeconfig: file.path }] },
    }),
  );
  await until(() => {
    const pod = store.get(store.resource('', 'pods'), 'shop', 'talker') as { status?: { phase?: string } } | undefined;
    expect(pod?.status?.phase).toBe('Running');
  });
}, 60_000);

afterAll(() => stack.disposeAsync());
const open: Tail[] = [];
afterEach(() => {
  for (const tail of open.splice(0)) tail.stop();
});

const object = '{ type object { name namespace annotations { key value } } }';
const streams = [
  `subscription { objectChanges(cluster: "far", apiVersion: "v1", kind: "ConfigMap") ${object} }`,
  `subscription { objectChanges(cluster: "far", apiVersion: "v1", kind: "Secret") ${object} }`,
  `subscription { objectChanges(cluster: "far", apiVersion: "v1", kind: "ConfigMap", filter: { name: { equals: "touched" } }) ${object} }`,
  'subscription { podChanges { type pod { name } } }',
  'subscription { workloadChanges { type workload { name } } }',
  'subscription { kubernetesEvents { type event { reason } } }',
  'subscription { namespaceChanges { type namespace { name } } }',
  'subscription { clusterChanges { type cluster { name } } }',
];
const logTail = 'subscription { podLogLines(cluster: "far", namespace: "shop", pod: "talker") { type line { text } } }';

/** One connection with everything that arrives over it. */
interface Tail {
  readonly title: string;
  readonly received: string[];
  /** The WebSocket's close code, or `ended` for a stream over HTTP. */
  readonly ended: Promise<number | 'ended'>;
  isOpen(): boolean;
  stop(): void;
  /** To a process that would say it again. */
  say?(words: string): void;
}

/** A socket with these operations on it, each of which has answered before this resolves. */
async function overSocket(token: string, documents: readonly string[]): Promise<Tail> {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const received: string[] = [];
  const answered = new Set<string>();
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as { type: string; id?: string };
    if (message.type === 'connection_ack') {
      documents.forEach((query, index) => {
        socket.send(JSON.stringify({ type: 'subscribe', id: String(index), payload: { query } }));
      });
    }
    if (message.id !== undefined) {
      answered.add(message.id);
      received.push(String(data));
    }
  });
  const tail: Tail = {
    title: `socket with ${documents.length}`,
    received,
    ended: new Promise((resolve) => socket.on('close', resolve)),
    isOpen: () => socket.readyState === socket.OPEN,
    stop: () => socket.terminate(),
  };
  open.push(tail);
  await new Promise((resolve) => socket.on('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  await until(() => expect([answered.size, tail.isOpen()]).toEqual([documents.length, true]));
  return tail;
}

/** The same over HTTP, as server-sent events. */
async function overEvents(token: string, document: string): Promise<Tail> {
  const controller = new AbortController();
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query: document }),
    signal: controller.signal,
  });
  const received: string[] = [];
  let isOpen = true;
  const read = async (): Promise<'ended'> => {
    try {
      for await (const chunk of response.body ?? []) received.push(Buffer.from(chunk as Uint8Array).toString());
    } catch {
      // Ended from this side, or cut from the other: it is over either way.
    }
    isOpen = false;
    return 'ended';
  };
  const tail: Tail = {
    title: 'events over HTTP',
    received,
    ended: read(),
    isOpen: () => isOpen,
    stop: () => controller.abort(),
  };
  open.push(tail);
  await until(() => expect(received.join('')).toContain('event: next'));
  return tail;
}

/** A terminal whose shell has spoken. */
async function overTerminal(token: string): Promise<Tail> {
  const terminal = await openTerminal({ issuer: gateway, token, namespace: 'shop', pod: 'talker' });
  const received: string[] = [];
  terminal.socket.on('message', (data: Buffer) => received.push(data.toString()));
  const tail: Tail = {
    title: 'a terminal',
    received,
    ended: terminal.closed.then(({ code }) => code),
    isOpen: () => terminal.socket.readyState === terminal.socket.OPEN,
    stop: () => terminal.socket.terminate(),
    say: (words) => terminal.type(`echo ${words}\r`),
  };
  open.push(tail);
  tail.say?.('hello');
  await until(() => expect(terminal.text()).toContain('hello'));
  return tail;
}

/** 50 streams on 5 sockets, 5 log tails, as many over HTTP as there are kinds of streams, and so many terminals. */
async function openEverything(token: string, terminals = 0): Promise<readonly Tail[]> {
  const ten = Array.from({ length: 10 }, (_, index) => streams[index % streams.length] ?? '');
  return Promise.all([
    ...Array.from({ length: 5 }, () => overSocket(token, [...ten, logTail])),
    ...[...streams, logTail].map((document) => overEvents(token, document)),
    ...Array.from({ length: terminals }, () => overTerminal(token)),
  ]);
}

async function metrics(): Promise<{ readonly text: string }> {
  const response = await fetch(`${gateway.url}/metrics`, {
    headers: { authorization: `Bearer ${gateway.gateway.rooms.signIn.adminToken}` },
  });
  return { text: await response.text() };
}

let touches = 0;

/** Changes an object of each namespace and returns what only this change contains. */
function touch(): string {
  touches += 1;
  const mark = `touch-number-${touches}-end`;
  const { store } = cluster;
  const resource = store.resource('', 'configmaps');
  for (const namespace of ['shop', 'team-b']) {
    const current = store.get(resource, namespace, 'touched');
    if (!current) throw new Error('the touched ConfigMap is gone');
    store.update(resource, {
      ...current,
      metadata: { ...current.metadata, annotations: { mark: `${mark}-${namespace}` } },
    });
  }
  return mark;
}

/** Everything was closed because of it, and what happened since then was told to nobody. */
async function expectEnded(tails: readonly Tail[], witness: Tail, mark: string): Promise<void> {
  for (const { say } of tails) say?.(mark);
  const codes = await Promise.all(
    tails.map((tail) =>
      Promise.race([
        tail.ended,
        new Promise<string>((resolve) => setTimeout(resolve, 10_000, `${tail.title} is still open`)),
      ]),
    ),
  );
  expect(new Set(codes)).toEqual(new Set([4403, 'ended']));
  await until(() => expect(witness.received.join('')).toContain(mark));
  for (const { title, received } of tails) expect(received.join(''), title).not.toContain(mark);
}

describe('streams, log tails and terminals whose rights end (P22)', () => {
  it('close when the token expires, and tell nothing after it', async () => {
    const expiresAt = clock.now() + 60_000;
    replaceTokens(developer('leaver', { expiresAt }), developer('witness'));
    const witness = await overSocket(secretOf('witness'), [streams[0] ?? '']);
    const tails = await openEverything(secretOf('leaver'), 5);
    await runClockUntil(clock, () => clock.now() >= expiresAt - 1_000, { stepMs: 1_000 });
    const before = touch();
    for (const { received } of [tails[0], tails[5], witness].filter((tail) => tail !== undefined)) {
      await until(() => expect(received.join('')).toContain(before));
    }
    const closed = await Promise.all(
      tails.filter((tail) => !tail.isOpen()).map(async (tail) => [tail.title, await tail.ended]),
    );
    expect(closed).toEqual([]);

    clock.advance(1_000);
    await expectEnded(tails, witness, touch());
    expect(witness.isOpen()).toBe(true);
  });

  it('close when the token is taken away, and the token opens nothing again', async () => {
    replaceTokens(developer('leaver'), developer('witness'));
    const witness = await overSocket(secretOf('witness'), [streams[0] ?? '']);
    const tails = await openEverything(secretOf('leaver'), 5);

    replaceTokens(developer('witness'));
    await expectEnded(tails, witness, touch());
    expect(witness.isOpen()).toBe(true);
    const answer = await gateway.query('{ viewer { id } }', {}, { token: secretOf('leaver') });
    expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    expect(JSON.stringify(answer)).not.toContain('"data"');
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${secretOf('leaver')}` } }),
    );
    expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(4401);
  });

  it('close when the token gets another secret: who holds the old one must not go on', async () => {
    replaceTokens(developer('leaver'), developer('witness'));
    const witness = await overSocket(secretOf('witness'), [streams[0] ?? '']);
    const tails = await openEverything(secretOf('leaver'), 5);

    replaceTokens(developer('leaver', { sha256: sha256(secretOf('renewed')) }), developer('witness'));
    await expectEnded(tails, witness, touch());
    await overSocket(secretOf('renewed'), [streams[0] ?? '']);
  });

  it.each([
    { title: 'loses a namespace', rest: { namespaces: [{ cluster: '*', namespace: 'shop' }] }, sees: ['shop'] },
    {
      title: 'is moved to another namespace',
      rest: { namespaces: [{ cluster: 'far', namespace: 'team-b' }] },
      sees: ['team-b'],
    },
    { title: 'loses its cluster', rest: { namespaces: [{ cluster: 'near', namespace: 'shop' }] }, sees: [] },
    { title: 'becomes an administrator', rest: { roles: ['ADMIN'] as const }, sees: ['shop', 'team-b'] },
  ])('close when the caller $title, who comes back to what is left', async ({ rest, sees }) => {
    replaceTokens(developer('mover'), developer('witness'));
    const witness = await overSocket(secretOf('witness'), [streams[0] ?? '']);
    const tails = await openEverything(secretOf('mover'));

    replaceTokens(developer('mover', rest), developer('witness'));
    await expectEnded(tails, witness, touch());

    const back = await overSocket(secretOf('mover'), [streams[0] ?? '']);
    const again = touch();
    await until(() => expect(witness.received.join('')).toContain(`${again}-team-b`));
    await until(() => {
      for (const namespace of sees) expect(back.received.join('')).toContain(`${again}-${namespace}`);
    });
    for (const namespace of ['shop', 'team-b'].filter((each) => !sees.includes(each))) {
      expect(back.received.join('')).not.toContain(`"namespace":"${namespace}"`);
    }
  });

  it.each([
    { what: 'a stream', query: streams[0] ?? '', accept: 'text/event-stream' },
    { what: 'a query', query: '{ configMaps { totalCount } }', accept: 'application/json' },
  ])('never open for who began $what with a token that is gone when the body is complete', async ({
    query,
    accept,
  }) => {
    replaceTokens(developer('slow'), developer('witness'));
    const body = JSON.stringify({ query });
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.write(
      [
        'POST /graphql HTTP/1.1',
        `Host: localhost:${port}`,
        `Authorization: Bearer ${secretOf('slow')}`,
        `Accept: ${accept}`,
        'Content-Type: application/json',
        'Connection: close',
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body.slice(0, 5),
      ].join('\r\n'),
    );
    // It is counted as under way once its token has been accepted.
    await until(async () => {
      const { text } = await metrics();
      expect(text).toMatch(/^longshore_requests_in_flight 1$/m);
    });
    replaceTokens(developer('witness'));
    socket.write(body.slice(5));
    await until(() => expect(answer).toMatch(/UNAUTHENTICATED/));
    expect(answer).not.toContain('"data":{');
    socket.destroy();
    await closed;
  });

  it('stay open when the settings come again unchanged, or change for somebody else', async () => {
    replaceTokens(developer('stayer'), developer('witness'));
    const tails = await openEverything(secretOf('stayer'));
    replaceTokens(developer('witness', { roles: ['ADMIN'] }), developer('stayer'));
    replaceTokens(developer('stayer'));
    const mark = touch();
    await until(() => {
      for (const { received } of tails.slice(0, 6)) expect(received.join('')).toContain(mark);
    });
    const closed = await Promise.all(
      tails.filter((tail) => !tail.isOpen()).map(async (tail) => [tail.title, await tail.ended]),
    );
    expect(closed).toEqual([]);
  });
});
