import { describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock, type ManualClock } from '../kernel/manual-clock.ts';
import { systemPrincipal } from '../kernel/principal.ts';
import { RequestError } from '../kernel/request-error.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import { createObjectStreams } from './create-object-streams.ts';
import type { ObjectSubscription, ObjectView } from './object-streams.ts';
import { SlowReaderError } from './slow-reader-error.ts';
import type { StreamLimits } from './stream-limits.ts';
import type { StreamMessage } from './stream-message.ts';
import { createFakeCluster, type FakeCluster, type FakePod, podKind } from './testing/fake-cluster.ts';
import { followable } from './testing/followed-clusters.ts';

type Message = StreamMessage<KubeObject<FakePod>>;

function setUp(clusters: readonly FakeCluster[], limits: Partial<StreamLimits> = {}) {
  const clock = createManualClock();
  const served = followable(clusters);
  const streams = createObjectStreams({ clusters: served, clock, logger: silentLogger, limits });
  const open = (options: Partial<ObjectSubscription<FakePod>> = {}) =>
    streams.subscribe<FakePod>({
      topic: 'podChanges',
      kinds: [podKind],
      isFollowed: () => true,
      matches: () => true,
      principal: systemPrincipal,
      snapshot: true,
      signal: new AbortController().signal,
      ...options,
    });
  return { clock, streams, served, open };
}

/** `ADDED a`, `SNAPSHOT`, `RESYNC SLOW_READER`. */
function say(message: Message): string {
  return [message.type, message.item?.metadata.name ?? message.reason].filter((part) => part !== undefined).join(' ');
}

/** Reads what is there, until nothing more is. */
async function drain(stream: AsyncIterator<Message>): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const next = await Promise.race([stream.next(), settle()]);
    if (next === undefined) {
      // The read that found nothing is still under way; what comes next answers it.
      pending.set(stream, messages);
      return messages;
    }
    if (next.done) return messages;
    messages.push(next.value);
  }
}
const pending = new WeakMap<AsyncIterator<Message>, Message[]>();

/** Every promise that can settle without time or news has settled. */
function settle(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(() => resolve(undefined)));
}

/** Reads like a client: one read after the other, for as long as it is told to. */
function follow(stream: AsyncIterator<Message>) {
  const seen: Message[] = [];
  let ended: { error: unknown } | undefined;
  const read = async () => {
    try {
      for (let next = await stream.next(); !next.done; next = await stream.next()) seen.push(next.value);
      ended = { error: undefined };
    } catch (error) {
      ended = { error };
    }
  };
  const done = read();
  return {
    seen,
    done,
    get ended() {
      return ended;
    },
    async said(): Promise<string[]> {
      await settle();
      return seen.splice(0).map(say);
    },
    async messages(): Promise<Message[]> {
      await settle();
      return seen.splice(0);
    },
  };
}

async function read(stream: AsyncIterator<Message>, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  for (let index = 0; index < count; index += 1) {
    const next = await stream.next();
    if (next.done) throw new Error('the stream ended early');
    messages.push(next.value);
  }
  return messages;
}

const labelled = (app: string) => (pod: KubeObject<FakePod>) => pod.metadata.labels?.app === app;

