import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import { systemPrincipal } from '../kernel/principal.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import { createObjectStreams } from './create-object-streams.ts';
import { createTopics } from './create-topics.ts';
import type { Journal } from './journal/journal.ts';
import type { MessageSource } from './message-source.ts';
import type { StreamMessage } from './stream-message.ts';
import { createFakeCluster, type FakePod, podKind } from './testing/fake-cluster.ts';
import { followable } from './testing/followed-clusters.ts';
import { createThrottleWindows, throttleOf } from './throttle-windows.ts';
import { topicRef } from './topics.ts';

type Message = StreamMessage<KubeObject<FakePod>>;
const windowMs = 500;
const names = ['a', 'b', 'c', 'd'];

function setUp() {
  const clock = createManualClock();
  const cluster = createFakeCluster('one');
  const streams = createObjectStreams({ clusters: followable([cluster]), clock, logger: silentLogger });
  function follow(throttleMs: number, after?: string) {
    const stream = streams.subscribe<FakePod>({
      ...{ topic: 'podChanges', kinds: [podKind], isFollowed: () => true, matches: () => true, scope: 'all' },
      ...{ principal: systemPrincipal, snapshot: true, after, throttleMs, signal: new AbortController().signal },
    }) as MessageSource<KubeObject<FakePod>>;
    stream.attach({ isBlocked: false, wake() {}, drain() {} });
    const state = new Map<string, string>();
    const read = (most = Number.POSITIVE_INFINITY): Message[] => {
      const messages: Message[] = [];
      while (messages.length < most) {
        const message = stream.take();
        if (!message) break;
        messages.push(message);
        const { type, item } = message;
        if (type === 'RESYNC') state.clear();
        else if (item && type === 'DELETED') state.delete(item.metadata.uid);
        else if (item) state.set(item.metadata.uid, item.metadata.resourceVersion);
      }
      return messages;
    };
    return { read, state, stream };
  }
  return { clock, cluster, streams, follow };
}

const step = fc.record({
  name: fc.constantFrom(...names),
  goes: fc.boolean(),
  waitMs: fc.constantFrom(0, 0, 100, 700),
});

describe('a stream of objects with a throttle', () => {
  it('folds into the same as one without, whenever a window ends, and tells each object once in it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const { clock, cluster, streams, follow } = setUp();
        const [plain, throttled] = [follow(0), follow(windowMs)];
        throttled.read();
        for (const { name, goes, waitMs } of steps) {
          if (goes) cluster.remove(name);
          else cluster.put(name, {});
          if (waitMs === 0) continue;
          clock.advance(waitMs);
          if (clock.now() % windowMs !== 0) {
            clock.advance(windowMs - (clock.now() % windowMs));
          }
          plain.read();
          const known = new Set(throttled.state.keys());
          const told = throttled.read();
          expect(throttled.state).toEqual(plain.state);
          const uids = told.flatMap(({ item }) => (item ? [item.metadata.uid] : []));
          if (waitMs < windowMs) expect(new Set(uids).size).toBe(uids.length);
          for (const { type, item } of told) {
            const uid = item?.metadata.uid ?? '';
            expect(known.has(uid)).toBe(type !== 'ADDED');
            if (type === 'ADDED') known.add(uid);
            if (type === 'DELETED') known.delete(uid);
          }
        }
        streams.stop();
      }),
      { numRuns: 300 },
    );
  });

  it('is resumed anywhere in it, with a throttle or without, and misses nothing', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
        fc.nat(8),
        fc.constantFrom(0, windowMs),
        (steps, count, nextThrottle) => {
          const { clock, cluster, streams, follow } = setUp();
          const plain = follow(0);
          const first = follow(windowMs);
          const begun = first.read();
          for (const { name, goes } of steps) {
            if (goes) cluster.remove(name);
            else cluster.put(name, {});
          }
          clock.advance(windowMs);
          const cursor = [...begun, ...first.read(count)].at(-1)?.cursor;
          const next = follow(nextThrottle, cursor);
          for (const [uid, version] of first.state) next.state.set(uid, version);
          next.read();
          clock.advance(windowMs);
          expect(next.read().filter(({ type }) => type === 'RESYNC')).toEqual([]);
          plain.read();
          expect(next.state).toEqual(plain.state);
          streams.stop();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('tells both where an object goes and another one of its name comes', () => {
    const { clock, cluster, follow } = setUp();
    cluster.put('a', {});
    const { read } = follow(windowMs);
    read();
    cluster.remove('a');
    cluster.put('a', {});
    expect(read()).toEqual([]);
    clock.advance(windowMs);
    expect(read().map(({ type }) => type)).toEqual(['DELETED', 'ADDED']);
  });

  it('ends its windows together with all others of that length, whenever they began', () => {
    const { clock, cluster, follow } = setUp();
    const early = follow(windowMs);
    clock.advance(300);
    const late = follow(windowMs);
    for (const { read } of [early, late]) read();
    cluster.put('a', {});
    clock.advance(windowMs - 301);
    expect([early, late].map(({ read }) => read().length)).toEqual([0, 0]);
    clock.advance(1);
    const [one, other] = [early, late].map(({ read }) => read());
    expect(one).toEqual(other);
    // The very same object, so that it is rendered once.
    expect(one?.[0]?.item).toBe(other?.[0]?.item);
  });

  it.each([-1, 1.5, 60_001, Number.NaN])('has no window of %s ms (bad input)', (lengthMs) => {
    const windows = createThrottleWindows(createManualClock(), silentLogger);
    expect(() => throttleOf(lengthMs, windows)).toThrow('is no length of a window');
  });
});

