import { describe, expect, it } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import { createOutbox } from './create-outbox.ts';
import { SlowReaderError } from './slow-reader-error.ts';
import { createThrottleWindows, throttleOf } from './throttle-windows.ts';

/** An outbox of words, and a reader that takes them without promises. */
function setUp({ after, ...limits }: { queueMessages?: number; after?: string } = {}, throttleMs?: number) {
  const clock = createManualClock();
  const controller = new AbortController();
  const log: string[] = [];
  const windows = createThrottleWindows(clock, silentLogger);
  const outbox = createOutbox<string, string>({
    clock,
    limits: { queueMessages: 4, queueBytes: 1_000, slowReaderMs: 30_000, heartbeatMs: 60_000, ...limits },
    signal: controller.signal,
    after,
    ...(throttleMs !== undefined && {
      throttle: throttleOf(throttleMs, windows),
      // Words that begin alike are of one thing.
      merge: (words: readonly string[]) => [...new Map(words.map((word) => [word[0], word])).values()],
    }),
    bytesOf: (entry) => entry.length,
    toMessage: (entry) =>
      entry === 'nothing' ? undefined : { type: 'ADDED', cursor: '', item: entry, reason: undefined },
    restart: () => outbox.prepend(['fresh start']),
    heartbeat: () => ({ type: 'HEARTBEAT', cursor: '', item: undefined, reason: undefined }),
    onClose: (error) => log.push(error ? error.constructor.name : 'closed'),
  });
  let wakes = 0;
  const reader = {
    isBlocked: false,
    wake: () => {
      wakes += 1;
    },
    drain: () => log.push(...takeAll()),
  };
  function takeAll(): string[] {
    const taken: string[] = [];
    for (let message = outbox.take(); message; message = outbox.take()) taken.push(message.item ?? message.type);
    return taken;
  }
  return { clock, controller, outbox, reader, log, takeAll, wakes: () => wakes };
}

describe('an outbox whose reader takes without promises', () => {
  it('wakes the reader once until it has found nothing', () => {
    const { outbox, reader, takeAll, wakes } = setUp();
    outbox.push('one');
    outbox.attach(reader);
    expect(wakes()).toBe(1);
    outbox.push('two');
    outbox.push('nothing');
    expect(wakes()).toBe(1);
    expect(takeAll()).toEqual(['one', 'two']);
    outbox.push('three');
    expect(wakes()).toBe(2);
    expect(takeAll()).toEqual(['three']);
  });

  it('lets a reader have what fills the queue, which is no reason to drop anything', () => {
    const { outbox, reader, log, takeAll } = setUp();
    outbox.attach(reader);
    for (const word of ['1', '2', '3', '4', '5', '6']) outbox.push(word);
    expect([...log, ...takeAll()]).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(outbox.isOverflowed).toBe(false);
  });

  it('drops what a blocked reader does not take, and begins anew when it comes back', () => {
    const { outbox, reader, log, takeAll } = setUp();
    outbox.attach(reader);
    reader.isBlocked = true;
    for (const word of ['1', '2', '3', '4', '5', '6']) outbox.push(word);
    expect(outbox.isOverflowed).toBe(true);
    reader.isBlocked = false;
    expect(takeAll()).toEqual(['fresh start']);
    outbox.push('7');
    expect(takeAll()).toEqual(['7']);
    expect(log).toEqual([]);
  });

  it('closes for a reader that stays blocked', () => {
    const { clock, outbox, reader, log } = setUp();
    outbox.attach(reader);
    reader.isBlocked = true;
    for (const word of ['1', '2', '3', '4', '5']) outbox.push(word);
    clock.advance(30_000);
    expect(log).toEqual(['SlowReaderError']);
    expect(outbox.ended?.error).toBeInstanceOf(SlowReaderError);
    expect(outbox.take()).toBeUndefined();
  });

  it('beats when nothing happened, not while there is something to take', () => {
    const { clock, outbox, reader, takeAll, wakes } = setUp();
    outbox.attach(reader);
    clock.advance(60_000);
    expect(wakes()).toBe(1);
    expect(takeAll()).toEqual(['HEARTBEAT']);
    outbox.push('one');
    clock.advance(60_000);
    expect(takeAll()).toEqual(['one']);
  });

  it('wakes the reader at the end', () => {
    const { controller, outbox, reader, log, wakes } = setUp();
    outbox.attach(reader);
    controller.abort();
    expect(wakes()).toBe(1);
    expect(outbox.ended).toEqual({ error: undefined });
    expect(log).toEqual(['closed']);
  });

  it('ends the stream alone whose message fails', () => {
    const clock = createManualClock();
    const outbox = createOutbox<string, string>({
      clock,
      limits: { queueMessages: 4, queueBytes: 1_000, slowReaderMs: 30_000, heartbeatMs: 60_000 },
      signal: new AbortController().signal,
      bytesOf: () => 1,
      toMessage: () => {
        throw new Error('broken');
      },
      restart: () => undefined,
      heartbeat: () => ({ type: 'HEARTBEAT', cursor: '', item: undefined, reason: undefined }),
      onClose: () => undefined,
    });
    outbox.attach({ isBlocked: false, wake: () => undefined, drain: () => undefined });
    outbox.push('one');
    expect(outbox.take()).toBeUndefined();
    expect(outbox.ended?.error?.message).toBe('broken');
  });
});

