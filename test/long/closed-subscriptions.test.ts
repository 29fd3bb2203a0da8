import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { operator, type ProxiedGateway, startProxiedGateway } from '../chaos/support/proxied-gateway.ts';
import { type RawWebSocket, rawWebSocket } from '../support/raw-web-socket.ts';
import { until } from '../support/until.ts';

const query = `subscription {
  objectChanges(cluster: "cluster-0", apiVersion: "v1", kind: "ConfigMap") { type object { name } }
}`;
const perSocket = 50;
const count = 5_000;

let world: ProxiedGateway;
beforeAll(async () => {
  world = await startProxiedGateway();
  const { store } = world.cluster;
  for (let index = 0; index < 3; index += 1) {
    const metadata = { name: `there-${index}`, namespace: 'default' };
    store.create(store.resource('', 'configmaps'), { apiVersion: 'v1', kind: 'ConfigMap', metadata });
  }
});
afterAll(() => world?.[Symbol.asyncDispose]());

async function connect(): Promise<RawWebSocket> {
  const socket = rawWebSocket(world.gateway.url);
  await socket.opened;
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${operator.token}` } });
  await until(() => expect(socket.received.length).toBe(1));
  return socket;
}

const subscribe = (socket: RawWebSocket, id: string) => socket.send({ id, type: 'subscribe', payload: { query } });
const complete = (socket: RawWebSocket, id: string) => socket.send({ id, type: 'complete' });

/** Opens and closes as many on one socket, by turns under new and used ids, some before anything was heard. */
async function openAndClose(socket: RawWebSocket): Promise<void> {
  for (let index = 0; index < perSocket; index += 1) {
    const id = `${index % 30}`;
    subscribe(socket, id);
    if (index % 25 === 0) {
      const heard = socket.received.length;
      await until(() => expect(socket.received.length).toBeGreaterThan(heard));
    }
    complete(socket, id);
  }
}

const opened = () => {
  const { objectStreams, topics } = world.gateway.gateway.rooms;
  return { objects: objectStreams.open, topics: topics.open };
};

/** What waits in the gateway and in the process. */
async function measure() {
  await until(() => expect(opened()).toEqual({ objects: 0, topics: 0 }));
  // What lingers for those who come back ends too.
  await world.until(() => world.gateway.gateway.rooms.objectStreams.followed === 0, { stepMs: 5_000 });
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return { waiting: world.clock.waiting, ...handles(), heapBytes: process.memoryUsage().heapUsed };
}

function handles() {
  const names = Object.groupBy(process.getActiveResourcesInfo(), (name) => name);
  return { timeouts: names.Timeout?.length ?? 0, sockets: names.TCPSocketWrap?.length ?? 0 };
}

async function round(sockets: number): Promise<void> {
  for (let done = 0; done < sockets; done += 10) {
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const socket = await connect();
        await openAndClose(socket);
        // One under an id that is taken, which ends the connection; one that goes in the middle of a snapshot.
        subscribe(socket, 'last');
        if (index % 2 === 0) subscribe(socket, 'last');
        else await until(() => expect(socket.received.some(({ id }) => id === 'last')).toBe(true));
        if (index % 2 === 0) expect((await socket.closed).code).toBe(4409);
        else socket.kill();
        await socket.closed;
      }),
    );
  }
}

describe(`${count} subscriptions that were opened and closed`, () => {
  it('leave nothing behind: no stream, no timer, no memory (P7)', async () => {
    const toConsole = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
    await round(10);
    const before = await measure();
    await round(count / perSocket - 10);
    const after = await measure();
    // The watch that lingered ends with a connection of its own.
    await until(() => expect(handles().sockets).toBeLessThanOrEqual(before.sockets));
    // What asks the cluster or the database at this moment has a deadline, which goes with the answer.
    await until(() => expect(world.clock.waiting).toBeLessThanOrEqual(before.waiting));
    // The runner and the server's own keep-alive have some.
    expect(after.timeouts).toBeLessThanOrEqual(before.timeouts + 5);
    expect(after.heapBytes - before.heapBytes).toBeLessThan(5 * 1_048_576);
    for (const spy of toConsole) expect(spy.mock.calls).toEqual([]);
  }, 300_000);
});
