import type { WebSocket } from 'ws';
import type { Clock } from '../../kernel/clock.ts';
import { kindRef } from '../kind-ref.ts';
import { resourcePath } from '../resource-path.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { channels, endOfInput, frame, readSessionStatus } from './channel-frames.ts';
import type { PodSession, PodSessionEnd, PodSessionListener, PodSessionRequest } from './pod-session.ts';

const podKind = kindRef({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true });
/** The second has no way to say that the input is over. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const mostWaitingBytes = 256 * 1024;
const pingMs = 20_000;
const openMs = 10_000;
/** How often a process is asked to end, at which interval in ms, and how long the connection then has to close. */
const farewells = 5;
const farewellMs = 1_000;
const closeMs = 1_000;
const encoder = new TextEncoder();
/** Interrupt, end of input, and for shells that ignore it the word. */
const farewell = encoder.encode('\x03\x04exit\r');

/** Opens a session by the remote command protocol over WebSocket (KEP-4006). Rejects with answer errors. */
export async function openPodSession(options: {
  readonly transport: ClusterTransport;
  readonly clock: Clock;
  readonly request: PodSessionRequest;
  readonly signal: AbortSignal;
}): Promise<PodSession> {
  const { transport, clock, request, signal } = options;
  const { namespace, pod, container, command, hasInput, isTerminal } = request;
  const socket = await transport.webSocket(
    {
      path: resourcePath(podKind, namespace, pod, command ? 'exec' : 'attach'),
      query: { container, stdin: hasInput, stdout: true, stderr: !isTerminal, tty: isTerminal, command },
      kind: podKind,
      namespace,
      name: pod,
      principal: request.principal,
      operationId: request.operationId,
      isOfNode: true,
      timeoutMs: openMs,
      signal,
    },
    protocols,
  );
  return runSession(socket, clock, request);
}

function runSession(socket: WebSocket, clock: Clock, { command, isTerminal, hasInput }: PodSessionRequest): PodSession {
  let listener: PodSessionListener | undefined;
  let isFull = false;
  let isAnswered = true;
  let status: PodSessionEnd | undefined;
  const ended = Promise.withResolvers<PodSessionEnd>();
  let isOver = false;
  let hangingUp: Promise<PodSessionEnd> | undefined;
  let cancelPing = clock.schedule(pingMs, ping);

  function ping(): void {
    if (!isAnswered) {
      socket.terminate();
      return;
    }
    // What is paused reads no answers either.
    isAnswered = socket.isPaused;
    socket.ping();
    cancelPing = clock.schedule(pingMs, ping);
  }

  function finish(): void {
    if (isOver) return;
    isOver = true;
    cancelPing();
    const end = status ?? { kind: 'LOST' };
    ended.resolve(end);
    listener?.onEnd(end);
  }

  /** Whether there is room for more. */
  function sendInput(data: Uint8Array): boolean {
    send(data);
    isFull = socket.bufferedAmount > mostWaitingBytes;
    return !isFull;
  }

  function send(data: Uint8Array): void {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(data, () => {
      if (!isFull || isOver || socket.bufferedAmount > mostWaitingBytes / 2) return;
      isFull = false;
      listener?.onDrain();
    });
  }

  socket.on('pong', () => {
    isAnswered = true;
  });
  socket.on('message', (data: Buffer) => {
    isAnswered = true;
    const content = data.subarray(1);
    const [channel] = data;
    if (channel === channels.error) {
      status = readSessionStatus(content) ?? status;
      return;
    }
    // The first message of a channel is empty: it is open.
    if (content.length === 0) return;
    if (channel === channels.stdout) listener?.onOutput('stdout', content);
    else if (channel === channels.stderr) listener?.onOutput('stderr', content);
  });
  socket.once('close', finish);

  async function part(): Promise<PodSessionEnd> {
    // What it still says must be read, or its end would not be.
    socket.resume();
    // What was attached to was there before and stays: its container's own process must not be told to go.
    const isToEnd = command !== undefined && hasInput;
    for (let count = 0; count < farewells && isToEnd && !isOver; count += 1) {
      if (isTerminal) send(frame(channels.stdin, farewell));
      if (count === farewells - 1 || !isTerminal) send(endOfInput(socket.protocol));
      if (await within(farewellMs)) return ended.promise;
    }
    socket.close(1000);
    if (!(await within(closeMs))) socket.terminate();
    return ended.promise;
  }

  function within(forMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = clock.schedule(forMs, () => resolve(false));
      void ended.promise.then(() => {
        cancel();
        resolve(true);
      });
    });
  }

  return {
    start(given) {
      listener = given;
      socket.resume();
    },
    write: (data) => sendInput(frame(channels.stdin, data)),
    resize: (columns, rows) =>
      sendInput(frame(channels.resize, encoder.encode(JSON.stringify({ Width: columns, Height: rows })))),
    pause() {
      // What is paused reads no answers: the ping on its way is not missed.
      isAnswered = true;
      socket.pause();
    },
    resume: () => socket.resume(),
    hangUp() {
      hangingUp ??= part();
      return hangingUp;
    },
  };
}