describe('an outbox that says goodbye', () => {
  it('tells where its reader stands and has ended, without promises (P37)', () => {
    const { outbox, reader, takeAll, wakes, log } = setUp();
    outbox.attach(reader);
    outbox.push('one');
    expect(takeAll()).toEqual(['one']);
    outbox.farewell();
    expect(wakes()).toBe(2);
    expect(outbox.ended).toBeUndefined();
    expect(takeAll()).toEqual(['HEARTBEAT']);
    expect(outbox.ended).toEqual({ error: undefined });
    expect(log).toEqual(['closed']);
  });

  it('forgets what was not read, which lies behind the cursor, and takes nothing new', () => {
    const { outbox, reader, takeAll, clock } = setUp({ after: 'where it was' });
    for (const word of ['1', '2', '3', '4', '5', '6']) outbox.push(word);
    outbox.farewell();
    outbox.push('late');
    outbox.prepend(['later']);
    outbox.attach(reader);
    expect(takeAll()).toEqual(['HEARTBEAT']);
    expect(clock.waiting).toBe(0);
  });

  it('tells the reader who waits, and the one who comes late', async () => {
    const waiting = setUp().outbox;
    const message = waiting.next();
    waiting.farewell();
    expect((await message).value).toMatchObject({ type: 'HEARTBEAT' });
    expect(await waiting.next()).toEqual({ done: true, value: undefined });

    const late = setUp({ after: 'where it was' }).outbox;
    late.push('one');
    late.farewell();
    expect((await late.next()).value).toMatchObject({ type: 'HEARTBEAT' });
    expect(await late.next()).toEqual({ done: true, value: undefined });
  });

  it('has nothing to say to a reader that came without a cursor and was told nothing yet', () => {
    const { outbox } = setUp();
    outbox.hold(true);
    outbox.farewell();
    expect(outbox.take()).toBeUndefined();
    expect(outbox.ended).toEqual({ error: undefined });
  });

  it('gives a reader back the cursor that it came with, as long as it was told nothing else', () => {
    const early = setUp({ after: 'where it was' }).outbox;
    early.hold(true);
    early.farewell();
    expect(early.take()).toMatchObject({ type: 'HEARTBEAT', cursor: 'where it was' });

    const told = setUp({ after: 'where it was' }).outbox;
    told.push('one');
    told.take();
    told.push('two');
    told.farewell();
    expect(told.take()).toMatchObject({ type: 'HEARTBEAT', cursor: '' });
  });

  it('says it once, and nothing where it has ended before', () => {
    const { outbox, reader, takeAll } = setUp();
    outbox.attach(reader);
    outbox.farewell();
    outbox.farewell();
    expect(takeAll()).toEqual(['HEARTBEAT']);
    outbox.farewell();
    expect(takeAll()).toEqual([]);
  });
});

