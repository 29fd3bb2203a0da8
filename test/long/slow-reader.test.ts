import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createObjectHistory, identityOf, type ObjectHistory, type ObjectMessage } from '../../src/testing.ts';
import { operator, type ProxiedGateway, startProxiedGateway } from '../chaos/support/proxied-gateway.ts';
import { type RawWebSocket, rawWebSocket } from '../support/raw-web-socket.ts';
import { until } from '../support/until.ts';

const document = `subscription {
  objectChanges(cluster: "cluster-0", apiVersion: "v1", kind: "ConfigMap", filter: { namespaces: ["default"] }) {
    type reason object { uid namespace name resourceVersion json }
  }
}`;
const names = Array.from({ length: 20 }, (_, index) => `fat-${index}`);
const padding = 'x'.repeat(100_000);

let world: ProxiedGateway;
beforeAll(async () => {
  world = await startProxiedGateway();
});
afterAll(() => world?.[Symbol.asyncDispose]());

async function follow(): Promise<RawWebSocket> {
  const socket = rawWebSocket(world.gateway.url);
  await socket.opened;
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${operator.token}` } });
  await until(() => expect(socket.received.length).toBe(1));
  socket.send({ id: '1', type: 'subscribe', payload: { query: document } });
  await until(() => expect(messagesOf(socket).some(({ type }) => type === 'SNAPSHOT')).toBe(true));
  return socket;
}

const messagesOf = ({ received }: RawWebSocket): ObjectMessage[] =>
  received.flatMap(({ payload }) => {
    const message = (payload as { data?: { objectChanges: ObjectMessage } } | undefined)?.data?.objectChanges;
    return message ? [message] : [];
  });

function historyOf(name: string, socket: RawWebSocket): ObjectHistory {
  const history = createObjectHistory({ name });
  for (const message of messagesOf(socket)) history.push(message);
  return history;
}

/** More than the buffers of two sockets hold, at the pace of one who reads. */
async function writeMuch(rounds: number, reader: RawWebSocket): Promise<void> {
  const { store } = world.cluster;
  const kind = store.resource('', 'configmaps');
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const object = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'default' },
        data: { padding, round: String(round) },
      };
      if (store.get(kind, 'default', name)) store.update(kind, object);
      else store.create(kind, object);
    }
    await hears(reader, store.resourceVersion);
  }
}

/** The clock hardly moves meanwhile. */
const hears = (socket: RawWebSocket, version: string): Promise<void> =>
  world.until(() => messagesOf(socket).some(({ object }) => object?.resourceVersion === version), { stepMs: 1 });

const there = () => world.cluster.store.list(world.cluster.store.resource('', 'configmaps'), 'default').map(identityOf);

const open = () => world.gateway.gateway.rooms.objectStreams.open;
afterEach(() => until(() => expect(open()).toBe(0)));

describe('a subscriber that stops reading', { timeout: 120_000 }, () => {
  it('is told so by one RESYNC when it reads again in time, and nobody else is (P6)', async () => {
    await using slow = await follow();
    await using quick = await follow();
    slow.pause();
    await writeMuch(10, quick);
    world.clock.advance(10_000);
    slow.resume();
    await hears(slow, world.cluster.store.resourceVersion);
    world.clock.advance(20_000);
    expect(historyOf('the slow one', slow).differenceFrom(there())).toBeUndefined();
    expect(historyOf('the slow one', slow).resyncs).toEqual(['SLOW_READER']);
    expect(historyOf('the quick one', quick).differenceFrom(there())).toBeUndefined();
    expect(historyOf('the quick one', quick).resyncs).toEqual([]);
  });

  it('is closed with 1013 when it does not read for 30 s, and what it held is given back (P6)', async () => {
    await using slow = await follow();
    await using quick = await follow();
    slow.pause();
    await writeMuch(10, quick);
    world.clock.advance(30_000);
    await until(() => expect(open()).toBe(1));
    slow.resume();
    expect(await slow.closed).toEqual({ code: 1013, reason: 'Reading too slowly' });
    expect(historyOf('the quick one', quick).resyncs).toEqual([]);
    await writeMuch(1, quick);
  });

  it('is let go without a word on the console when its process is killed', async () => {
    const toConsole = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
    await using slow = await follow();
    slow.pause();
    const query = '{ objects(cluster: "cluster-0", apiVersion: "v1", kind: "ConfigMap") { nodes { json } } }';
    for (let index = 0; index < 10; index += 1) slow.send({ id: `q${index}`, type: 'subscribe', payload: { query } });
    // Somebody who reads is answered behind them.
    await using quick = await follow();
    quick.send({ id: 'q', type: 'subscribe', payload: { query } });
    await until(() => expect(quick.received.some(({ id, type }) => id === 'q' && type === 'complete')).toBe(true));
    slow.kill();
    await until(() => expect(open()).toBe(1));
    for (const spy of toConsole) expect(spy.mock.calls).toEqual([]);
  });
});
