import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { systemPrincipal } from '../../kernel/principal.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { openPodSession } from './open-pod-session.ts';

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

/** What a cluster is sent on the channel of input until the session is over. */
async function inputUntilHungUp(command: readonly string[] | undefined): Promise<string> {
  const clock = createManualClock();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  stack.defer(() => void server.close());
  let input = '';
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      if (data[0] === 0) input += data.subarray(1).toString();
      // A shell goes when it is told to.
      if (input.includes('exit')) socket.close();
    });
  });
  await once(server, 'listening');
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, ['v5.channel.k8s.io']);
  await once(socket, 'open');
  const session = await openPodSession({
    transport: { webSocket: async () => socket } as Partial<ClusterTransport> as ClusterTransport,
    clock,
    request: {
      namespace: 'default',
      pod: 'web',
      container: 'main',
      command,
      hasInput: true,
      isTerminal: true,
      principal: systemPrincipal,
    },
    signal: new AbortController().signal,
  });
  session.start({ onOutput: () => {}, onDrain: () => {}, onEnd: () => {} });
  await session.hangUp();
  return input;
}

describe('openPodSession', () => {
  it('asks the process that it began to go when it is hung up (P40)', async () => {
    expect(await inputUntilHungUp(['sh'])).toBe('\x03\x04exit\r');
  });

  it('leaves alone the process of a container that it was only attached to (CMP-109)', async () => {
    expect(await inputUntilHungUp(undefined)).toBe('');
  });
});
