import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { systemPrincipal } from '../../kernel/principal.ts';
import { runClockUntil } from '../../testing/run-clock-until.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { openPodSession } from './open-pod-session.ts';
import type { PodSessionEnd } from './pod-session.ts';

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

/** A session with a cluster that does what it is told to with each message of the client. */
async function opened(command: readonly string[] | undefined, onMessage: (data: Buffer, socket: WebSocket) => void) {
  const clock = createManualClock();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  stack.defer(() => void server.close());
  const connected = once(server, 'connection');
  server.on('connection', (socket) => socket.on('message', (data: Buffer) => onMessage(data, socket)));
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
  const [cluster] = (await connected) as [WebSocket];
  const ends: PodSessionEnd['kind'][] = [];
  session.start({ onOutput: () => {}, onDrain: () => {}, onEnd: ({ kind }) => ends.push(kind) });
  return { clock, session, cluster, ends };
}

/** What a cluster is sent on the channel of input until the session is over. */
async function inputUntilHungUp(command: readonly string[] | undefined): Promise<string> {
  let input = '';
  const { session } = await opened(command, (data, socket) => {
    if (data[0] === 0) input += data.subarray(1).toString();
    // A shell goes when it is told to.
    if (input.includes('exit')) socket.close();
  });
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

  it('asks a program that takes the keys for itself five times, then closes the connection all the same (P40)', async () => {
    let asked = 0;
    const { clock, session, cluster, ends } = await opened(['vi'], (data) => {
      if (data[0] === 0 && data.includes('exit')) asked += 1;
    });
    const closed = once(cluster, 'close');
    const startedAt = clock.now();
    let isOver = false;
    const over = session.hangUp().then(() => {
      isOver = true;
    });
    await runClockUntil(clock, () => isOver, { stepMs: 500, limitMs: 10_000 });
    await over;
    expect(clock.now() - startedAt).toBeLessThanOrEqual(7_000);
    await closed;
    expect([asked, ends]).toEqual([5, ['LOST']]);
  });

  it('gives a cluster up that answers no ping, but not one that nobody listens to meanwhile', async () => {
    const pings: number[] = [];
    const { clock, session, cluster, ends } = await opened(['sh'], () => {});
    cluster.on('ping', () => pings.push(pings.length));
    clock.advance(20_000);
    // Its answer to this one is behind output that nobody takes.
    session.pause();
    clock.advance(20_000);
    clock.advance(20_000);
    await vi.waitFor(() => expect(pings.length).toBe(3));
    expect(ends).toEqual([]);
    cluster.pause();
    session.resume();
    clock.advance(20_000);
    clock.advance(20_000);
    await vi.waitFor(() => expect(ends).toEqual(['LOST']));
  });
});
