import { type KubeObject, RequestError, type StreamMessage } from 'longshore/sdk';
import { createManualClock } from 'longshore/testing';
import { describe, expect, it } from 'vitest';
import { makeDeployment } from '../../testing/make-objects.ts';
import { followCounts } from './follow-counts.ts';
import { sumOf } from './tally.ts';

type Message = StreamMessage<KubeObject<unknown>>;
type Type = Message['type'];

/** A source that a test feeds. */
function createSource() {
  const unread: Message[] = [];
  let wake = () => {};
  let isOver = false;
  const source: AsyncIterableIterator<Message> = {
    async next() {
      while (unread.length === 0 && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const value = unread.shift();
      return value ? { done: false, value } : { done: true, value: undefined };
    },
    async return() {
      isOver = true;
      wake();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => source,
  };
  return {
    source,
    isOver: () => isOver,
    feed(type: Type, ...names: string[]) {
      const items = names.map((name) => makeDeployment({ metadata: { name }, spec: {} }) as KubeObject<unknown>);
      for (const item of items.length > 0 ? items : [undefined]) {
        unread.push({ type, item, cursor: '', reason: undefined });
      }
      wake();
    },
  };
}

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function open(options: { readonly snapshot?: boolean; readonly after?: string; readonly throttleMs?: number } = {}) {
  const clock = createManualClock();
  const fed = createSource();
  const state = { problem: 'none', asked: 0, busy: undefined as Promise<void> | undefined };
  const stream = followCounts({
    topic: 'thingCountChanges',
    source: fed.source,
    wordsOf: ({ kind }) => [kind],
    async toCounts(rows) {
      state.asked += 1;
      if (state.problem === 'fatal') throw new Error('it cannot be told');
      const counts = { total: sumOf(rows), problem: state.problem };
      await state.busy;
      return counts;
    },
    snapshot: options.snapshot ?? true,
    after: options.after,
    throttleMs: options.throttleMs,
    clock,
  });
  return { ...fed, clock, state, stream };
}

/** A stream that somebody reads: what came, in short, and the last cursor. */
function read(options: Parameters<typeof open>[0] = {}) {
  const opened = open(options);
  const seen = { messages: [] as string[], cursor: '', end: '' };
  const run = async () => {
    for await (const { type, item, cursor } of opened.stream) {
      seen.messages.push([type, item?.total, item?.problem === 'none' ? undefined : item?.problem].join(' ').trim());
      seen.cursor = cursor;
    }
  };
  run().then(
    () => {
      seen.end = 'done';
    },
    (error: Error) => {
      seen.end = error.message;
    },
  );
  return {
    ...opened,
    seen,
    /** What has come since it was last asked, so much later. */
    async later(ms: number): Promise<readonly string[]> {
      await settle();
      opened.clock.advance(ms);
      await settle();
      return seen.messages.splice(0);
    },
  };
}

describe('followCounts', () => {
  it('tells the numbers of a whole snapshot, a marker, and what becomes of them', async () => {
    const { feed, later } = read();
    feed('ADDED', 'a', 'b');
    expect(await later(5_000)).toEqual([]);
    feed('SNAPSHOT');
    expect(await later(0)).toEqual(['ADDED 2', 'SNAPSHOT']);
    feed('ADDED', 'c');
    feed('DELETED', 'a', 'b');
    expect(await later(1_000)).toEqual(['MODIFIED 1']);
  });

  it('tells what happens within a second together, and nothing of what leaves the numbers as they are', async () => {
    const { feed, later, state } = read();
    feed('SNAPSHOT');
    await later(0);
    for (let index = 0; index < 100; index += 1) feed('ADDED', `a${index}`);
    expect(await later(999)).toEqual([]);
    expect(await later(1)).toEqual(['MODIFIED 100']);
    expect(state.asked).toBe(2);
    feed('MODIFIED', 'a1', 'a2');
    expect(await later(1_000)).toEqual([]);
  });

  it.each([
    [10_000, 10_000],
    [5, 1_000],
  ])('tells numbers once in %s ms where that is asked for, and never more often than once a second', async (asked, pause) => {
    const { feed, later } = read({ throttleMs: asked });
    feed('SNAPSHOT');
    expect(await later(0)).toEqual(['ADDED 0', 'SNAPSHOT']);
    feed('ADDED', 'a');
    expect(await later(pause - 1)).toEqual([]);
    feed('ADDED', 'b');
    expect(await later(1)).toEqual(['MODIFIED 2']);
  });

  it('tells within a second what changed while it was counting, and forgets it where its reader goes', async () => {
    const { feed, later, state, stream, clock } = read();
    const first = Promise.withResolvers<void>();
    state.busy = first.promise;
    feed('ADDED', 'a');
    feed('SNAPSHOT');
    await later(0);
    feed('ADDED', 'b');
    await settle();
    first.resolve();
    expect(await later(0)).toEqual(['ADDED 1', 'SNAPSHOT']);
    expect(await later(1_000)).toEqual(['MODIFIED 2']);
    const second = Promise.withResolvers<void>();
    state.busy = second.promise;
    feed('ADDED', 'c');
    await later(1_000);
    feed('ADDED', 'd');
    await settle();
    await stream.return?.();
    second.resolve();
    await settle();
    expect(clock.waiting).toBe(0);
  });

  it('begins anew where the objects do, and tells no part of them', async () => {
    const { feed, later } = read();
    feed('ADDED', 'a', 'b');
    feed('SNAPSHOT');
    await later(0);
    feed('RESYNC');
    feed('ADDED', 'a');
    expect(await later(2_000)).toEqual([]);
    feed('SNAPSHOT');
    expect(await later(1_000)).toEqual(['MODIFIED 1']);
  });

  it('tells of clusters that fail, though no object changes', async () => {
    const { feed, later, state } = read();
    feed('SNAPSHOT');
    await later(0);
    state.problem = 'away';
    expect(await later(10_000)).toEqual(['MODIFIED 0 away']);
  });

  it('beats where nothing happens', async () => {
    const { feed, later } = read();
    feed('SNAPSHOT');
    await later(0);
    expect(await later(29_000)).toEqual([]);
    expect(await later(1_000)).toEqual(['HEARTBEAT']);
  });

  it('goes on behind a cursor with the numbers where they differ, and with silence where they do not', async () => {
    const first = read();
    first.feed('ADDED', 'a');
    first.feed('SNAPSHOT');
    await first.later(0);
    const { cursor } = first.seen;
    const same = read({ after: cursor });
    same.feed('ADDED', 'a');
    same.feed('SNAPSHOT');
    expect(await same.later(0)).toEqual([]);
    const other = read({ after: cursor });
    other.feed('ADDED', 'a', 'b');
    other.feed('SNAPSHOT');
    expect(await other.later(0)).toEqual(['MODIFIED 2']);
  });

  it.each([
    '',
    'abc',
    Buffer.from('otherChanges|x').toString('base64url'),
  ])('refuses the cursor %j, which is of no stream of this name (refused)', (after) => {
    expect(() => open({ after })).toThrow(RequestError);
  });

  it('tells no numbers at first where none are asked for', async () => {
    const { feed, later } = read({ snapshot: false });
    feed('ADDED', 'a');
    feed('SNAPSHOT');
    expect(await later(0)).toEqual(['SNAPSHOT']);
    feed('DELETED', 'a');
    expect(await later(1_000)).toEqual(['MODIFIED 0']);
  });

  it('keeps the newest numbers alone for a slow reader', async () => {
    const { feed, stream, clock, state } = open();
    feed('SNAPSHOT');
    await stream.next();
    await stream.next();
    for (let index = 0; index < 50; index += 1) {
      feed('ADDED', `a${index}`);
      await settle();
      clock.advance(1_000);
    }
    expect(state.asked).toBe(1);
    expect((await stream.next()).value?.item?.total).toBe(50);
  });

  it('gives everything back when its reader goes, and ends with what cannot be told', async () => {
    const left = read();
    left.feed('SNAPSHOT');
    await left.later(0);
    await left.stream.return?.();
    await settle();
    expect([left.seen.end, left.isOver(), left.clock.waiting]).toEqual(['done', true, 0]);
    const failed = read();
    failed.state.problem = 'fatal';
    failed.feed('SNAPSHOT');
    await failed.later(0);
    expect([failed.seen.end, failed.isOver(), failed.clock.waiting]).toEqual(['it cannot be told', true, 0]);
  });
});
