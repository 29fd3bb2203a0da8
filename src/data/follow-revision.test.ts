import { describe, expect, it, vi } from 'vitest';
import { createManualClock } from '../kernel/manual-clock.ts';
import { followRevision } from './follow-revision.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

function follow(read: (signal: AbortSignal) => Promise<void> = async () => {}) {
  const listeners = new Set<(id: string) => void>();
  const listen = (listener: (id: string) => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const clock = createManualClock();
  const [reading, onStale, onFresh] = [vi.fn(read), vi.fn<(error: unknown) => void>(), vi.fn<() => void>()];
  const followed = followRevision({
    database: {
      onSignal: (_channel, listener) => listen(listener),
      onSignalGap: (listener) => listen(listener as never),
    },
    clock,
    channel: 'test.changed',
    read: reading,
    onStale,
    onFresh,
  });
  const say = () => {
    for (const listener of listeners) listener('');
  };
  return { clock, followed, listeners, reading, onStale, onFresh, say };
}

describe('followRevision', () => {
  it('reads when it is told, and every three seconds where it is told nothing', async () => {
    const { clock, reading, say } = follow();
    say();
    await settle();
    expect(reading).toHaveBeenCalled();
    const told = reading.mock.calls.length;
    clock.advance(3_000);
    await settle();
    expect(reading.mock.calls.length).toBe(told + 1);
  });

  it('reads once more for whoever asks while a reading is under way, and once for all of them', async () => {
    const ends: (() => void)[] = [];
    const { followed, reading } = follow(() => new Promise((resolve) => ends.push(resolve)));
    const first = followed.refresh();
    const later = [followed.refresh(), followed.refresh()];
    expect(reading).toHaveBeenCalledTimes(1);
    ends.shift()?.();
    await first;
    await settle();
    expect(reading).toHaveBeenCalledTimes(2);
    ends.shift()?.();
    await Promise.all(later);
    expect(reading).toHaveBeenCalledTimes(2);
  });

  it('is stale once nothing could be read for eight seconds, says so once, and says when it is not any more', async () => {
    let isDown = false;
    const { clock, followed, onStale, onFresh } = follow(async () => {
      if (isDown) throw new Error('away');
    });
    await followed.refresh();
    isDown = true;
    await expect(followed.refresh()).rejects.toThrow('away');
    expect(followed.isStale).toBe(false);
    for (let second = 0; second < 12; second += 3) {
      clock.advance(3_000);
      await settle();
    }
    expect([followed.isStale, onStale.mock.calls.length, onFresh.mock.calls.length]).toEqual([true, 1, 0]);
    isDown = false;
    await followed.refresh();
    expect([followed.isStale, onStale.mock.calls.length, onFresh.mock.calls.length]).toEqual([false, 1, 1]);
  });

  it('is stale, too, where the database does not answer at all', async () => {
    const { clock, followed, onStale } = follow(() => new Promise(() => {}));
    followed.refresh().catch(() => {});
    clock.advance(12_000);
    expect([followed.isStale, onStale.mock.calls.length]).toEqual([true, 1]);
  });

  it('leaves nothing behind when it is stopped, and takes nothing in any more', async () => {
    let seen: AbortSignal | undefined;
    const { clock, followed, listeners, onStale } = follow(async (signal) => {
      seen = signal;
    });
    await followed.refresh();
    followed.stop();
    expect([listeners.size, clock.waiting, seen?.aborted, onStale.mock.calls.length]).toEqual([0, 0, true, 0]);
  });
});