describe('a topic with a throttle', () => {
  interface Thing {
    readonly id: string;
    readonly colour: string;
    readonly version: number;
  }
  const things = topicRef<Thing>('acme.things', { isLocal: true });

  function setUpTopic() {
    const clock = createManualClock();
    const topics = createTopics({ topics: [things], journal: {} as Journal, clock, logger: silentLogger });
    let isRed: (thing: Thing) => boolean = ({ colour }) => colour === 'red';
    function follow(throttleMs: number, options: { readonly hasKeys?: boolean; readonly after?: string } = {}) {
      const { hasKeys = true, after } = options;
      const stream = topics.subscribe<Thing>({
        ...{ topic: things, matches: (thing) => isRed(thing), throttleMs, after },
        ...(hasKeys ? { keyOf: ({ id }) => id } : {}),
        signal: new AbortController().signal,
      }) as MessageSource<Thing>;
      stream.attach({ isBlocked: false, wake() {}, drain() {} });
      const state = new Map<string, number>();
      const read = (most = Number.POSITIVE_INFINITY): StreamMessage<Thing>[] => {
        const messages: StreamMessage<Thing>[] = [];
        while (messages.length < most) {
          const message = stream.take();
          if (!message) break;
          messages.push(message);
          if (message.item && message.type === 'DELETED') state.delete(message.item.id);
          else if (message.item) state.set(message.item.id, message.item.version);
        }
        return messages;
      };
      return { read, state };
    }
    return { clock, topics, follow, hide: () => (isRed = () => false) };
  }

  /** What a table's topic tells: of things that are there, with what they were before. */
  function createTable(topics: ReturnType<typeof setUpTopic>['topics']) {
    const rows = new Map<string, Thing>();
    let version = 0;
    return {
      change(id: string, colour: string, goes: boolean): void {
        const previous = rows.get(id);
        version += 1;
        if (goes) {
          if (!previous) return;
          rows.delete(id);
          void topics.publish(things, previous, { type: 'DELETED' });
          return;
        }
        const payload = { id, colour, version };
        rows.set(id, payload);
        void topics.publish(things, payload, previous ? { type: 'MODIFIED', previous } : { type: 'ADDED' });
      },
    };
  }

  it('folds into the same as one without, also of what enters a filter and leaves it, and resumes anywhere', () => {
    const topicStep = fc.record({
      ...{ id: fc.constantFrom('a', 'b', 'c'), colour: fc.constantFrom('red', 'blue'), goes: fc.boolean() },
      waitMs: fc.constantFrom(0, 0, 0, windowMs),
    });
    fc.assert(
      fc.property(fc.array(topicStep, { maxLength: 40, size: 'max' }), fc.nat(4), (steps, count) => {
        const { clock, topics, follow } = setUpTopic();
        const table = createTable(topics);
        const [plain, throttled] = [follow(0), follow(windowMs)];
        for (const { id, colour, goes, waitMs } of steps) {
          table.change(id, colour, goes);
          clock.advance(waitMs);
          plain.read();
          const told = throttled.read();
          if (waitMs > 0) expect(throttled.state).toEqual(plain.state);
          const ids = told.flatMap(({ item }) => (item ? [item.id] : []));
          expect(new Set(ids).size).toBe(ids.length);
        }
        for (const id of ['a', 'b', 'c']) table.change(id, 'red', false);
        clock.advance(windowMs);
        const cursor = throttled.read(count).at(-1)?.cursor;
        if (cursor === undefined) return;
        const next = follow(windowMs, { after: cursor });
        for (const [id, version] of throttled.state) next.state.set(id, version);
        next.read();
        plain.read();
        expect(next.state).toEqual(plain.state);
        topics.stop();
      }),
      { numRuns: 300 },
    );
  });

  it('tells each event where nothing says of what it is, together at the end of the window', () => {
    const { clock, topics, follow } = setUpTopic();
    const { read } = follow(windowMs, { hasKeys: false });
    read();
    for (const version of [1, 2]) void topics.publish(things, { id: 'a', colour: 'red', version });
    expect(read()).toEqual([]);
    clock.advance(windowMs);
    expect(read().map(({ item }) => item?.version)).toEqual([1, 2]);
  });

  it('tells nothing that its reader may not see any more when the window ends (refused)', () => {
    const { clock, topics, follow, hide } = setUpTopic();
    const { read } = follow(windowMs);
    read();
    const row = { id: 'a', colour: 'red', version: 1 };
    void topics.publish(things, row);
    void topics.publish(things, { ...row, version: 2 }, { type: 'MODIFIED', previous: row });
    hide();
    clock.advance(windowMs);
    expect(read()).toEqual([]);
  });
});
