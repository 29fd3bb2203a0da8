import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { SessionMeasure } from '../../audit/operation-records.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { PodSession } from '../../kube/sessions/pod-session.ts';
import { watchReader } from '../watch-reader.ts';
import { endOfProcess, type TerminalEnd, terminalEnds } from './terminal-end.ts';
import type { TerminalInput, TerminalProtocol } from './terminal-protocol.ts';

/** Bytes that may wait for a client; while more do, the cluster is not read. */
const mostWaitingBytes = 256 * 1024;
/** With this, who vanished is noticed within 20 s, and who does not read within 24 s. */
const lookMs = 4_000;
/** How long a process may take nothing of what waits for it, in ms: whoever has gone meanwhile cannot be noticed. */
const stuckInputMs = 20_000;
/** How long somebody who does not read has for the close, in ms; then the connection is cut. */
const partingMs = 4_000;

export interface TerminalOptions {
  readonly client: WebSocket;
  /** Below the WebSocket. */
  readonly socket: Socket;
  readonly protocol: TerminalProtocol;
  readonly session: PodSession;
  readonly clock: Clock;
  /** How long nothing may happen, in ms; null for ever. */
  readonly idleMs: number | null;
}

/** A client and a process in a container, each at the pace of the other. */
export interface RunningTerminal {
  /** Tells the client, then ends the process. Only the first end counts. */
  end(end: TerminalEnd): void;
  measure(): SessionMeasure;
  /** Resolves with how it ended once the process is gone, or nothing more can be done about it. */
  readonly over: Promise<TerminalEnd>;
}

export function runTerminal({ client, socket, protocol, session, clock, idleMs }: TerminalOptions): RunningTerminal {
  let bytesIn = 0;
  let bytesOut = 0;
  let exitCode: number | undefined;
  let ended: TerminalEnd | undefined;
  let isInputHeld = false;
  let isOutputHeld = false;
  let lastAt = clock.now();
  let cancelIdle = () => {};
  let cancelStuck = () => {};
  const over = Promise.withResolvers<TerminalEnd>();

  const reader = watchReader({
    socket,
    clock,
    lookMs,
    ping() {
      // Whom we do not read, since the process takes nothing at present, cannot answer either.
      if (isInputHeld) reader.heard();
      else client.ping();
    },
    onStuck: () => end(terminalEnds.slowReader),
    onDead: () => end(terminalEnds.clientLost),
  });

  function watchIdle(forMs: number, most: number): void {
    cancelIdle = clock.schedule(forMs, () => {
      const left = lastAt + most - clock.now();
      if (left > 0) watchIdle(left, most);
      else end(terminalEnds.idle);
    });
  }

  function end(how: TerminalEnd): void {
    if (ended) return;
    ended = how;
    reader.stop();
    cancelIdle();
    cancelStuck();
    part(how);
    session.hangUp().then(
      (last) => {
        if (last.kind === 'EXITED') exitCode = last.exitCode;
        over.resolve(how);
      },
      () => over.resolve(how),
    );
  }

  function part({ code, reason }: TerminalEnd): void {
    if (client.readyState === client.CLOSED || code === terminalEnds.clientLost.code) {
      client.terminate();
      return;
    }
    // Its answer to the close must be read.
    client.resume();
    // Where a close is on its way, this adds nothing.
    client.close(code, reason);
    client.once(
      'close',
      clock.schedule(partingMs, () => client.terminate()),
    );
  }

  function say(data: Uint8Array): void {
    client.send(data, () => {
      if (!isOutputHeld || client.bufferedAmount > mostWaitingBytes / 2) return;
      isOutputHeld = false;
      if (!ended) session.resume();
    });
    if (isOutputHeld || client.bufferedAmount <= mostWaitingBytes) return;
    isOutputHeld = true;
    session.pause();
  }

  function take(input: Extract<TerminalInput, { kind: 'data' | 'resize' }>): boolean {
    if (input.kind === 'resize') return session.resize(input.columns, input.rows);
    bytesIn += input.data.length;
    lastAt = clock.now();
    return session.write(input.data);
  }

  client.on('message', (data: Buffer, isBinary: boolean) => {
    reader.heard();
    if (ended) return;
    const input = protocol.read(data, isBinary);
    if (!input) return end(terminalEnds.badMessage);
    if (input.kind === 'end') return end(terminalEnds.clientClosed);
    if (input.kind === 'nothing') return;
    const hasRoom = take(input);
    // What had arrived together with the message that filled it comes in spite of the pause.
    if (hasRoom || isInputHeld) return;
    isInputHeld = true;
    client.pause();
    cancelStuck = clock.schedule(stuckInputMs, () => end(terminalEnds.inputStuck));
  });
  for (const sign of ['ping', 'pong']) client.on(sign, reader.heard);
  // Too large, or no WebSocket any more: the library has said so (1009, 1002, 1007), and reads nothing after it.
  client.on('error', () => end(terminalEnds.badMessage));
  client.on('close', (code: number) => {
    // 1006: the connection ended without a close.
    end(code === terminalEnds.clientLost.code ? terminalEnds.clientLost : terminalEnds.clientClosed);
  });
  session.start({
    onOutput(stream, data) {
      if (ended) return;
      bytesOut += data.length;
      lastAt = clock.now();
      say(protocol.output(stream, data));
    },
    onDrain() {
      if (!isInputHeld) return;
      isInputHeld = false;
      cancelStuck();
      client.resume();
    },
    onEnd(last) {
      if (last.kind === 'EXITED') {
        exitCode = last.exitCode;
        const status = ended ? undefined : protocol.status(last.exitCode);
        if (status) say(status);
      }
      end(endOfProcess(last));
    },
  });
  if (idleMs !== null) watchIdle(idleMs, idleMs);
  client.resume();

  return {
    end,
    measure: () => ({ bytesIn, bytesOut, exitCode, endReason: ended?.why }),
    over: over.promise,
  };
}
