import { describe, expect, it } from 'vitest';
import type { StreamMessage } from '../../live/stream-message.ts';
import { createFarewells } from './farewells.ts';
import { partPlainStream } from './part-plain-stream.ts';

const message = (cursor: string): StreamMessage<unknown> => ({
  type: 'ADDED',
  cursor,
  item: cursor,
  reason: undefined,
});

/** A source that says what it is told to, and nothing in between. */
function slowSource() {
  const waiting: ((result: IteratorResult<StreamMessage<unknown>>) => void)[] = [];
  const state = { isReturned: false };
  const source: AsyncIterableIterator<StreamMessage<unknown>> = {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    return() {
      state.isReturned = true;
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]: () => source,
  };
  return { source, state, say: (cursor: string) => waiting.shift()?.({ done: false, value: message(cursor) }) };
}

describe('a stream that is only an iterator', () => {
  it('ends with its reader’s place where it has to go on elsewhere, while it waits for more (P37)', async () => {
    const { source, say, state } = slowSource();
    const farewells = createFarewells();
    const stream = partPlainStream(source, farewells);
    const first = stream.next();
    say('one');
    expect((await first).value).toEqual(message('one'));
    const second = stream.next();
    farewells.sayAll();
    expect((await second).value).toEqual({ type: 'HEARTBEAT', cursor: 'one', item: undefined, reason: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(state.isReturned).toBe(true);
  });

  it('keeps its last word for a reader who is busy', async () => {
    const { source, say } = slowSource();
    const farewells = createFarewells();
    const stream = partPlainStream(source, farewells);
    const first = stream.next();
    say('one');
    await first;
    farewells.sayAll();
    expect((await stream.next()).value).toMatchObject({ type: 'HEARTBEAT', cursor: 'one' });
    expect((await stream.next()).done).toBe(true);
  });

  it('counts nothing that came while nobody read it', async () => {
    const { source, say } = slowSource();
    const farewells = createFarewells();
    const stream = partPlainStream(source, farewells);
    const first = stream.next();
    say('one');
    await first;
    const second = stream.next();
    say('two');
    farewells.sayAll();
    // Told before the source's answer was taken up: what comes behind the cursor comes again.
    expect((await second).value).toMatchObject({ type: 'HEARTBEAT', cursor: 'one' });
  });

  it('just ends where nothing was read yet, and where everybody had to go before', async () => {
    const { source, state } = slowSource();
    const farewells = createFarewells();
    farewells.sayAll();
    expect(await partPlainStream(source, farewells).next()).toEqual({ done: true, value: undefined });
    expect(state.isReturned).toBe(true);
  });

  it('hands on how its source fails or ends, and answers who leaves it', async () => {
    const failing: AsyncIterable<StreamMessage<unknown>> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('broken')) }),
    };
    await expect(partPlainStream(failing, createFarewells()).next()).rejects.toThrow('broken');
    const { source, state } = slowSource();
    const stream = partPlainStream(source, createFarewells());
    const pending = stream.next();
    await stream.return?.();
    expect(state.isReturned).toBe(true);
    expect(await pending).toEqual({ done: true, value: undefined });
  });
});
