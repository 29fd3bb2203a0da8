import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { refuseBadRequests } from './refuse-bad-requests.ts';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that Node tells of a slow request as soon as its headers are there; those to `/long` are let. */
async function startServer() {
  const long = new WeakSet<object>();
  const server = createServer((given, response) => {
    if (given.url === '/long') long.add(given.socket);
    given.resume();
    given.once('end', () => response.end('whole'));
    const slow = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    server.emit('clientError', slow, given.socket);
    told.resolve();
  });
  const told = Promise.withResolvers<void>();
  refuseBadRequests(server, (socket) => long.has(socket));
  server.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, told: told.promise };
}

function send(port: number, path: string) {
  const sent = request({ host: '127.0.0.1', port, path, method: 'PUT', headers: { 'content-length': '2' } });
  const status = new Promise<number | undefined>((resolve, reject) => {
    sent.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once('error', reject);
  });
  sent.write('a');
  return { sent, status };
}

describe('refuseBadRequests', () => {
  it('lets the body of an upload take its time (STO-21)', async () => {
    const { port, told } = await startServer();
    const { sent, status } = send(port, '/long');
    await told;
    sent.end('b');
    expect(await status).toBe(200);
  });

  it('ends any other request whose body is slow (STO-21, refused)', async () => {
    const { port } = await startServer();
    expect(await send(port, '/short').status).toBe(408);
  });

  it('answers what is no HTTP with 400 (refused)', async () => {
    const { port } = await startServer();
    const socket = connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });
});
