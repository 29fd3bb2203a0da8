import { describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import { createTopics } from './create-topics.ts';
import type { Journal } from './journal/journal.ts';
import { SlowReaderError } from './slow-reader-error.ts';
import type { StreamLimits } from './stream-limits.ts';
import type { StreamMessage } from './stream-message.ts';
import { type TopicSubscription, topicRef } from './topics.ts';

const progress = topicRef<string>('release.orderProgress', { isLocal: true });
const events = topicRef<string>('core.kubernetesEvents', { isLocal: true });
const noJournal = {} as Journal;

function setUp(limits: Partial<StreamLimits> = {}) {
  const clock = createManualClock();
  const topics = createTopics({ topics: [progress, events], journal: noJournal, clock, logger: silentLogger, limits });
  const open = (options: Partial<TopicSubscription<string>> = {}) =>
    topics.subscribe<string>({
      topic: progress,
      matches: () => true,
      signal: new AbortController().signal,
      ...options,
    });
  return { clock, topics, open };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const say = (message: StreamMessage<string>) =>
  [message.type, message.item ?? message.reason].filter((part) => part !== undefined).join(' ');

function follow(stream: AsyncIterator<StreamMessage<string>>) {
  const seen: StreamMessage<string>[] = [];
  let failure: unknown;
  const read = async () => {
    try {
      for (let next = await stream.next(); !next.done; next = await stream.next()) seen.push(next.value);
    } catch (error) {
      failure = error;
    }
  };
  const done = read();
  return {
    done,
    failure: () => failure,
    async messages() {
      await settle();
      return seen.splice(0);
    },
    async said() {
      await settle();
      return seen.splice(0).map(say);
    },
  };
}

async function readOne(stream: AsyncIterator<StreamMessage<string>>): Promise<StreamMessage<string>> {
  const next = await stream.next();
  if (next.done) throw new Error('the stream ended early');
  return next.value;
}

describe('local topics', () => {
  it('send the marker, then each event that matches, in order', async () => {
    const { topics, open } = setUp();
    void topics.publish(progress, 'before');
    const reader = follow(open({ matches: (payload, cluster) => payload !== 'b' && cluster !== 'hidden' }));
    expect(await reader.said()).toEqual(['SNAPSHOT']);
    for (const payload of ['a', 'b', 'c']) void topics.publish(progress, payload, { cluster: 'one' });
    void topics.publish(progress, 'd', { cluster: 'hidden' });
    void topics.publish(events, 'other');
    void topics.publish(progress, 'c', { type: 'MODIFIED' });
    expect(await reader.said()).toEqual(['ADDED a', 'ADDED c', 'MODIFIED c']);
  });

  it('tell what enters a filter as ADDED and what leaves it as DELETED, where the event says what was before', async () => {
    const { topics, open } = setUp();
    const reader = follow(open({ matches: (payload) => payload.startsWith('open') }));
    const change = (previous: string, payload: string) =>
      void topics.publish(progress, payload, { type: 'MODIFIED', previous });
    change('open 1', 'open 2');
    change('open 2', 'closed 2');
    change('closed 2', 'closed 3');
    change('closed 3', 'open 3');
    expect(await reader.said()).toEqual(['SNAPSHOT', 'MODIFIED open 2', 'DELETED open 2', 'ADDED open 3']);
  });

  it('begin with the list of what is there, and lose nothing of what happens meanwhile', async () => {
    const { topics, open } = setUp();
    let answer: (payloads: string[]) => void = () => {};
    const reader = follow(
      open({
        initial: () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      }),
    );
    void topics.publish(progress, 'meanwhile');
    expect(await reader.said()).toEqual([]);
    answer(['a', 'b']);
    expect(await reader.said()).toEqual(['ADDED a', 'ADDED b', 'SNAPSHOT', 'ADDED meanwhile']);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('database away'))],
    [
      'throws',
      () => {
        throw new Error('database away');
      },
    ],
  ])('end where the list %s, with its error', async (_name, initial) => {
    const { open, topics } = setUp();
    const reader = follow(open({ initial }));
    await reader.done;
    expect(reader.failure()).toEqual(new Error('database away'));
    expect(topics.open).toBe(0);
  });

  it('resume exactly, over all clusters, in the order things happened', async () => {
    const { topics, open } = setUp();
    const reader = follow(open());
    void topics.publish(progress, 'a', { cluster: 'one' });
    const last = (await reader.messages()).at(-1);
    void topics.publish(progress, 'b', { cluster: 'two' });
    void topics.publish(progress, 'c', { cluster: 'one' });
    void topics.publish(progress, 'd');
    const resumed = follow(open({ after: last?.cursor ?? '' }));
    expect(await resumed.said()).toEqual(['ADDED b', 'ADDED c', 'ADDED d']);
    void topics.publish(progress, 'e', { cluster: 'two' });
    expect(await resumed.said()).toEqual(['ADDED e']);
  });

  it('say that they cannot resume what is no longer remembered', async () => {
    const { topics, open } = setUp({ ringEvents: 2 });
    const [marker] = await follow(open()).messages();
    for (const payload of ['a', 'b']) void topics.publish(progress, payload);
    const after = marker?.cursor ?? '';
    expect(await follow(open({ after })).said()).toEqual(['ADDED a', 'ADDED b']);
    void topics.publish(progress, 'c');
    const expired = follow(open({ after, initial: () => ['now'] }));
    expect(await expired.said()).toEqual(['RESYNC CURSOR_EXPIRED', 'ADDED now', 'SNAPSHOT']);
  });

  it('cannot resume another gateway’s cursor, nor one from inside the list', async () => {
    const here = setUp();
    const there = setUp();
    const [marker] = await follow(there.open()).messages();
    const anew = ['RESYNC CURSOR_EXPIRED', 'SNAPSHOT'];
    expect(await follow(here.open({ after: marker?.cursor ?? '' })).said()).toEqual(anew);
    const first = await readOne(here.open({ initial: () => ['a', 'b'] }));
    expect(say(first)).toBe('ADDED a');
    expect(await follow(here.open({ after: first.cursor })).said()).toEqual(anew);
  });

  it('refuse the cursor of another topic and garbage (refused)', async () => {
    const { open } = setUp();
    const [marker] = await follow(open()).messages();
    expect(() => open({ topic: events, after: marker?.cursor ?? '' })).toThrow('The cursor belongs to another stream.');
    expect(() => open({ after: 'garbage' })).toThrow('The cursor is not one');
  });

  it('let a slow reader go on without a gap while the events are remembered', async () => {
    const { topics, open } = setUp({ queueMessages: 3, ringEvents: 100 });
    const stream = open();
    await readOne(stream);
    for (let index = 0; index < 50; index += 1) void topics.publish(progress, String(index));
    const reader = follow(stream);
    expect(await reader.said()).toEqual(Array.from({ length: 50 }, (_, index) => `ADDED ${index}`));
    void topics.publish(progress, 'next');
    expect(await reader.said()).toEqual(['ADDED next']);
  });

  it('tell a slow reader that it missed something where they are not', async () => {
    const { topics, open } = setUp({ queueMessages: 3, ringEvents: 10 });
    const stream = open({ initial: () => ['now'] });
    await readOne(stream);
    await readOne(stream);
    for (let index = 0; index < 50; index += 1) void topics.publish(progress, String(index));
    expect(await follow(stream).said()).toEqual(['RESYNC SLOW_READER', 'ADDED now', 'SNAPSHOT']);
  });

  it('close a slow reader that does not come back', async () => {
    const { topics, open, clock } = setUp({ queueMessages: 3 });
    const onClose = vi.fn();
    const stream = open({ onClose });
    await readOne(stream);
    for (let index = 0; index < 5; index += 1) void topics.publish(progress, String(index));
    clock.advance(30_000);
    expect(onClose).toHaveBeenCalledWith(expect.any(SlowReaderError));
    expect(topics.open).toBe(0);
  });

  it('send a heartbeat whose cursor is up to date', async () => {
    const { topics, open, clock } = setUp({ ringEvents: 2 });
    const reader = follow(open({ matches: (payload) => payload === 'mine' }));
    await reader.said();
    for (let index = 0; index < 5; index += 1) void topics.publish(progress, 'other');
    clock.advance(30_000);
    const [beat] = await reader.messages();
    expect(beat?.type).toBe('HEARTBEAT');
    expect(await follow(open({ after: beat?.cursor ?? '' })).said()).toEqual([]);
  });

  it('never hand over what the reader may no longer see', async () => {
    const { topics, open } = setUp();
    let isAllowed = true;
    const stream = open({ matches: () => isAllowed });
    await readOne(stream);
    void topics.publish(progress, 'secret');
    isAllowed = false;
    expect(await follow(stream).said()).toEqual([]);
  });

  it('go on for everybody else where a filter throws', async () => {
    const { topics, open } = setUp();
    const broken = follow(
      open({
        matches: () => {
          throw new Error('broken filter');
        },
      }),
    );
    const whole = follow(open());
    void topics.publish(progress, 'a');
    expect([await broken.said(), await whole.said()]).toEqual([['SNAPSHOT'], ['SNAPSHOT', 'ADDED a']]);
  });

  it('leave nothing behind', async () => {
    const { topics, open } = setUp();
    for (let index = 0; index < 1_000; index += 1) {
      const controller = new AbortController();
      const stream = open({ signal: controller.signal });
      void stream.next();
      if (index % 2 === 0) controller.abort();
      else await stream.return?.();
    }
    expect(topics.open).toBe(0);
    const reader = follow(open());
    topics.stop();
    await reader.done;
    expect(topics.open).toBe(0);
  });

  it('are known by name, once (refused)', () => {
    const { topics, open } = setUp();
    const unknown = topicRef<string>('edge.unknown');
    const message = "No plugin declares the topic 'edge.unknown'. Add it to the manifest's topics.";
    expect(() => topics.publish(unknown, 'a')).toThrow(message);
    expect(() => open({ topic: unknown })).toThrow(message);
    expect(() =>
      createTopics({
        topics: [progress, topicRef('release.orderProgress')],
        journal: noJournal,
        clock: createManualClock(),
        logger: silentLogger,
      }),
    ).toThrow("The topic 'release.orderProgress' is declared twice.");
  });
});
