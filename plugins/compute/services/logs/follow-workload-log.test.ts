import { RequestError, type StreamMessage } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../../src/kernel/manual-clock.ts';
import type { PodObject } from '../../api.ts';
import { createFakeContainer } from '../../testing/fake-container.ts';
import { makePod } from '../../testing/make-objects.ts';
import { type FollowWorkloadLogOptions, followWorkloadLog } from './follow-workload-log.ts';
import type { LogEntry } from './log-entry.ts';
import { parseWorkloadLogCursor } from './workload-log-cursor.ts';

type Message = StreamMessage<LogEntry>;
type FakeContainer = ReturnType<typeof createFakeContainer>;

/** Pods as a watch tells them, and the containers behind them by name of the pod. */
function createShop() {
  const queue: StreamMessage<PodObject>[] = [];
  const containers = new Map<string, FakeContainer>();
  let wake = (): void => undefined;
  let isClosed = false;
  const push = (type: StreamMessage<PodObject>['type'], item?: PodObject): void => {
    queue.push({ type, cursor: '', item, reason: undefined });
    wake();
  };
  const podOf = (name: string, deletionTimestamp?: string): PodObject => {
    const progress = containers.get(name)?.progress.now;
    return makePod({
      metadata: {
        name,
        uid: `uid-${name}`,
        creationTimestamp: '2026-01-01T00:00:00Z' as never,
        deletionTimestamp: deletionTimestamp as never,
      },
      spec: { containers: [{ name: 'web' }] },
      status: {
        phase: 'Running',
        containerStatuses:
          progress?.run === undefined
            ? []
            : [{ name: 'web', restartCount: progress.run, state: { running: {} } } as never],
      },
    });
  };
  return {
    get isClosed() {
      return isClosed;
    },
    synced: () => push('SNAPSHOT'),
    resync: () => push('RESYNC'),
    tell: (name: string) => push('MODIFIED', podOf(name)),
    add(name: string, ...texts: string[]): FakeContainer {
      const container = createFakeContainer();
      container.start();
      for (const text of texts) container.write(text);
      containers.set(name, container);
      push('ADDED', podOf(name));
      return container;
    },
    remove(name: string) {
      containers.get(name)?.stop();
      push('DELETED', podOf(name, '2026-01-01T00:01:00Z'));
    },
    /** It is there, but not for this caller or not in this workload. */
    leave: (name: string) => push('DELETED', podOf(name)),
    open: ((source, request, signal) => {
      const container = containers.get(source.pod);
      if (!container) throw new Error(`no container of ${source.pod}`);
      return container.open(request, signal);
    }) satisfies FollowWorkloadLogOptions['open'],
    pods: {
      async next(): Promise<IteratorResult<StreamMessage<PodObject>>> {
        while (queue.length === 0 && !isClosed) await new Promise<void>((resolve) => (wake = resolve));
        const value = queue.shift();
        return value === undefined ? { done: true, value: undefined } : { done: false, value };
      },
      async return() {
        isClosed = true;
        wake();
        return { done: true as const, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    },
  };
}

function follow(shop: ReturnType<typeof createShop>, options: Partial<FollowWorkloadLogOptions> = {}) {
  const clock = createManualClock();
  const caller = new AbortController();
  const log = followWorkloadLog({
    workload: 'w1',
    pods: shop.pods,
    containersOf: () => ['web'],
    open: shop.open,
    matches: () => true,
    assertAllowed: () => undefined,
    follow: true,
    previous: false,
    tail: undefined,
    since: undefined,
    after: undefined,
    maxContainers: 3,
    clock,
    signal: caller.signal,
    ...options,
  });
  return { log, clock, caller };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The next message, with time moving on while nothing comes. */
async function next({ log, clock }: ReturnType<typeof follow>): Promise<Message> {
  const reading = log.next();
  let isThere = false;
  reading.then(
    () => (isThere = true),
    () => (isThere = true),
  );
  for (let round = 0; round < 20 && !isThere; round += 1) {
    await settle();
    if (!isThere) clock.advance(250);
  }
  const { value } = await reading;
  if (!value) throw new Error('The log has ended.');
  return value;
}

const tell = ({ type, item }: Message): string =>
  item ? `${item.source.pod} ${item.kind === 'LINE' ? item.text : item.kind}` : type;

async function take(stream: ReturnType<typeof follow>, count: number): Promise<string[]> {
  const found: string[] = [];
  while (found.length < count) found.push(tell(await next(stream)));
  return found;
}

describe('followWorkloadLog', () => {
  it('merges the lines of all pods by time (CMP-102)', async () => {
    const shop = createShop();
    const [a, b] = [shop.add('a'), shop.add('b')];
    a.write('one', 1_000_000_000n);
    b.write('two', 2_000_000_000n);
    a.write('three', 2_000_000_000n);
    shop.synced();
    const stream = follow(shop);
    expect(await take(stream, 3)).toEqual(['a one', 'b two', 'a three']);
    await stream.log.return?.();
  });

  it('follows pods that come, tells when one has ended, and goes on', async () => {
    const shop = createShop();
    shop.add('a', 'one');
    shop.synced();
    const stream = follow(shop);
    expect(await take(stream, 1)).toEqual(['a one']);
    shop.add('b', 'two');
    expect(await take(stream, 1)).toEqual(['b two']);
    shop.remove('a');
    expect(await take(stream, 1)).toEqual(['a ENDED']);
    shop.tell('b');
    await stream.log.return?.();
  });

  it('takes a pod that is not told again after a RESYNC for gone', async () => {
    const shop = createShop();
    const a = shop.add('a', 'one');
    shop.add('b', 'two');
    shop.synced();
    const stream = follow(shop);
    await take(stream, 2);
    shop.resync();
    shop.tell('b');
    a.stop();
    shop.synced();
    expect(await take(stream, 1)).toEqual(['a ENDED']);
    await stream.log.return?.();
  });

  it('shows no further line of a pod that has left the workload or the sight of its caller (refused)', async () => {
    const shop = createShop();
    const a = shop.add('a', 'one', 'two', 'three');
    shop.add('b');
    shop.synced();
    const stream = follow(shop);
    expect(await take(stream, 1)).toEqual(['a one']);
    shop.leave('a');
    await settle();
    a.write('four');
    expect(await take(stream, 1)).toEqual(['a ENDED']);
    expect(a.readers).toBe(0);
    // It comes back, and goes on behind what was sent.
    shop.tell('a');
    expect(await take(stream, 3)).toEqual(['a two', 'a three', 'a four']);
    await stream.log.return?.();
  });

  it('reads to its end what a deleted pod wrote', async () => {
    const shop = createShop();
    shop.add('a', 'one', 'two', 'three');
    shop.synced();
    const stream = follow(shop);
    await take(stream, 1);
    shop.remove('a');
    expect(await take(stream, 3)).toEqual(['a two', 'a three', 'a ENDED']);
    await stream.log.return?.();
  });

  it('opens no log that the caller may not read (refused)', async () => {
    const shop = createShop();
    const a = shop.add('a', 'one');
    shop.synced();
    const stream = follow(shop, {
      assertAllowed() {
        throw new RequestError('FORBIDDEN', 'no');
      },
    });
    await expect(next(stream)).rejects.toThrow('no');
    expect(a.opened).toEqual([]);
  });

  it('forgets the places of pods that are gone, so that a cursor does not grow with each resumption', async () => {
    const shop = createShop();
    const [a, b] = [shop.add('a', 'a1'), shop.add('b', 'b1')];
    shop.synced();
    const stream = follow(shop);
    await take(stream, 1);
    const cursor = (await next(stream)).cursor;
    await stream.log.return?.();
    expect([...parseWorkloadLogCursor('w1', cursor).containers.keys()]).toEqual(['uid-a web', 'uid-b web']);
    expect([a.readers, b.readers]).toEqual([0, 0]);
    const again = createShop();
    again.add('c', 'c1');
    again.synced();
    const resumed = follow(again, { after: parseWorkloadLogCursor('w1', cursor) });
    const { containers } = parseWorkloadLogCursor('w1', (await next(resumed)).cursor);
    expect([...containers.keys()]).toEqual(['uid-c web']);
    await resumed.log.return?.();
  });

  it('lets through only the lines that are wanted, and says where the others are not known', async () => {
    const shop = createShop();
    shop.add('a', 'good', 'bad', 'good again');
    shop.synced();
    const stream = follow(shop, { follow: false, matches: (text) => text.startsWith('good') });
    expect(await take(stream, 2)).toEqual(['a good', 'a good again']);
    expect(await stream.log.next()).toEqual({ done: true, value: undefined });
    expect(shop.isClosed).toBe(true);
  });

  it('goes on behind a cursor, each container where it was (P10)', async () => {
    const shop = createShop();
    const [a, b] = [shop.add('a', 'a1', 'a2'), shop.add('b', 'b1')];
    shop.synced();
    const stream = follow(shop);
    const seen: string[] = [];
    let last: Message | undefined;
    while (seen.length < 2) {
      last = await next(stream);
      seen.push(tell(last));
    }
    const cursor = last?.cursor ?? '';
    await stream.log.return?.();
    a.write('a3');
    b.write('b2');
    const again = createShop();
    again.add('a', 'a1', 'a2', 'a3');
    again.add('b', 'b1', 'b2');
    again.synced();
    const resumed = follow(again, { follow: false, after: parseWorkloadLogCursor('w1', cursor) });
    const rest = await take(resumed, 3);
    expect([...seen, ...rest].sort()).toEqual(['a a1', 'a a2', 'a a3', 'b b1', 'b b2']);
  });

  it('sends a heartbeat after 30 s of silence', async () => {
    const shop = createShop();
    shop.add('a');
    shop.synced();
    const { log, clock } = follow(shop);
    const reading = log.next();
    await settle();
    clock.advance(30_000);
    expect((await reading).value).toMatchObject({ type: 'HEARTBEAT' });
    await log.return?.();
  });

  it('ends all that is open at once when the reader leaves a silent workload', async () => {
    const shop = createShop();
    const [a, b] = [shop.add('a'), shop.add('b')];
    shop.synced();
    const { log, clock } = follow(shop);
    const reading = log.next();
    await settle();
    expect([a.readers, b.readers]).toEqual([1, 1]);
    await log.return?.();
    expect(await reading).toEqual({ done: true, value: undefined });
    await settle();
    expect([a.readers, b.readers, shop.isClosed, clock.waiting]).toEqual([0, 0, true, 0]);
  });

  it('ends where the right to read has ended (refused)', async () => {
    const shop = createShop();
    shop.add('a', 'one', 'two');
    shop.synced();
    let isAllowed = true;
    const stream = follow(shop, {
      assertAllowed() {
        if (!isAllowed) throw new RequestError('FORBIDDEN', 'no more');
      },
    });
    await next(stream);
    isAllowed = false;
    await expect(next(stream)).rejects.toThrow('no more');
  });

  it('refuses more containers than it may read at a time (refused)', async () => {
    const shop = createShop();
    for (const name of ['a', 'b', 'c', 'd']) shop.add(name, name);
    shop.synced();
    const stream = follow(shop);
    await expect(take(stream, 5)).rejects.toThrow('More than 3 containers write to this log');
  });
});