describe('objectStreams.subscribe', () => {
  it('sends what is there, the marker, then changes', async () => {
    const one = createFakeCluster('one');
    one.put('a');
    one.put('b');
    const { open } = setUp([one]);
    const reader = follow(open());
    expect(await reader.said()).toEqual(['ADDED a', 'ADDED b', 'SNAPSHOT']);
    one.put('c');
    one.put('a');
    one.remove('b');
    expect(await reader.said()).toEqual(['ADDED c', 'MODIFIED a', 'DELETED b']);
  });

  it('sends only the marker and changes where no snapshot is wanted', async () => {
    const one = createFakeCluster('one');
    one.put('a');
    const reader = follow(setUp([one]).open({ snapshot: false }));
    expect(await reader.said()).toEqual(['SNAPSHOT']);
    one.put('a');
    expect(await reader.said()).toEqual(['MODIFIED a']);
  });

  it.each([
    true,
    false,
  ])('marks the end of a snapshot of an engine that no cluster has (snapshot: %s)', async (snapshot) => {
    const one = createFakeCluster('one', { isReady: false });
    one.serving = false;
    const { open } = setUp([one]);
    const kinds = [{ ...podKind, isOptional: true }];
    const reader = follow(open({ kinds, snapshot }));
    const [marker] = await reader.messages();
    expect(marker?.type).toBe('SNAPSHOT');
    // Who comes back with that cursor has missed nothing, and is not told of it again.
    const resumed = follow(open({ kinds, ...(marker ? { after: marker.cursor } : {}) }));
    expect(await resumed.said()).toEqual([]);
  });

  it('tells of what enters and leaves the filter, in the last state that matched', async () => {
    const one = createFakeCluster('one');
    one.put('a', { app: 'web' });
    one.put('b', { app: 'db' });
    const reader = follow(setUp([one]).open({ matches: labelled('web') }));
    expect(await reader.said()).toEqual(['ADDED a', 'SNAPSHOT']);
    one.put('a', { app: 'db', secret: 'new' });
    const [left] = await reader.messages();
    expect([left?.type, left?.item?.metadata.labels]).toEqual(['DELETED', { app: 'web' }]);
    one.put('b', { app: 'web' });
    one.put('b', { app: 'web', more: 'x' });
    one.put('a', { app: 'db' });
    one.remove('a');
    expect(await reader.said()).toEqual(['ADDED b', 'MODIFIED b']);
  });

  it('merges several clusters into one stream', async () => {
    const one = createFakeCluster('one');
    const two = createFakeCluster('two');
    one.put('a');
    two.put('b');
    const reader = follow(setUp([one, two]).open());
    expect(await reader.said()).toEqual(['ADDED a', 'ADDED b', 'SNAPSHOT']);
    two.put('c');
    one.remove('a');
    expect(await reader.said()).toEqual(['ADDED c', 'DELETED a']);
  });

  it('takes the clusters it is asked for and knows nothing of others', async () => {
    const one = createFakeCluster('one');
    const two = createFakeCluster('two');
    one.put('a');
    two.put('b');
    const { open } = setUp([one, two]);
    expect(await follow(open({ isFollowed: (name) => ['two', 'nowhere'].includes(name) })).said()).toEqual([
      'ADDED b',
      'SNAPSHOT',
    ]);
    expect(await follow(open({ isFollowed: (name) => name === 'nowhere' })).said()).toEqual(['SNAPSHOT']);
  });

  it('adds what a cluster has that comes while the stream is open, and begins anew without one that goes', async () => {
    const one = createFakeCluster('one');
    const two = createFakeCluster('two');
    one.put('a');
    two.put('b');
    const { open, served, streams, clock } = setUp([one]);
    const reader = follow(open());
    const changesOnly = follow(open({ snapshot: false }));
    const ofOne = follow(open({ isFollowed: (name) => name === 'one' }));
    expect(await reader.said()).toEqual(['ADDED a', 'SNAPSHOT']);
    expect(await changesOnly.said()).toEqual(['SNAPSHOT']);
    await ofOne.said();
    served.add(two);
    expect(await reader.said()).toEqual(['ADDED b', 'SNAPSHOT']);
    expect(await changesOnly.said()).toEqual(['ADDED b', 'SNAPSHOT']);
    two.put('c');
    expect(await reader.said()).toEqual(['ADDED c']);
    await changesOnly.said();
    served.remove('two');
    expect(await reader.said()).toEqual(['RESYNC CLUSTER_REMOVED', 'ADDED a', 'SNAPSHOT']);
    expect(await changesOnly.said()).toEqual(['RESYNC CLUSTER_REMOVED', 'ADDED a', 'SNAPSHOT']);
    expect(await ofOne.said()).toEqual([]);
    one.put('d');
    expect(await reader.said()).toEqual(['ADDED d']);
    clock.advance(60_000);
    expect([streams.followed, two.held]).toEqual([1, 0]);
  });

  it('begins anew where a cluster goes whose objects were not read yet', async () => {
    const one = createFakeCluster('one');
    const two = createFakeCluster('two');
    one.put('a');
    const { open, served } = setUp([one, two]);
    const stream = open();
    two.put('b');
    served.remove('two');
    expect(await follow(stream).said()).toEqual(['RESYNC CLUSTER_REMOVED', 'ADDED a', 'SNAPSHOT']);
  });

  it('follows another cluster that comes under the name of one that is gone', async () => {
    const first = createFakeCluster('one');
    const second = createFakeCluster('one');
    first.put('a');
    second.put('b');
    const { open, served } = setUp([first]);
    const reader = follow(open());
    await reader.said();
    served.remove('one');
    served.add(second);
    expect(await reader.said()).toEqual(['RESYNC CLUSTER_REMOVED', 'SNAPSHOT', 'ADDED b', 'SNAPSHOT']);
    first.put('c');
    expect(await reader.said()).toEqual([]);
  });

  it('resumes behind a cursor only over the clusters that it was taken over', async () => {
    const one = createFakeCluster('one');
    one.put('a');
    const { open, served } = setUp([one]);
    const stream = open();
    await stream.next();
    const { value } = await stream.next();
    served.add(createFakeCluster('two'));
    const resumed = follow(open({ after: value?.cursor }));
    expect((await resumed.said())[0]).toBe('RESYNC CURSOR_EXPIRED');
  });

  it('waits two seconds for a cluster that does not answer, then goes on without; it joins with its own marker', async () => {
    const one = createFakeCluster('one');
    const late = createFakeCluster('late', { isReady: false });
    one.put('a');
    const { open, clock } = setUp([one, late]);
    const reader = follow(open());
    one.put('b');
    expect(await reader.said()).toEqual(['ADDED a']);
    clock.advance(2_000);
    expect(await reader.said()).toEqual(['SNAPSHOT', 'ADDED b']);
    late.put('z');
    late.answer();
    expect(await reader.said()).toEqual(['ADDED z', 'SNAPSHOT']);
    late.put('y');
    one.put('c');
    expect(await reader.said()).toEqual(['ADDED y', 'ADDED c']);
  });

  it('sends the marker at once when the last cluster answers in time', async () => {
    const late = createFakeCluster('late', { isReady: false });
    const { open } = setUp([late]);
    const reader = follow(open());
    expect(await reader.said()).toEqual([]);
    late.put('z');
    late.answer();
    expect(await reader.said()).toEqual(['ADDED z', 'SNAPSHOT']);
  });

  it('tries a cluster again that fails or does not serve the kind yet', async () => {
    const failing = createFakeCluster('failing', { isReady: false });
    const bare = createFakeCluster('bare');
    bare.serving = false;
    bare.put('b');
    const { open, clock } = setUp([failing, bare]);
    const reader = follow(open());
    failing.fail(new Error('forbidden'));
    clock.advance(2_000);
    expect(await reader.said()).toEqual(['SNAPSHOT']);
    expect(failing.held).toBe(0);
    failing.answer();
    failing.put('a');
    bare.serving = true;
    clock.advance(15_000);
    expect((await reader.said()).toSorted()).toEqual(['ADDED a', 'ADDED b', 'SNAPSHOT', 'SNAPSHOT']);
  });

  it('sends a heartbeat after 30 s of silence, whose cursor is up to date', async () => {
    const one = createFakeCluster('one');
    const { open, clock } = setUp([one], { ringEvents: 2 });
    const reader = follow(open({ matches: labelled('web') }));
    await reader.said();
    for (let round = 0; round < 5; round += 1) one.put('other');
    clock.advance(29_000);
    expect(await reader.said()).toEqual([]);
    clock.advance(1_000);
    const [beat] = await reader.messages();
    expect(beat?.type).toBe('HEARTBEAT');
    const resumed = follow(open({ matches: labelled('web'), after: beat?.cursor ?? '' }));
    expect(await resumed.said()).toEqual([]);
    one.put('a', { app: 'web' });
    expect(await resumed.said()).toEqual(['ADDED a']);
    expect(await reader.said()).toEqual(['ADDED a']);
    clock.advance(30_000);
    expect([await reader.said(), await resumed.said()]).toEqual([['HEARTBEAT'], ['HEARTBEAT']]);
  });
});

