import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import type { Principal } from '../../src/kernel/principal.ts';
import { RequestError } from '../../src/kernel/request-error.ts';
import { createManualClock, runClockUntil, startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { pausableEventStream } from '../support/pausable-event-stream.ts';
import { rawWebSocket } from '../support/raw-web-socket.ts';
import { until } from '../support/until.ts';

const clock = createManualClock(Date.now());
const stack = new AsyncDisposableStack();
let cluster: EmbeddedCluster;
let gateway: TestGateway;
/** What an identity provider has given out: several tokens of one caller, each for a while. */
const given = new Map<string, Principal>();

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', controllers: false }));
  for (const name of ['shop', 'bank']) {
    cluster.store.create(cluster.store.resource('', 'namespaces'), {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
  }
  const { path } = stack.use(await kubeconfigFile(cluster));
  gateway = stack.use(
    await startTestGateway({
      clock,
      settings: { embedded: { enabled: false }, clusters: [{ name: 'far', kubeconfig: path }] },
    }),
  );
});
afterAll(() => stack.disposeAsync());

beforeEach(() => {
  given.clear();
  const { authenticator } = gateway.gateway.rooms;
  const isLive = (principal: Principal | undefined) =>
    principal?.expiresAt !== undefined && principal.expiresAt > clock.now();
  vi.spyOn(authenticator, 'authenticate').mockImplementation(async (authorization) => {
    if (authorization === 'Bearer away') throw new RequestError('UPSTREAM_UNAVAILABLE', 'nobody can tell');
    const principal = given.get(authorization ?? '');
    if (!principal || !isLive(principal))
      throw new RequestError('UNAUTHENTICATED', 'A valid bearer token is required.');
    return principal;
  });
  vi.spyOn(authenticator, 'refresh').mockImplementation(async ({ id }) =>
    [...given.values()].find((principal) => principal.id === id && isLive(principal)),
  );
});

const lifeSeconds = 120;
let tokens = 0;
/** A fresh token of somebody, with what the caller must send. */
function giveToken(seconds: number, change: Partial<Principal> = {}): string {
  tokens += 1;
  const token = `token-number-${tokens}-that-nobody-may-echo`;
  given.set(`Bearer ${token}`, {
    id: 'user:ann',
    name: 'ann',
    kind: 'USER',
    groups: [],
    roles: ['DEVELOPER'],
    namespaces: [{ cluster: '*', namespace: 'shop' }],
    expiresAt: clock.now() + seconds * 1_000,
    ...change,
  });
  return token;
}

let written = 0;
/** A change in the caller's namespace that both kinds of streams tell of; answers what it is called. */
function happen(): string {
  written += 1;
  const name = `change-${written}`;
  const { store } = cluster;
  store.create(store.resource('', 'configmaps'), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'shop' },
  });
  store.create(store.resource('', 'events'), {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'shop' },
    involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name },
  } as never);
  return name;
}

const documents = {
  objectChanges: (args: string) =>
    `subscription { stream: objectChanges(cluster: "far", apiVersion: "v1", kind: "ConfigMap" ${args}) { type cursor reason item: object { name } } }`,
  kubernetesEvents: (args: string) =>
    `subscription { stream: kubernetesEvents(snapshot: true ${args}) { type cursor reason item: event { name } } }`,
};

interface Message {
  readonly type: string;
  readonly cursor: string;
  readonly item: { readonly name: string } | null;
}

interface Reader extends AsyncDisposable {
  messages(): readonly Message[];
  /** The close code of a WebSocket; over HTTP the code of the last result's error. */
  readonly ended: Promise<number | string | undefined>;
  send(message: object): void;
  answers(): readonly { readonly type: string; readonly id?: string; readonly payload?: unknown }[];
}

