import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { UpstreamError } from '../kernel/answer-error.ts';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open-database.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const clock = createManualClock();

async function openBroken(
  onConnection: (socket: Socket) => void,
): Promise<{ database: Database; connections: () => number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const database = await openDatabase({
    url: `postgres://a:b@127.0.0.1:${port}/c`,
    dataDir: '',
    clock,
    logger: silentLogger,
  });
  cleanUps.push(() => database.close());
  return { database, connections: () => connections };
}
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a server that is none', () => {
  it('is given up at once where it hangs up before a word, without trying in a circle', async () => {
    const { database, connections } = await openBroken((socket) => socket.end());
    expect(await failureOf(database.db.execute('select 1'))).toBeInstanceOf(UpstreamError);
    expect(await failureOf(database.db.execute('select 1'))).toBeInstanceOf(UpstreamError);
    // One for each statement and one that listens for signals, which tries again after a pause.
    expect(connections()).toBe(3);
  });

  it('is given up when time is up where it never says a word', async () => {
    const { database } = await openBroken(() => {});
    const failure = failureOf(database.db.execute('select 1'));
    let isOver = false;
    void failure.then(() => {
      isOver = true;
    });
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1_000);
    }
    expect(await failure).toBeInstanceOf(UpstreamError);
  });

  it('is given up where it speaks another language', async () => {
    const { database } = await openBroken((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await failureOf(database.db.execute('select 1'))).toBeInstanceOf(Error);
    expect(await database.health()).toMatchObject({ isUp: false });
  });
});
