import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../kernel/manual-clock.ts';
import { watchReader } from './watch-reader.ts';

/** A connection whose other end does what the test says. */
function connection({ hasPing }: { readonly hasPing: boolean }) {
  const clock = createManualClock();
  const socket = { bytesWritten: 0, writableLength: 0 };
  const log: string[] = [];
  const ping = () => {
    socket.bytesWritten += 2;
    if (socket.writableLength > 0) socket.writableLength += 2;
    log.push(`ping ${seconds()}`);
  };
  const startedAt = clock.now();
  const seconds = () => (clock.now() - startedAt) / 1_000;
  const watch = watchReader({
    socket,
    clock,
    ...(hasPing ? { ping } : {}),
    onStuck: () => log.push(`stuck ${seconds()}`),
    onDead: () => log.push(`dead ${seconds()}`),
  });
  return {
    clock,
    socket,
    log,
    watch,
    /** So many looks go by, each after something has happened. */
    async pass(looks: number, meanwhile: () => void = () => {}) {
      for (let count = 0; count < looks; count += 1) {
        meanwhile();
        clock.advance(6_000);
        await nextTurn();
      }
    },
  };
}

describe('a reader that answers pings', () => {
  it('is asked after 12 s of silence, and not again while it answers', async () => {
    const { watch, log, pass } = connection({ hasPing: true });
    await pass(1);
    await pass(2);
    expect(log).toEqual(['ping 18']);
    watch.heard();
    await pass(3);
    expect(log).toEqual(['ping 18', 'ping 36']);
    watch.heard();
    await pass(20, () => watch.heard());
    expect(log).toHaveLength(2);
  });

  it('is dead where it does not answer for 12 s and had nothing to read', async () => {
    const { log, pass, clock } = connection({ hasPing: true });
    await pass(20);
    expect(log).toEqual(['ping 18', 'dead 30']);
    expect(clock.waiting).toBe(0);
  });

  it('is stuck where it does not answer for 30 s and had something to read', async () => {
    const { socket, log, pass } = connection({ hasPing: true });
    await pass(2);
    socket.bytesWritten += 100;
    await pass(20);
    expect(log).toEqual(['ping 18', 'stuck 36']);
  });

  it('is neither while it takes what it could not take before, however late it answers', async () => {
    const { socket, log, pass } = connection({ hasPing: true });
    socket.bytesWritten = 1_000_000;
    socket.writableLength = 500_000;
    await pass(20, () => {
      socket.writableLength -= 1;
    });
    expect(log).toEqual([]);
  });

  it('is stuck where nothing more is taken of what waits for it', async () => {
    const { socket, log, pass } = connection({ hasPing: true });
    socket.bytesWritten = 1_000_000;
    socket.writableLength = 500_000;
    await pass(20);
    expect(log).toEqual(['ping 18', 'stuck 36']);
  });

  it('loses nothing by a leap of the clock (refused)', async () => {
    const { watch, log, clock, pass } = connection({ hasPing: true });
    clock.advance(3_600_000);
    await nextTurn();
    await pass(2);
    watch.heard();
    clock.advance(3_600_000);
    await nextTurn();
    await pass(1);
    expect(log.filter((line) => !line.startsWith('ping'))).toEqual([]);
  });
});

describe('a reader that cannot be pinged', () => {
  it('may be silent for ever while it takes everything', async () => {
    const { socket, log, pass } = connection({ hasPing: false });
    await pass(20, () => {
      socket.bytesWritten += 100;
    });
    expect(log).toEqual([]);
  });

  it('is stuck where it takes nothing for 30 s of what waits for it', async () => {
    const { socket, log, pass } = connection({ hasPing: false });
    await pass(1);
    socket.bytesWritten = 100;
    socket.writableLength = 100;
    await pass(20);
    // Found waiting at 12 s.
    expect(log).toEqual(['stuck 42']);
  });
});

describe('a watch that was stopped', () => {
  it('says nothing any more (refused)', async () => {
    const { watch, log, clock, pass } = connection({ hasPing: true });
    await pass(2);
    watch.stop();
    await pass(20);
    expect(log).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});
