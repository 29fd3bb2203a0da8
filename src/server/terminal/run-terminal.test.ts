import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { createManualClock } from '../../kernel/manual-clock.ts';
import type { PodSession, PodSessionListener } from '../../kube/sessions/pod-session.ts';
import { runTerminal } from './run-terminal.ts';
import { chooseProtocol } from './terminal-protocol.ts';

const KiB = 1_024;
const size = Buffer.from('\x04{"Width":80,"Height":24}');
const hiddenSize = Buffer.from('\x04{"Width":0,"Height":0}');
const typed = Buffer.from('\0ls');

/** A client whose connection takes what `read` says, and no more. */
class FakeClient extends EventEmitter {
  readonly OPEN = 1;
  readonly CLOSED = 3;
  readyState = 1;
  isPaused = true;
  isCut = false;
  told: { readonly code: number; readonly reason: string } | undefined;
  readonly #waiting: { readonly bytes: number; readonly done: () => void }[] = [];

  get bufferedAmount(): number {
    return this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
  }
  send(data: Uint8Array, done: () => void): void {
    this.#waiting.push({ bytes: data.length, done });
  }
  read(bytes: number): void {
    for (let left = bytes; left > 0; ) {
      const first = this.#waiting.shift();
      if (!first) return;
      left -= first.bytes;
      first.done();
    }
  }
  ping(): void {}
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  close(code: number, reason: string): void {
    if (this.readyState !== this.OPEN) return;
    this.readyState = 2;
    this.told = { code, reason };
  }
  terminate(): void {
    this.isCut = true;
    this.readyState = this.CLOSED;
  }
  say(...messages: readonly Buffer[]): void {
    for (const message of messages) this.emit('message', message, true);
  }
}

function opened({ idleMs = null }: { readonly idleMs?: number | null } = {}) {
  const clock = createManualClock();
  const client = new FakeClient();
  const protocol = chooseProtocol(['v5.channel.k8s.io']);
  if (!protocol) throw new Error('there is no protocol');
  const state = { hasRoom: true, isPaused: false, taken: 0, sizes: 0, isHungUp: false };
  let listener: PodSessionListener = { onOutput() {}, onDrain() {}, onEnd() {} };
  const session: PodSession = {
    start(given) {
      listener = given;
    },
    write() {
      state.taken += 1;
      return state.hasRoom;
    },
    resize() {
      state.sizes += 1;
      return state.hasRoom;
    },
    pause() {
      state.isPaused = true;
    },
    resume() {
      state.isPaused = false;
    },
    async hangUp() {
      state.isHungUp = true;
      return { kind: 'LOST' };
    },
  };
  const terminal = runTerminal({
    client: client as unknown as WebSocket,
    socket: { bytesWritten: 0, writableLength: 0 } as never,
    protocol,
    session,
    clock,
    idleMs,
  });
  const drain = () => {
    state.hasRoom = true;
    listener.onDrain();
  };
  const write = (bytes: number) => listener.onOutput('stdout', new Uint8Array(bytes));
  /** Time in which the client answers, so that nobody takes it for lost. */
  async function pass(ms: number, meanwhile = () => {}): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1_000) {
      client.emit('pong');
      meanwhile();
      clock.advance(1_000);
      await new Promise(setImmediate);
    }
  }
  return { clock, client, state, terminal, drain, write, pass, why: () => terminal.measure().endReason };
}

describe('input of a terminal (CMP-109)', () => {
  it('waits in the client while the process takes nothing, and goes on where that takes long once or often', async () => {
    const { client, state, drain, pass, why } = opened();
    state.hasRoom = false;
    // What has arrived in one piece is told in one go, whether or not it may go on.
    client.say(typed, typed, typed);
    expect([state.taken, client.isPaused]).toEqual([3, true]);
    await pass(15_000);
    drain();
    expect(client.isPaused).toBe(false);
    await pass(60_000);
    expect([why(), client.told]).toEqual([undefined, undefined]);
  });

  it('ends with a process that takes nothing for twenty seconds (refused)', async () => {
    const { client, state, pass } = opened();
    state.hasRoom = false;
    client.say(typed, typed);
    await pass(21_000);
    expect(client.told).toEqual({ code: 1013, reason: 'The process does not read its input' });
    expect(state.isHungUp).toBe(true);
  });

  it('waits likewise for who sends sizes without end', () => {
    const { client, state } = opened();
    client.say(size);
    expect([state.sizes, client.isPaused]).toEqual([1, false]);
    state.hasRoom = false;
    client.say(size);
    expect(client.isPaused).toBe(true);
  });

  it.each([
    { name: 'is too large, or no WebSocket any more', say: (client: FakeClient) => client.emit('error', new Error()) },
    { name: 'is not of the protocol', say: (client: FakeClient) => client.say(Buffer.of(77)) },
  ])('ends at once where it $name, and leaves the client its time to hear so (refused)', async ({ say }) => {
    const { clock, client, state, terminal } = opened();
    say(client);
    expect((await terminal.over).why).toBe('BAD_MESSAGE');
    expect([state.isHungUp, client.isCut]).toEqual([true, false]);
    clock.advance(4_000);
    expect(client.isCut).toBe(true);
  });
});

describe('output of a terminal (CMP-109)', () => {
  it('waits in the container where the browser reads more slowly, and never here', () => {
    const { client, state, write } = opened();
    let most = 0;
    let read = 0;
    for (let turn = 0; turn < 2_000; turn += 1) {
      // As much as comes, unless it is not taken: a container has no end of it.
      for (let piece = 0; piece < 16 && !state.isPaused; piece += 1) write(32 * KiB);
      most = Math.max(most, client.bufferedAmount);
      client.read(20 * KiB);
      read += 20 * KiB;
    }
    expect(read).toBeGreaterThan(30_000 * KiB);
    expect(most).toBeLessThan(300 * KiB);
    client.read(1_000 * KiB);
    expect(state.isPaused).toBe(false);
  });
});

describe('a terminal in which nothing happens (CON-31)', () => {
  it.each([
    { name: 'nothing', end: 'IDLE', meanwhile: () => {} },
    {
      name: 'messages that say nothing',
      end: 'IDLE',
      meanwhile: (client: FakeClient) => client.say(Buffer.of(0), hiddenSize),
    },
    { name: 'a key now and then', end: undefined, meanwhile: (client: FakeClient) => client.say(typed) },
  ])('ends after the time that its profile gives, but for $name: $end', async ({ end, meanwhile }) => {
    const { client, pass, why } = opened({ idleMs: 60_000 });
    await pass(30_000);
    meanwhile(client);
    await pass(31_000);
    expect(why()).toBe(end);
  });

  it('goes on for as long as the process writes', async () => {
    const { client, pass, write, why } = opened({ idleMs: 60_000 });
    await pass(300_000, () => {
      write(1);
      client.read(KiB);
    });
    expect(why()).toBeUndefined();
  });

  it('goes on for ever where the profile sets no limit', async () => {
    const { pass, why } = opened();
    await pass(300_000);
    expect(why()).toBeUndefined();
  });
});
