import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import {
  createManualClock,
  createObjectHistory,
  identityOf,
  type ObjectMessage,
  startTestGateway,
  type TestGateway,
} from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { type PausableEventStream, pausableEventStream } from '../support/pausable-event-stream.ts';
import { type RawWebSocket, rawWebSocket } from '../support/raw-web-socket.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const token = 'the-token-of-an-operator-who-reads-slowly';
const query = `subscription {
  objectChanges(cluster: "far", apiVersion: "v1", kind: "ConfigMap", filter: { namespaces: ["default"] }) {
    type reason cursor object { uid namespace name resourceVersion json }
  }
}`;
/** More than the buffers of two sockets hold, in few messages. */
const padding = 'x'.repeat(900_000);
const muchRounds = 16;

const clock = createManualClock(Date.now());
const stack = new AsyncDisposableStack();
let cluster: EmbeddedCluster;
let gateway: TestGateway;
beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', controllers: false }));
  const { path } = stack.use(await kubeconfigFile(cluster));
  gateway = stack.use(
    await startTestGateway({
      clock,
      settings: {
        embedded: { enabled: false },
        tokens: [staticToken('operator', token, { roles: ['ADMIN'] })],
        clusters: [{ name: 'far', kubeconfig: path }],
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

async function connectSocket(): Promise<RawWebSocket> {
  const socket = rawWebSocket(gateway.url);
  await socket.opened;
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await until(() => expect(socket.received).toHaveLength(1));
  return socket;
}

async function overSocket(): Promise<RawWebSocket> {
  const socket = await connectSocket();
  socket.send({ id: '1', type: 'subscribe', payload: { query } });
  await until(() => expect(ofSocket(socket).at(-1)?.type).toBe('SNAPSHOT'));
  return socket;
}

async function overEvents(): Promise<PausableEventStream> {
  const stream = await pausableEventStream(gateway.url, query, token);
  await until(() => expect(ofEvents(stream).at(-1)?.type).toBe('SNAPSHOT'));
  return stream;
}

const messageIn = (result: unknown): ObjectMessage[] => {
  const message = (result as { data?: { objectChanges: ObjectMessage } | null } | undefined)?.data?.objectChanges;
  return message ? [message] : [];
};
const ofSocket = ({ received }: RawWebSocket) => received.flatMap(({ payload }) => messageIn(payload));
const ofEvents = ({ results }: PausableEventStream) => results.flatMap(messageIn);

function historyOf(messages: readonly ObjectMessage[]) {
  const history = createObjectHistory({ name: 'the reader' });
  for (const message of messages) history.push(message);
  return history;
}

function write(text: string): void {
  const { store } = cluster;
  const kind = store.resource('', 'configmaps');
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'fat', namespace: 'default' },
    data: { text },
  };
  if (store.get(kind, 'default', 'fat')) store.update(kind, object);
  else store.create(kind, object);
}

/** At the pace of one who reads. */
async function writeMuch(reader: RawWebSocket): Promise<void> {
  for (let round = 0; round < muchRounds; round += 1) {
    write(`${round} ${padding}`);
    await hears(() => ofSocket(reader));
  }
}

const hears = (messages: () => readonly ObjectMessage[]): Promise<void> =>
  until(() => expect(messages().at(-1)?.object?.resourceVersion).toBe(cluster.store.resourceVersion));

const there = () => cluster.store.list(cluster.store.resource('', 'configmaps'), 'default').map(identityOf);
const open = () => gateway.gateway.rooms.objectStreams.open;

async function connections(): Promise<{ readonly sockets: number; readonly events: number }> {
  const response = await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  const gauge = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return { sockets: gauge('longshore_web_sockets'), events: gauge('longshore_event_streams') };
}

/** Moves the clock while everybody who reads has the time to answer; answers after how many seconds it held. */
async function passUntil(condition: () => boolean | Promise<boolean>, limitSeconds = 120): Promise<number> {
  for (let seconds = 0; seconds <= limitSeconds; seconds += 2) {
    if (await condition()) return seconds;
    clock.advance(2_000);
    await connections();
  }
  throw new Error(`It did not hold within ${limitSeconds} s`);
}

describe('a reader of server-sent events that stops', () => {
  it('is told so by one RESYNC where it reads again in time, and has lost nothing', async () => {
    await using slow = await overEvents();
    await using quick = await overSocket();
    slow.pause();
    await writeMuch(quick);
    clock.advance(20_000);
    slow.resume();
    await hears(() => ofEvents(slow).filter(({ object }) => object));
    const history = historyOf(ofEvents(slow));
    expect(history.resyncs).toEqual(['SLOW_READER']);
    expect(history.differenceFrom(there())).toBeUndefined();
    expect(historyOf(ofSocket(quick)).resyncs).toEqual([]);
    // What was written meanwhile did not wait for it.
    expect(ofEvents(slow).filter(({ type }) => type === 'MODIFIED').length).toBeLessThan(muchRounds);
  });

  it('is ended after 30 s, with the reason behind what it had not read', async () => {
    await using slow = await overEvents();
    await using quick = await overSocket();
    slow.pause();
    await writeMuch(quick);
    expect(open()).toBe(2);
    clock.advance(30_000);
    await until(() => expect(open()).toBe(1));
    slow.resume();
    expect(await slow.ended).toBe('whole');
    expect(slow.results.at(-1)).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
    expect(slow.isComplete).toBe(true);
  });

  it('is cut where it does not even take the reason', async () => {
    await using slow = await overEvents();
    await using quick = await overSocket();
    slow.pause();
    await writeMuch(quick);
    const seconds = await passUntil(async () => (await connections()).events === 0);
    expect(seconds).toBeGreaterThanOrEqual(30);
    expect(seconds).toBeLessThanOrEqual(50);
    expect(historyOf(ofSocket(quick)).resyncs).toEqual([]);
    slow.resume();
    expect(await slow.ended).toBe('cut');
  });
});

describe('a WebSocket whose other end stops reading', () => {
  it('is closed with 1013 after 30 s where there was little to read', async () => {
    await using slow = await overSocket();
    await using quick = await overSocket();
    slow.pause();
    write('little');
    await hears(() => ofSocket(quick));
    const seconds = await passUntil(() => open() === 1);
    expect(seconds).toBeGreaterThanOrEqual(30);
    expect(seconds).toBeLessThanOrEqual(38);
    slow.resume();
    expect(await slow.closed).toEqual({ code: 1013, reason: 'Reading too slowly' });
    expect(historyOf(ofSocket(slow)).differenceFrom(there())).toBeUndefined();
  });

  it('is cut where it does not take the close either', async () => {
    await using slow = await overSocket();
    slow.pause();
    write('little more');
    await passUntil(async () => (await connections()).sockets === 0);
    slow.resume();
    expect((await slow.closed).code).not.toBe(1000);
  });

  it('is taken for dead by its silence where there was nothing to read', async () => {
    await using silent = await connectSocket();
    silent.pause();
    const seconds = await passUntil(async () => (await connections()).sockets === 0);
    expect(seconds).toBeGreaterThanOrEqual(24);
    expect(seconds).toBeLessThanOrEqual(38);
    silent.resume();
    expect((await silent.closed).code).toBe(1006);
  });

  it('stays open for hours while it reads (refused)', async () => {
    await using quick = await overSocket();
    await passUntil(() => ofSocket(quick).filter(({ type }) => type === 'HEARTBEAT').length >= 4, 240);
    expect((await connections()).sockets).toBe(1);
  });
});