async function overSocket(token: string, query: string): Promise<Reader> {
  const socket = rawWebSocket(gateway.url);
  await socket.opened;
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await until(() => expect(socket.received).toHaveLength(1));
  socket.send({ id: 'stream', type: 'subscribe', payload: { query } });
  return {
    messages: () => socket.received.flatMap(({ payload }) => messageIn(payload)),
    ended: socket.closed.then(({ code }) => code),
    send: socket.send,
    answers: () => socket.received,
    [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
  };
}

async function overEvents(token: string, query: string): Promise<Reader> {
  const stream = await pausableEventStream(gateway.url, query, token);
  const lastCode = () => {
    const [error] = stream.results.at(-1)?.errors ?? [];
    return (error as { extensions?: { code?: string } } | undefined)?.extensions?.code;
  };
  return {
    messages: () => stream.results.flatMap(messageIn),
    ended: stream.ended.then(lastCode),
    send: () => undefined,
    answers: () => [],
    [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
  };
}

const messageIn = (result: unknown): Message[] => {
  const message = (result as { data?: { stream: Message } | null } | undefined)?.data?.stream;
  return message && message.type !== 'HEARTBEAT' ? [message] : [];
};

/** What journals and what watches needs a clock that goes on, if only a little. */
const hears = (reader: Reader, name: string) =>
  until(() => {
    clock.advance(250);
    expect(reader.messages().map(({ item }) => item?.name)).toContain(name);
  });

const transports = [
  { transport: 'WebSocket', open: overSocket, saysExpired: 4403 },
  { transport: 'server-sent events', open: overEvents, saysExpired: 'UNAUTHENTICATED' },
];

describe.each(transports)('a stream over $transport whose token expires', ({ open, saysExpired }) => {
  it.each([
    'objectChanges',
    'kubernetesEvents',
  ] as const)('says so, and %s goes on behind its cursor with a fresh one: nothing lost, nothing twice', async (stream) => {
    const document = documents[stream];
    await using before = await open(giveToken(lifeSeconds), document(''));
    await until(() => expect(before.messages().at(-1)?.type).toBe('SNAPSHOT'));
    await hears(before, happen());
    const cursor = before.messages().at(-1)?.cursor ?? '';
    clock.advance(lifeSeconds * 1_000);
    expect(await before.ended).toBe(saysExpired);
    const missed = [happen(), happen()];
    await using after = await open(giveToken(lifeSeconds), document(`, after: "${cursor}"`));
    await hears(after, missed[1] ?? '');
    const next = happen();
    await hears(after, next);
    expect(after.messages().map(({ type, item }) => [type, item?.name])).toEqual(
      [...missed, next].map((name) => ['ADDED', name]),
    );
  });

  it('does not go on behind its cursor with other rights (refused)', async () => {
    const document = documents.objectChanges;
    await using before = await open(giveToken(lifeSeconds), document(''));
    await until(() => expect(before.messages().at(-1)?.type).toBe('SNAPSHOT'));
    const cursor = before.messages().at(-1)?.cursor ?? '';
    clock.advance(lifeSeconds * 1_000);
    expect(await before.ended).toBe(saysExpired);
    const namespaces = [{ cluster: '*', namespace: 'bank' }];
    await using after = await open(giveToken(lifeSeconds, { namespaces }), document(`, after: "${cursor}"`));
    await until(() => expect(after.messages().at(-1)?.type).toBe('SNAPSHOT'));
    expect(after.messages().map(({ type }) => type)).toEqual(['RESYNC', 'SNAPSHOT']);
  });
});

describe('a fresh token over an open WebSocket', () => {
  const renewal = (token: string) => ({ type: 'ping', payload: { authorization: `Bearer ${token}` } });

  async function opened(): Promise<Reader> {
    const reader = await overSocket(giveToken(lifeSeconds), documents.objectChanges(''));
    await until(() => expect(reader.messages().at(-1)?.type).toBe('SNAPSHOT'));
    return reader;
  }
  const hasPong = (reader: Reader) => until(() => expect(reader.answers().at(-1)?.type).toBe('pong'));

  it('lets its streams go on past the end of the one before, until its own end', async () => {
    await using reader = await opened();
    reader.send(renewal(giveToken(3_600)));
    await hasPong(reader);
    expect(JSON.stringify(reader.answers())).not.toContain('echo');
    const endsAt = clock.now() + 2_000 * lifeSeconds;
    await runClockUntil(clock, () => clock.now() >= endsAt, { stepMs: 10_000 });
    await hears(reader, happen());
    reader.send({ id: 'query', type: 'subscribe', payload: { query: '{ viewer { name } }' } });
    await until(() =>
      expect(reader.answers().find(({ id }) => id === 'query')?.payload).toEqual({ data: { viewer: { name: 'ann' } } }),
    );
    clock.advance(3_600_000);
    expect(await reader.ended).toBe(4403);
  });

  it.each<[string, () => string, number]>([
    ['that nobody gave out closes it', () => 'forged', 4401],
    ['that has expired closes it', () => giveToken(0), 4401],
    ['of somebody else closes it', () => giveToken(lifeSeconds, { id: 'user:bob' }), 4403],
    ['with other rights closes it', () => giveToken(lifeSeconds, { roles: ['ADMIN'] }), 4403],
  ])('%s (refused)', async (_what, token, code) => {
    await using reader = await opened();
    reader.send(renewal(token()));
    expect(await reader.ended).toBe(code);
  });

  it('that cannot be looked at changes nothing: the one before goes on for as long as it lasts', async () => {
    await using reader = await opened();
    reader.send(renewal('away'));
    await hasPong(reader);
    await hears(reader, happen());
    clock.advance(lifeSeconds * 1_000);
    expect(await reader.ended).toBe(4403);
  });

  it('closes it where the caller was thrown out meanwhile', async () => {
    await using reader = await opened();
    const fresh = giveToken(lifeSeconds);
    vi.spyOn(gateway.gateway.rooms.authenticator, 'refresh').mockResolvedValue(undefined);
    reader.send(renewal(fresh));
    expect(await reader.ended).toBe(4403);
  });

  it('is no matter for a ping without one', async () => {
    await using reader = await opened();
    reader.send({ type: 'ping', payload: { at: 5 } });
    await hasPong(reader);
    expect(reader.answers().at(-1)?.payload).toEqual({ at: 5 });
    clock.advance(lifeSeconds * 1_000);
    expect(await reader.ended).toBe(4403);
  });
});