describe('resuming', () => {
  async function cursorAfter(reader: ReturnType<typeof follow>): Promise<string> {
    const messages = await reader.messages();
    return messages.at(-1)?.cursor ?? '';
  }

  it('goes on behind the cursor without a snapshot', async () => {
    const one = createFakeCluster('one');
    const { open } = setUp([one]);
    one.put('a');
    const stream = open();
    const after = await cursorAfter(follow(stream));
    await stream.return?.();
    one.put('b');
    one.put('a');
    one.remove('b');
    const resumed = follow(open({ after }));
    expect(await resumed.said()).toEqual(['ADDED b', 'MODIFIED a', 'DELETED b']);
    one.put('c');
    expect(await resumed.said()).toEqual(['ADDED c']);
  });

  it('goes on between deletions that share one position', async () => {
    const one = createFakeCluster('one');
    for (const name of ['a', 'b', 'c']) one.put(name);
    const { open } = setUp([one]);
    const reader = follow(open());
    await reader.said();
    one.removeUnseen(['a', 'b', 'c']);
    const messages = await reader.messages();
    expect(messages.map(say)).toEqual(['DELETED a', 'DELETED b', 'DELETED c']);
    const missing = await Promise.all(messages.map((message) => follow(open({ after: message.cursor })).said()));
    expect(missing).toEqual([['DELETED b', 'DELETED c'], ['DELETED c'], []]);
  });

  it.each([
    ['the changes since are no longer remembered', (one: FakeCluster) => one.put('x'), 'podChanges'],
  ])('begins anew where %s', async (_name, change) => {
    const one = createFakeCluster('one');
    one.put('a');
    const { open } = setUp([one], { ringEvents: 3 });
    const after = await cursorAfter(follow(open()));
    for (let round = 0; round < 4; round += 1) change(one);
    expect(await follow(open({ after })).said()).toEqual(['RESYNC CURSOR_EXPIRED', 'ADDED a', 'ADDED x', 'SNAPSHOT']);
  });

  it('begins anew where the cursor was taken inside a snapshot', async () => {
    const one = createFakeCluster('one');
    one.put('a');
    one.put('b');
    const { open } = setUp([one]);
    const [first] = await read(open(), 1);
    expect(await follow(open({ after: first?.cursor ?? '' })).said()).toEqual([
      'RESYNC CURSOR_EXPIRED',
      'ADDED a',
      'ADDED b',
      'SNAPSHOT',
    ]);
  });

  it('begins anew where the filter, the rights or the gateway are others', async () => {
    const one = createFakeCluster('one');
    const here = setUp([one]);
    const after = await cursorAfter(follow(here.open({ scope: 'web' })));
    const anew = ['RESYNC CURSOR_EXPIRED', 'SNAPSHOT'];
    expect(await follow(here.open({ scope: 'web', after })).said()).toEqual([]);
    expect(await follow(here.open({ scope: 'db', after })).said()).toEqual(anew);
    expect(await follow(here.open({ after })).said()).toEqual(anew);
    expect(await follow(setUp([one]).open({ scope: 'web', after })).said()).toEqual(anew);
    const mine = await cursorAfter(follow(here.open()));
    expect(await follow(here.open({ after: mine, principal: { ...systemPrincipal, id: 'other' } })).said()).toEqual(
      anew,
    );
  });

  it('begins anew where the source was given up meanwhile', async () => {
    const one = createFakeCluster('one');
    const { open, clock } = setUp([one]);
    const stream = open();
    const after = await cursorAfter(follow(stream));
    await stream.return?.();
    clock.advance(60_000);
    one.put('a');
    expect(await follow(open({ after })).said()).toEqual(['RESYNC CURSOR_EXPIRED', 'ADDED a', 'SNAPSHOT']);
  });

  it('gives a cluster that the reader never heard of as new', async () => {
    const one = createFakeCluster('one');
    const late = createFakeCluster('late', { isReady: false });
    late.put('z');
    const { open, clock } = setUp([one, late]);
    const stream = open();
    const reader = follow(stream);
    clock.advance(2_000);
    const after = await cursorAfter(reader);
    await stream.return?.();
    late.answer();
    await settle();
    one.put('a');
    expect(await follow(open({ after })).said()).toEqual(['ADDED a', 'ADDED z', 'SNAPSHOT']);
  });

  it.each(['', 'garbage', 'bm90IGpzb24', '%%%'])('refuses %j (refused)', (after) => {
    const { open } = setUp([createFakeCluster('one')]);
    expect(() => open({ after })).toThrow(RequestError);
  });

  it('refuses a cursor of another stream (refused)', async () => {
    const { open, streams } = setUp([createFakeCluster('one')]);
    const after = await cursorAfter(follow(open()));
    const openNow = streams.open;
    expect(() => open({ topic: 'deploymentChanges', after })).toThrow('The cursor belongs to another stream.');
    expect(streams.open).toBe(openNow);
  });
});

