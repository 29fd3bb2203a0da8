import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import { systemPrincipal } from '../kernel/principal.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import { createObjectStreams } from './create-object-streams.ts';
import type { ObjectView } from './object-streams.ts';
import { SlowReaderError } from './slow-reader-error.ts';
import type { StreamMessage } from './stream-message.ts';
import { createFakeCluster, type FakeCluster, type FakePod, podKind } from './testing/fake-cluster.ts';
import { followable } from './testing/followed-clusters.ts';

type Pod = KubeObject<FakePod>;
type Message = StreamMessage<Pod>;

const apps = ['web', 'db'] as const;
const names = ['a', 'b', 'c', 'd', 'e', 'f'];

/** What happens in one run. */
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      cluster: fc.nat(1),
      name: fc.constantFrom(...names),
      app: fc.constantFrom(...apps),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('remove' as const), cluster: fc.nat(1), name: fc.constantFrom(...names) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('relist' as const), cluster: fc.nat(1), gone: fc.subarray(names) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      reader: fc.nat(2),
      count: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resume' as const), reader: fc.nat(2), behind: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('rights' as const),
      reader: fc.nat(2),
      app: fc.constantFrom(...apps, 'all'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(100, 2_000, 31_000, 61_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('answer' as const) }) },
);

type Filter = (typeof apps)[number] | 'all';
const matchesOf = (app: Filter) => (pod: Pod) => app === 'all' || pod.metadata.labels?.app === app;

/** A client: folds what it reads, and comes back with a cursor it once got, at the state it had then. */
function createReader(streams: ReturnType<typeof createObjectStreams>, first: Filter, throttleMs = 0) {
  let app = first;
  let state = new Map<string, Pod>();
  let history: { cursor: string; state: Map<string, Pod> }[] = [];
  let changeView: ((view: ObjectView<FakePod>) => void) | undefined;
  let stream = open(undefined);
  let unanswered: Promise<IteratorResult<Message>> | undefined;
  let resyncs = 0;
  const problems: string[] = [];

  function open(after: string | undefined) {
    return streams.subscribe<FakePod>({
      topic: 'podChanges',
      kinds: [podKind],
      isFollowed: () => true,
      matches: matchesOf(app),
      scope: app,
      onViewChange(listener) {
        changeView = listener;
        return () => {};
      },
      principal: systemPrincipal,
      snapshot: true,
      after,
      throttleMs,
      signal: new AbortController().signal,
    });
  }

  function fold(message: Message): void {
    if (message.type === 'RESYNC') {
      state = new Map();
      resyncs += 1;
    }
    const { item } = message;
    if (item) {
      const key = item.metadata.uid;
      const before = state.get(key);
      if (message.type === 'DELETED') state.delete(key);
      else {
        if (before && Number(before.metadata.resourceVersion) > Number(item.metadata.resourceVersion)) {
          problems.push(`${key} went back from ${before.metadata.resourceVersion}`);
        }
        if (!matchesOf(app)(item)) problems.push(`${key} is not for this reader`);
        state.set(key, item);
      }
    }
    history.push({ cursor: message.cursor, state: new Map(state) });
  }

  return {
    problems,
    get app() {
      return app;
    },
    get state() {
      return state;
    },
    get resyncs() {
      return resyncs;
    },
    /** Reads until there is nothing, at most so many. */
    async read(count: number): Promise<void> {
      for (let left = count; left > 0; left -= 1) {
        unanswered ??= stream.next();
        const next = await Promise.race([unanswered, settle()]).catch(closedAsSlow);
        if (!next) return;
        unanswered = undefined;
        // Come back with the last cursor, as a client does.
        if (next.done) await this.resume(0);
        else fold(next.value);
      }
    },
    async resume(behind: number): Promise<void> {
      const from = history.at(-1 - behind) ?? history[0];
      void unanswered?.catch(() => {});
      await stream.return?.();
      unanswered = undefined;
      // Also a cursor from before its rights changed: it must not be continued under the new ones.
      history = from ? [from] : [];
      state = new Map(from?.state);
      stream = open(from?.cursor);
    },
    async changeRights(next: Filter): Promise<void> {
      // What was handed over before the change was allowed then.
      if (unanswered) await this.read(1);
      app = next;
      changeView?.({ matches: matchesOf(next), scope: next });
    },
  };
}

