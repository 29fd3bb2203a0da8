import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../../src/kernel/manual-clock.ts';
import { mergeByTime } from './merge-by-time.ts';

interface Entry {
  readonly time: string;
  readonly text: string;
}

const at = (second: number, text: string): Entry => ({ time: new Date(second * 1_000).toISOString(), text });

async function* of(...entries: readonly Entry[]): AsyncGenerator<Entry, void, undefined> {
  yield* entries;
}

/** A source that speaks when the test says so. */
function createSource() {
  const entries: Entry[] = [];
  const state = { asked: 0, isClosed: false };
  let give: ((result: IteratorResult<Entry, void>) => void) | undefined;
  const flush = (): void => {
    const value = give && entries.shift();
    if (!value) return;
    give?.({ done: false, value });
    give = undefined;
  };
  return {
    state,
    say(entry: Entry) {
      entries.push(entry);
      flush();
    },
    iterator: {
      next: () =>
        new Promise<IteratorResult<Entry, void>>((resolve) => {
          state.asked += 1;
          give = resolve;
          flush();
        }),
      async return() {
        state.isClosed = true;
        return { done: true as const, value: undefined };
      },
    },
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('mergeByTime', () => {
  it('makes one order of many, and keeps the order of each', async () => {
    const sources = fc.array(fc.array(fc.nat(20), { maxLength: 12 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sources, async (drafts) => {
        const merged = mergeByTime<Entry>(createManualClock());
        const logs = drafts.map((seconds, source) =>
          [...seconds].sort((a, b) => a - b).map((second, line) => at(second, `${source}.${line}`)),
        );
        for (const log of logs) merged.add(of(...log));
        merged.close();
        const found: Entry[] = [];
        for (let next = await merged.next(30_000); next && !next.done; next = await merged.next(30_000))
          found.push(next.value);
        expect(found.map(({ time }) => time)).toEqual(
          logs
            .flat()
            .map(({ time }) => time)
            .sort(),
        );
        for (const [source, log] of logs.entries()) {
          expect(found.filter(({ text }) => text.startsWith(`${source}.`))).toEqual(log);
        }
      }),
    );
  });

  it('waits two seconds for a source that is being opened, and then no more', async () => {
    const clock = createManualClock();
    const merged = mergeByTime<Entry>(clock);
    const [slow, quick] = [createSource(), createSource()];
    merged.add(slow.iterator);
    merged.add(quick.iterator);
    quick.say(at(5, 'quick'));
    let first: unknown;
    const reading = merged.next(30_000).then((result) => (first = result));
    await settle();
    clock.advance(1_999);
    await settle();
    expect(first).toBeUndefined();
    slow.say(at(4, 'slow'));
    await reading;
    expect(first).toEqual({ done: false, value: at(4, 'slow') });
  });

  it('is held up by a silent source for a quarter of a second once, not for each entry of others', async () => {
    const clock = createManualClock();
    const merged = mergeByTime<Entry>(clock);
    const [silent, busy] = [createSource(), createSource()];
    merged.add(silent.iterator);
    merged.add(busy.iterator);
    silent.say(at(1, 'once'));
    for (let second = 2; second < 100; second += 1) busy.say(at(second, `${second}`));
    expect(await merged.next(30_000)).toMatchObject({ value: { text: 'once' } });
    const reading = merged.next(30_000);
    await settle();
    clock.advance(250);
    expect(await reading).toMatchObject({ value: { text: '2' } });
    for (let second = 3; second < 100; second += 1) {
      expect(await merged.next(30_000)).toMatchObject({ value: { text: `${second}` } });
    }
  });

  it('asks each source for no more than one entry ahead', async () => {
    const merged = mergeByTime<Entry>(createManualClock());
    const source = createSource();
    for (let second = 0; second < 10; second += 1) source.say(at(second, `${second}`));
    merged.add(source.iterator);
    await merged.next(30_000);
    await merged.next(30_000);
    expect(source.state.asked).toBe(2);
  });

  it('answers nothing after a time of silence, and fails with the source that fails', async () => {
    const clock = createManualClock();
    const merged = mergeByTime<Entry>(clock);
    const silent = createSource();
    merged.add(silent.iterator);
    const reading = merged.next(30_000);
    await settle();
    clock.advance(30_000);
    expect(await reading).toBeUndefined();
    merged.add(
      (async function* (): AsyncGenerator<Entry, void, undefined> {
        yield at(1, 'one');
        throw new Error('broken');
      })(),
    );
    expect(await merged.next(30_000)).toMatchObject({ value: { text: 'one' } });
    await expect(merged.next(30_000)).rejects.toThrow('broken');
  });

  it('ends all sources at once, also one that comes later', async () => {
    const merged = mergeByTime<Entry>(createManualClock());
    const [first, late] = [createSource(), createSource()];
    merged.add(first.iterator);
    const reading = merged.next(30_000);
    await settle();
    merged.end();
    expect(await reading).toEqual({ done: true, value: undefined });
    merged.add(late.iterator);
    expect([first.state.isClosed, late.state.isClosed]).toEqual([true, true]);
  });
});