describe('an outbox with a throttle', () => {
  it('holds what comes until the window ends, and tells the newest of each', () => {
    const { clock, outbox, reader, takeAll, wakes } = setUp({ queueMessages: 100 }, 1_000);
    outbox.attach(reader);
    for (const word of ['a1', 'b1', 'a2']) outbox.push(word);
    clock.advance(999);
    expect([wakes(), takeAll()]).toEqual([0, []]);
    clock.advance(1);
    expect([wakes(), takeAll()]).toEqual([1, ['a2', 'b1']]);
    outbox.push('a3');
    expect(takeAll()).toEqual([]);
    clock.advance(1_000);
    expect(takeAll()).toEqual(['a3']);
  });

  it('hands what an iterating reader waits for over when the window ends', async () => {
    const { clock, outbox } = setUp({}, 1_000);
    const next = [outbox.next(), outbox.next()];
    outbox.push('a1');
    outbox.push('a2');
    outbox.push('b1');
    clock.advance(1_000);
    expect((await Promise.all(next)).map(({ value }) => value?.item)).toEqual(['a2', 'b1']);
  });

  it('lets what is told ahead pass, and forgets with the rest what waits', () => {
    const { clock, outbox, reader, takeAll } = setUp({}, 1_000);
    outbox.attach(reader);
    outbox.push('a1');
    outbox.prepend(['snapshot']);
    expect(takeAll()).toEqual(['snapshot']);
    outbox.clear();
    outbox.prepend(['resync']);
    clock.advance(1_000);
    expect(takeAll()).toEqual(['resync']);
  });

  it('beats while something waits', () => {
    const { clock, outbox, reader, takeAll } = setUp({}, 59_000);
    outbox.attach(reader);
    clock.advance(59_500);
    outbox.push('a1');
    clock.advance(500);
    expect(takeAll()).toEqual(['HEARTBEAT']);
    clock.advance(58_000);
    expect(takeAll()).toEqual(['a1']);
  });

  it('ends a window early where more things change than a queue should hold, and drops nothing', () => {
    const { clock, outbox, reader, log, takeAll } = setUp({ queueMessages: 8 }, 1_000);
    outbox.attach(reader);
    // Of few things however much may change.
    for (let at = 0; at < 100; at += 1) outbox.push(`a${at}`);
    expect(takeAll()).toEqual([]);
    clock.advance(1_000);
    expect(takeAll()).toEqual(['a99']);
    for (const word of 'bcdefghijklm') outbox.push(word);
    const early = [...log, ...takeAll()];
    expect(early.length).toBeGreaterThan(0);
    clock.advance(1_000);
    expect([...early, ...takeAll()].join('')).toBe('bcdefghijklm');
    expect(outbox.isOverflowed).toBe(false);
  });

  it('drops what a blocked reader does not take, as without one', () => {
    const { clock, outbox, reader, log, takeAll } = setUp({}, 1_000);
    outbox.attach(reader);
    reader.isBlocked = true;
    for (const word of 'abcdefghijkl') outbox.push(word);
    expect(outbox.isOverflowed).toBe(true);
    clock.advance(1_000);
    reader.isBlocked = false;
    expect([takeAll(), log]).toEqual([['fresh start'], []]);
  });

  it('leaves no timer behind', () => {
    const { clock, outbox } = setUp({}, 1_000);
    const before = clock.waiting;
    outbox.push('a1');
    outbox.close();
    clock.advance(1_000);
    expect(clock.waiting).toBeLessThan(before);
  });
});