function closedAsSlow(error: unknown): IteratorResult<Message> {
  if (!(error instanceof SlowReaderError)) throw error;
  return { done: true, value: undefined };
}

function settle(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(() => resolve(undefined)));
}

function visible(clusters: readonly FakeCluster[], app: Filter): string[] {
  return clusters
    .flatMap((cluster) => [...cluster.pods.values()].filter(matchesOf(app)))
    .map((pod) => `${pod.metadata.uid}@${pod.metadata.resourceVersion}`)
    .toSorted();
}

const stateOf = (reader: { readonly state: ReadonlyMap<string, Pod> }) =>
  [...reader.state.values()].map((pod) => `${pod.metadata.uid}@${pod.metadata.resourceVersion}`).toSorted();

async function run(
  steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
  limits: { readonly queueMessages: number; readonly ringEvents: number },
  throttleMs = 0,
): Promise<number> {
  const clock = createManualClock();
  const clusters = [createFakeCluster('one'), createFakeCluster('two', { isReady: false })];
  const streams = createObjectStreams({
    clusters: followable(clusters),
    clock,
    logger: silentLogger,
    limits,
  });
  clusters[0]?.put('a', { app: 'web' });
  const readers = [
    createReader(streams, 'web'),
    createReader(streams, 'db', throttleMs),
    createReader(streams, 'all', throttleMs),
  ];

  for (const now of steps) {
    if (now.do === 'put') clusters[now.cluster]?.put(now.name, { app: now.app });
    else if (now.do === 'remove') clusters[now.cluster]?.remove(now.name);
    else if (now.do === 'relist') clusters[now.cluster]?.removeUnseen(now.gone);
    else if (now.do === 'read') await readers[now.reader]?.read(now.count);
    else if (now.do === 'resume') await readers[now.reader]?.resume(now.behind);
    else if (now.do === 'rights') await readers[now.reader]?.changeRights(now.app);
    else if (now.do === 'wait') clock.advance(now.ms);
    else clusters[1]?.answer();
  }

  // At the end everybody is there and reads: the state of each is that of the clusters.
  clusters[1]?.answer();
  await settle();
  clock.advance(2_000);
  for (const reader of readers) {
    await reader.read(10_000);
    clock.advance(2_000);
    await reader.read(10_000);
    expect(reader.problems).toEqual([]);
    expect(stateOf(reader)).toEqual(visible(clusters, reader.app));
  }
  const resyncs = readers.reduce((sum, reader) => sum + reader.resyncs, 0);
  streams.stop();
  expect(clusters.map((cluster) => cluster.held + cluster.listeners)).toEqual([0, 0]);
  return resyncs;
}

describe('the history of a stream', () => {
  it('folds into what the clusters hold, whatever is written, held together, read slowly, resumed or taken away', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 150, size: 'max' }),
        fc.record({ queueMessages: fc.constantFrom(3, 8, 1_000), ringEvents: fc.constantFrom(2, 10, 1_000) }),
        fc.constantFrom(0, 250, 2_000),
        async (steps, limits, throttleMs) => {
          await run(steps, limits, throttleMs);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('takes nobody back who resumes between changes that were merged', async () => {
    const put = (name: string) => ({ do: 'put', cluster: 0, name, app: 'web' }) as const;
    const come = [{ do: 'read', reader: 2, count: 4 } as const, { do: 'resume', reader: 2, behind: 1 } as const];
    const written = [put('a'), put('e'), put('e'), put('a')];
    await run([...written, { do: 'wait', ms: 61_000 }, ...come], { queueMessages: 1_000, ringEvents: 1_000 }, 2_000);
  });

  it('needs no RESYNC from readers that keep up and come back in time', async () => {
    const calm = step.filter(
      (now) => now.do === 'put' || now.do === 'remove' || now.do === 'relist' || now.do === 'read',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(calm, { maxLength: 120, size: 'max' }),
        fc.constantFrom(0, 2_000),
        async (steps, ms) => {
          expect(await run(steps, { queueMessages: 1_000, ringEvents: 1_000 }, ms)).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });
});
