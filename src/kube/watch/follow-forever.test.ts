import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldFeed, stateOf } from '../testing/fold-feed.ts';
import { type FakeApi, sendStatus, startFakeApi } from '../testing/start-fake-api.ts';
import { advanceUntil, connect, pod, podKind } from '../testing/test-cluster.ts';

let api: FakeApi;
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.stop());

type Step =
  | { readonly do: 'put' | 'remove' | 'recreate'; readonly name: string }
  | { readonly do: 'cut'; readonly how: (typeof cuts)[number] }
  | { readonly do: 'refuse'; readonly what: 'list' | 'watch'; readonly status: 410 | 429 | 500 }
  | { readonly do: 'let-time-pass' };

const cuts = [
  'reset',
  'end',
  'mute',
  'half-line',
  'garbage',
  'duplicate',
  'version-back',
  'bookmark',
  'compact',
  'error-410',
  'error-500',
] as const;

const name = fc.constantFrom('a', 'b', 'c', 'd');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('put' as const, 'remove' as const, 'recreate' as const), name }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cut' as const), how: fc.constantFrom(...cuts) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('refuse' as const),
      what: fc.constantFrom('list' as const, 'watch' as const),
      status: fc.constantFrom(410 as const, 429 as const, 500 as const),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'let-time-pass' as const }) },
);

const isWatched = () => [...api.watches].some(({ plural }) => plural === 'pods');

let hits = 0;
let serial = 0;
const put = (podName: string) => api.store.put('pods', pod(podName, 'shop', { serial: ++serial }));
const remove = (podName: string) => api.store.remove('pods', 'shop', podName);

function cut(how: (typeof cuts)[number]): void {
  if (how === 'compact') api.store.compact();
  const [newest] = api.store
    .list('pods')
    .sort((a, b) => Number(b.metadata.resourceVersion) - Number(a.metadata.resourceVersion));
  for (const watch of [...api.watches].filter(({ plural }) => plural === 'pods')) {
    if (how === 'reset') watch.reset();
    if (how === 'end') watch.end();
    if (how === 'mute') watch.mute();
    if (how === 'garbage') watch.write('}{\n');
    if (how === 'bookmark') watch.send('BOOKMARK', { metadata: { resourceVersion: String(api.store.version) } });
    if (how === 'error-410') watch.send('ERROR', { kind: 'Status', code: 410 });
    if (how === 'error-500') watch.send('ERROR', { kind: 'Status', code: 500 });
    if (how === 'half-line') {
      watch.write('{"type":"MODIFIED","object":{"metadata":{"name":"a"');
      watch.end();
    }
    if (newest !== undefined && how === 'duplicate') watch.send('MODIFIED', newest);
    if (newest !== undefined && how === 'version-back') {
      watch.send('MODIFIED', { ...newest, metadata: { ...newest.metadata, resourceVersion: '7' } });
    }
  }
}

function refuse(what: 'list' | 'watch', status: number): void {
  const stop = api.intercept((request, response) => {
    if (request.path !== '/api/v1/pods' || request.isWatch !== (what === 'watch')) return false;
    stop();
    sendStatus(response, status, '', 'not now');
    return true;
  });
}

describe('following a kind', () => {
  it('ends up equal to the cluster, in order and without phantoms, whatever happens on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.99, noNaN: true })),
        async (steps, jitter) => {
          await using test = connect(api, { random: () => jitter.next().value });
          const feed = test.cluster.feed(podKind);
          await advanceUntil(test, () => feed.syncedAt !== undefined);
          const folded = foldFeed(feed);
          for (const one of steps) {
            if (one.do === 'put' || one.do === 'recreate') {
              if (one.do === 'recreate') remove(one.name);
              put(one.name);
            }
            if (one.do === 'remove') remove(one.name);
            if (one.do === 'cut') {
              if (jitter.next().value > 0.2) await advanceUntil(test, isWatched, 1_000);
              if (isWatched()) hits += 1;
              cut(one.how);
            }
            if (one.do === 'refuse') refuse(one.what, one.status);
            if (one.do === 'let-time-pass') {
              test.clock.advance(20_000);
              await new Promise((resolve) => setImmediate(resolve));
            }
          }
          put('end');
          await advanceUntil(test, () => folded.state().join() === stateOf(api.store, 'pods').join(), 500);
          expect(folded.faults).toEqual([]);
          const last = new Map(folded.events.map((event) => [`${event.object.metadata.uid}`, event]));
          for (const event of last.values()) {
            const isThere =
              folded.objects.get(`shop/${event.object.metadata.name}`)?.metadata.uid === event.object.metadata.uid;
            expect(event.type !== 'DELETED').toBe(isThere);
          }
        },
      ),
      { numRuns: 100 },
    );
    expect(hits).toBeGreaterThan(100);
  }, 60_000);
});