describe('a slow reader', () => {
  it('gets the changes of an object merged where its queue is full', async () => {
    const one = createFakeCluster('one');
    one.put('a');
    const { open } = setUp([one], { queueMessages: 10 });
    const stream = open();
    await read(stream, 2);
    for (let round = 0; round < 40; round += 1) one.put('a', { round: String(round) });
    const messages = await drain(stream);
    expect(messages.length).toBeLessThanOrEqual(10);
    expect(new Set(messages.map(say))).toEqual(new Set(['MODIFIED a']));
    expect(messages.at(-1)?.item?.metadata.labels).toEqual({ round: '39' });
  });

  it('loses the queue and is told so where even that is too much', async () => {
    const one = createFakeCluster('one');
    const { open } = setUp([one], { queueMessages: 10 });
    const stream = open();
    await read(stream, 1);
    for (let index = 0; index < 11; index += 1) one.put(`p${index}`);
    one.put('last');
    const messages = await drain(stream);
    expect(messages[0] && say(messages[0])).toBe('RESYNC SLOW_READER');
    expect(messages.filter((message) => message.type === 'ADDED')).toHaveLength(12);
    expect(messages.at(-1)?.type).toBe('SNAPSHOT');
  });

  it('is bound in bytes too, but gets one object larger than the bound', async () => {
    const one = createFakeCluster('one');
    const { open } = setUp([one], { queueBytes: 3_000 });
    const stream = open();
    await read(stream, 1);
    one.put('huge', { text: 'x'.repeat(10_000) });
    expect((await read(stream, 1)).map(say)).toEqual(['ADDED huge']);
    for (let index = 0; index < 20; index += 1) one.put(`p${index}`);
    expect((await read(stream, 1)).map(say)).toEqual(['RESYNC SLOW_READER']);
  });

  it('is closed when it does not come back within 30 s, whether it reads or not', async () => {
    const one = createFakeCluster('one');
    const onClose = vi.fn();
    const { open, clock, streams } = setUp([one], { queueMessages: 2 });
    const stream = open({ onClose });
    await read(stream, 1);
    for (let index = 0; index < 5; index += 1) one.put(`p${index}`);
    clock.advance(29_999);
    expect(onClose).not.toHaveBeenCalled();
    clock.advance(1);
    expect(onClose).toHaveBeenCalledWith(expect.any(SlowReaderError));
    expect(streams.open).toBe(0);
    await expect(stream.next()).rejects.toThrow(SlowReaderError);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('is not closed when it comes back in time', async () => {
    const one = createFakeCluster('one');
    const onClose = vi.fn();
    const { open, clock } = setUp([one], { queueMessages: 2 });
    const stream = open({ onClose });
    await read(stream, 1);
    for (let index = 0; index < 5; index += 1) one.put(`p${index}`);
    clock.advance(29_999);
    await read(stream, 1);
    clock.advance(120_000);
    expect(onClose).not.toHaveBeenCalled();
  });

  it('slows nobody else', async () => {
    const one = createFakeCluster('one');
    const { open } = setUp([one], { queueMessages: 10 });
    const slow = open();
    await read(slow, 1);
    const quick = follow(open());
    await quick.said();
    for (let index = 0; index < 50; index += 1) {
      one.put(`p${index}`);
      expect(await quick.said()).toEqual([`ADDED p${index}`]);
    }
    expect((await read(slow, 1)).map(say)).toEqual(['RESYNC SLOW_READER']);
  });
});

describe('rights that change', () => {
  function viewSource() {
    let listener: ((view: ObjectView<FakePod>) => void) | undefined;
    const stopped = vi.fn();
    return {
      stopped,
      change: (view: ObjectView<FakePod>) => listener?.(view),
      onViewChange: (call: (view: ObjectView<FakePod>) => void) => {
        listener = call;
        return stopped;
      },
    };
  }
  const inNamespace = (namespace: string) => (pod: KubeObject<FakePod>) => pod.metadata.namespace === namespace;

  it('take away what is hidden now, without its content, and bring what is visible now', async () => {
    const one = createFakeCluster('one');
    one.put('a', { app: 'web' }, 'shop');
    one.put('b', {}, 'bank');
    const rights = viewSource();
    const reader = follow(setUp([one]).open({ matches: inNamespace('shop'), onViewChange: rights.onViewChange }));
    await reader.said();
    rights.change({ matches: inNamespace('bank') });
    const messages = await reader.messages();
    expect(messages.map(say)).toEqual(['DELETED a', 'ADDED b']);
    expect(messages[0]?.item).not.toHaveProperty('spec');
    expect(messages[0]?.item?.metadata).not.toHaveProperty('labels');
    one.put('a', {}, 'shop');
    one.put('b', {}, 'bank');
    expect(await reader.said()).toEqual(['MODIFIED b']);
  });

  it('never let out what was unread under the old ones', async () => {
    const one = createFakeCluster('one');
    one.put('a', {}, 'shop');
    const rights = viewSource();
    const { open } = setUp([one]);
    const stream = open({ matches: inNamespace('shop'), onViewChange: rights.onViewChange });
    await read(stream, 2);
    one.put('a', { secret: 'late' }, 'shop');
    one.put('c', {}, 'shop');
    rights.change({ matches: () => false });
    expect((await drain(stream)).map(say)).toEqual(['RESYNC RIGHTS_CHANGED', 'SNAPSHOT']);
  });

  it('never let out what was unread, even where nobody told', async () => {
    const one = createFakeCluster('one');
    one.put('a', {}, 'shop');
    let isAllowed = true;
    const stream = setUp([one]).open({ matches: () => isAllowed });
    await read(stream, 2);
    one.put('a', { secret: 'late' }, 'shop');
    one.put('c', { secret: 'late' }, 'shop');
    isAllowed = false;
    const messages = await drain(stream);
    expect(messages.map(say)).toEqual(['DELETED a']);
    expect(JSON.stringify(messages)).not.toContain('late');
  });

  it('expire the cursors of the old ones', async () => {
    const one = createFakeCluster('one');
    one.put('a', {}, 'shop');
    const rights = viewSource();
    const { open } = setUp([one]);
    const reader = follow(open({ scope: 'wide', onViewChange: rights.onViewChange }));
    const wide = (await reader.messages()).at(-1)?.cursor ?? '';
    rights.change({ scope: 'narrow', matches: () => false });
    one.put('b');
    const narrow = (await reader.messages()).at(-1)?.cursor ?? '';
    expect(narrow).not.toBe(wide);
    const again = { scope: 'narrow', matches: () => false };
    expect(await follow(open({ ...again, after: wide })).said()).toEqual(['RESYNC CURSOR_EXPIRED', 'SNAPSHOT']);
  });

  it('leave others of the old scope as they were', async () => {
    const one = createFakeCluster('one');
    const rights = viewSource();
    const { open } = setUp([one]);
    const changed = follow(open({ scope: 's', onViewChange: rights.onViewChange }));
    const other = follow(open({ scope: 's' }));
    await Promise.all([changed.said(), other.said()]);
    rights.change({ scope: 'none', matches: () => false });
    one.put('a');
    expect([await changed.said(), await other.said()]).toEqual([[], ['ADDED a']]);
  });

  it('are no longer listened to when the stream closes', async () => {
    const rights = viewSource();
    const stream = setUp([createFakeCluster('one')]).open({ onViewChange: rights.onViewChange });
    await stream.return?.();
    expect(rights.stopped).toHaveBeenCalledTimes(1);
  });

  it('must be heard of: a stream that cannot listen does not open (refused)', () => {
    const { open, streams } = setUp([createFakeCluster('one')]);
    const attempt = () =>
      open({
        onViewChange: () => {
          throw new Error('no rights');
        },
      });
    expect(attempt).toThrow('no rights');
    expect(streams.open).toBe(0);
  });
});

describe('closing', () => {
  it('ends the reading that is under way', async () => {
    const controller = new AbortController();
    const { open } = setUp([createFakeCluster('one')]);
    const reader = follow(open({ signal: controller.signal }));
    await reader.said();
    controller.abort();
    await reader.done;
    expect(reader.ended).toEqual({ error: undefined });
  });

  it('opens nothing for a caller that is already gone', async () => {
    const one = createFakeCluster('one');
    const { open, streams, clock } = setUp([one]);
    const stream = open({ signal: AbortSignal.abort() });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    clock.advance(60_000);
    expect([streams.open, streams.followed, one.held]).toEqual([0, 0, 0]);
  });

  it('leaves nothing behind after 5,000 subscriptions', async () => {
    const one = createFakeCluster('one');
    const late = createFakeCluster('late', { isReady: false });
    one.put('a');
    const timers = countTimers(createManualClock());
    const streams = createObjectStreams({
      clusters: followable([one, late]),
      clock: timers.clock,
      logger: silentLogger,
    });
    const controller = new AbortController();
    for (let index = 0; index < 5_000; index += 1) {
      const own = new AbortController();
      const stream = streams.subscribe<FakePod>({
        topic: 'podChanges',
        kinds: [podKind],
        isFollowed: () => true,
        matches: () => true,
        ...(index % 2 === 0 ? { scope: `s${index % 7}` } : {}),
        principal: systemPrincipal,
        snapshot: index % 3 !== 0,
        signal: index % 5 === 0 ? own.signal : controller.signal,
      });
      if (index % 4 === 0) void stream.next();
      if (index % 100 === 0) one.put('a');
      expect(one.held).toBe(1);
      if (index % 5 === 0) own.abort();
      else await stream.return?.();
    }
    expect([streams.open, one.feedsGiven, late.feedsGiven]).toEqual([0, 1, 1]);
    timers.clock.advance(60_000);
    expect([streams.followed, one.held, one.listeners, late.held, timers.pending()]).toEqual([0, 0, 0, 0, 0]);
  });

  it('ends every stream when the gateway stops', async () => {
    const one = createFakeCluster('one');
    const { open, streams } = setUp([one]);
    const reader = follow(open());
    await reader.said();
    streams.stop();
    await reader.done;
    expect([streams.open, streams.followed, one.held, one.listeners]).toEqual([0, 0, 0, 0]);
  });
});

describe('fan-out', () => {
  it('holds one feed and judges a change once per scope', async () => {
    const one = createFakeCluster('one');
    const { open } = setUp([one]);
    const matches = vi.fn(() => true);
    const readers = Array.from({ length: 50 }, () => follow(open({ scope: 'web', matches })));
    await Promise.all(readers.map((reader) => reader.said()));
    matches.mockClear();
    one.put('a');
    expect(matches).toHaveBeenCalledTimes(1);
    for (const reader of readers) expect(await reader.said()).toEqual(['ADDED a']);
    expect(one.feedsGiven).toBe(1);
  });

  it('goes on for everybody else where a filter throws', async () => {
    const one = createFakeCluster('one');
    one.put('a');
    const { open } = setUp([one]);
    const broken = follow(
      open({
        matches: () => {
          throw new Error('broken filter');
        },
      }),
    );
    const whole = follow(open());
    expect([await broken.said(), await whole.said()]).toEqual([['SNAPSHOT'], ['ADDED a', 'SNAPSHOT']]);
    one.put('b');
    expect([await broken.said(), await whole.said()]).toEqual([[], ['ADDED b']]);
  });
});

function countTimers(clock: ManualClock): { clock: ManualClock; pending(): number } {
  const live = new Set<object>();
  return {
    clock: {
      ...clock,
      schedule(delayMs, callback) {
        const timer = {};
        live.add(timer);
        const cancel = clock.schedule(delayMs, () => {
          live.delete(timer);
          callback();
        });
        return () => {
          live.delete(timer);
          cancel();
        };
      },
    },
    pending: () => live.size,
  };
}
