import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { foldFeed, stateOf } from '../testing/fold-feed.ts';
import {
  type FakeApi,
  type OpenWatch,
  type RecordedRequest,
  sendStatus,
  startFakeApi,
} from '../testing/start-fake-api.ts';
import { admin, advanceUntil, connect, pod, podKind, type TestCluster } from '../testing/test-cluster.ts';

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
  api.store.put('pods', pod('one'));
  api.store.put('pods', pod('two'));
});
afterEach(() => api.stop());

const isList = (request: RecordedRequest) => request.path === '/api/v1/pods' && !request.isWatch;
const isWatch = (request: RecordedRequest) => request.path === '/api/v1/pods' && request.isWatch;
const podWatch = (): OpenWatch | undefined => [...api.watches].find((watch) => watch.plural === 'pods');
const theWatch = (): OpenWatch => {
  const watch = podWatch();
  if (watch === undefined) throw new Error('no watch is open');
  return watch;
};

async function follow(test: TestCluster) {
  const feed = test.cluster.feed(podKind);
  await feed.ready();
  const folded = foldFeed(feed);
  await vi.waitFor(() => expect(podWatch()).toBeDefined());
  return { feed, folded };
}

/** Something to hear of that proves that everything before was heard. */
async function expectEqual(test: TestCluster, folded: ReturnType<typeof foldFeed>): Promise<void> {
  await advanceUntil(test, () => folded.state().join() === stateOf(api.store, 'pods').join());
  expect(folded.faults).toEqual([]);
}

const change = () => {
  api.store.put('pods', pod('three'));
  api.store.remove('pods', 'shop', 'one');
  api.store.put('pods', pod('two', 'shop', { labels: { changed: 'yes' } }));
};

describe('reflect', () => {
  it('asks for bookmarks, from the list on, with a time limit of 300 to 600 s', async () => {
    await using test = connect(api, { random: () => 0.999 });
    await follow(test);
    const query = Object.fromEntries(api.requests.find(isWatch)?.query ?? []);
    expect(query).toEqual({
      watch: 'true',
      resourceVersion: '102',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '600',
    });
    expect(Object.fromEntries(api.requests.find(isList)?.query ?? [])).toEqual({ limit: '500' });
  });

  it.each<{ name: string; fault: (watch: OpenWatch) => void; lists: number }>([
    { name: 'the connection is reset', lists: 1, fault: (watch) => watch.reset() },
    { name: 'the watch ends cleanly', lists: 1, fault: (watch) => watch.end() },
    {
      name: 'half a line arrives before the end',
      lists: 1,
      fault: (watch) => {
        watch.write('{"type":"ADDED","obj');
        watch.end();
      },
    },
    { name: 'garbage arrives', lists: 1, fault: (watch) => watch.write('<html>\n') },
    { name: 'an object without a name arrives', lists: 1, fault: (watch) => watch.send('ADDED', { metadata: {} }) },
    {
      name: 'an unknown frame arrives',
      lists: 1,
      fault: (watch) => {
        watch.send('SURPRISE', {});
        watch.end();
      },
    },
    {
      name: 'history is lost while it is cut',
      lists: 2,
      fault: (watch) => {
        watch.mute();
        watch.reset();
        api.store.compact();
      },
    },
    {
      name: 'a frame says 410',
      lists: 2,
      fault: (watch) => {
        watch.send('ERROR', { kind: 'Status', code: 410, reason: 'Expired' });
        watch.mute();
      },
    },
    {
      name: 'a frame says 500',
      lists: 1,
      fault: (watch) => {
        watch.send('ERROR', { kind: 'Status', code: 500 });
        watch.end();
      },
    },
    {
      name: 'a bookmark is followed by the end',
      lists: 1,
      fault: (watch) => {
        bookmark(watch);
        watch.end();
      },
    },
  ])('is equal to the cluster again after $name', async ({ fault, lists }) => {
    await using test = connect(api);
    const { folded } = await follow(test);
    const cut = theWatch();
    fault(cut);
    change();
    await expectEqual(test, folded);
    change();
    await expectEqual(test, folded);
    expect(api.count(isList)).toBe(lists);
  });

  function bookmark(watch: OpenWatch): void {
    watch.send('BOOKMARK', { metadata: { resourceVersion: String(api.store.version) } });
  }

  it('resumes from a bookmark, so that a quiet kind outlives the loss of history', async () => {
    await using test = connect(api);
    const { folded } = await follow(test);
    api.store.compact();
    bookmark(theWatch());
    await vi.waitFor(() => expect(test.cluster.feed(podKind).snapshot().position).toBe(String(api.store.version)));
    theWatch().end();
    await advanceUntil(test, () => api.count(isWatch) === 2);
    change();
    await expectEqual(test, folded);
    expect(api.count(isList)).toBe(1);
  });

  it('sees what was deleted between list and watch', async () => {
    const remove = api.intercept((request) => {
      if (isWatch(request) && api.store.get('pods', 'shop', 'one')) api.store.remove('pods', 'shop', 'one');
      return false;
    });
    await using test = connect(api);
    const { folded } = await follow(test);
    remove();
    await expectEqual(test, folded);
  });

  it('does not deliver a frame twice, nor one whose version went back', async () => {
    const oddities: string[] = [];
    await using test = connect(api, { metrics: { oddFrame: (_cluster, _kind, oddity) => oddities.push(oddity) } });
    const { folded } = await follow(test);
    const old = structuredClone(api.store.get('pods', 'shop', 'two'));
    change();
    const now = api.store.get('pods', 'shop', 'two');
    theWatch().send('MODIFIED', now ?? {});
    theWatch().send('MODIFIED', old ?? {});
    theWatch().send('ADDED', { ...old, metadata: { ...old?.metadata, name: 'one' } });
    theWatch().send('DELETED', old ?? {});
    api.store.put('pods', pod('last'));
    await expectEqual(test, folded);
    expect(oddities).toEqual(['duplicate', 'duplicate', 'duplicate', 'duplicate']);
    expect(folded.events.length).toBe(4);
  });

  it('tells a recreated object from a changed one, also when only a relist shows it', async () => {
    await using test = connect(api);
    const { folded } = await follow(test);
    api.store.remove('pods', 'shop', 'one');
    api.store.put('pods', pod('one'));
    await expectEqual(test, folded);
    expect(folded.events.map(({ type }) => type)).toEqual(['DELETED', 'ADDED']);
    theWatch().mute();
    api.store.remove('pods', 'shop', 'one');
    api.store.put('pods', pod('one'));
    api.store.compact();
    theWatch().reset();
    await expectEqual(test, folded);
    expect(folded.events.map(({ type }) => type)).toEqual(['DELETED', 'ADDED', 'DELETED', 'ADDED']);
  });

  it('takes a relist as the truth, deletions last and at its position', async () => {
    await using test = connect(api);
    const { folded } = await follow(test);
    theWatch().mute();
    change();
    api.store.compact();
    theWatch().reset();
    await expectEqual(test, folded);
    expect(folded.events.map(({ type, object, position }) => [type, object.metadata.name, position])).toEqual([
      ['ADDED', 'three', '103'],
      ['MODIFIED', 'two', '105'],
      ['DELETED', 'one', '106'],
    ]);
  });

  it('takes an object of 2 MB, and of one over 8 MiB only who it is, and says so', async () => {
    await using test = connect(api);
    const { folded } = await follow(test);
    api.store.put('pods', pod('big', 'shop', { blob: 'x'.repeat(2_000_000) }));
    await expectEqual(test, folded);
    api.store.put('pods', pod('huge', 'shop', { blob: 'x'.repeat(9_000_000) }));
    api.store.put('pods', pod('after'));
    await expectEqual(test, folded);
    expect(folded.objects.get('shop/huge')).toMatchObject({
      kind: 'Pod',
      metadata: { name: 'huge', namespace: 'shop' },
    });
    expect(folded.objects.get('shop/huge')).not.toHaveProperty('blob');
    const { problems } = await test.cluster.reader(admin).list(podKind);
    expect(problems).toMatchObject([{ code: 'TOO_COMPLEX', message: '1 changes of pods were too large to be taken.' }]);
    theWatch().mute();
    api.store.remove('pods', 'shop', 'huge');
    api.store.compact();
    theWatch().reset();
    await expectEqual(test, folded);
    expect((await test.cluster.reader(admin).list(podKind)).problems).toEqual([]);
  });

  it('notices a watch that died without a word within 90 s', async () => {
    await using test = connect(api);
    const { feed, folded } = await follow(test);
    const heardAt = test.clock.now();
    theWatch().mute();
    api.intercept((request) => isWatch(request));
    change();
    await advanceUntil(test, () => feed.staleSince !== undefined, 1_000);
    expect(test.clock.now() - heardAt).toBeLessThanOrEqual(90_000);
    expect(feed.staleSince).toBe(heardAt);
    const { items, problems } = await test.cluster.reader(admin).list(podKind);
    expect(items.length).toBe(2);
    expect(problems).toMatchObject([{ code: 'UPSTREAM_UNAVAILABLE', staleSince: heardAt }]);
    expect(folded.events).toEqual([]);
  });

  it('comes back to a quiet watch without a list, and is never stale for it', async () => {
    await using test = connect(api);
    const { feed } = await follow(test);
    await advanceUntil(test, () => api.count(isWatch) === 3, 5_000);
    expect(feed.staleSince).toBeUndefined();
    expect(api.count(isList)).toBe(1);
  });

  it('lists anew after three error frames in a row', async () => {
    await using test = connect(api);
    const { feed } = await follow(test);
    api.intercept((request, response) => {
      if (!isWatch(request) || api.count(isList) > 1) return false;
      response.end(`${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 500 } })}\n`);
      return true;
    });
    theWatch().end();
    await advanceUntil(test, () => feed.staleSince !== undefined);
    await advanceUntil(test, () => feed.staleSince === undefined);
    expect(api.count(isList)).toBe(2);
  });

  it.each([
    ['429', 429, 'TooManyRequests'],
    ['500', 500, 'InternalError'],
    ['503', 503, 'ServiceUnavailable'],
  ])('comes back after the watch was answered with %s', async (_name, status, reason) => {
    await using test = connect(api);
    const { folded } = await follow(test);
    let times = 2;
    api.intercept((request, response) => {
      if (!isWatch(request) || times === 0) return false;
      times -= 1;
      sendStatus(response, status, reason, 'not now');
      return true;
    });
    theWatch().reset();
    change();
    await expectEqual(test, folded);
    expect(api.count(isList)).toBe(1);
  });

  it('lists at most once each 30 s after three failures, with jitter, and never gives up', async () => {
    await using test = connect(api, { random: Math.random });
    const { folded } = await follow(test);
    const times: number[] = [];
    let isBroken = true;
    api.intercept((request, response) => {
      if (!isBroken || !isList(request)) return false;
      times.push(test.clock.now());
      sendStatus(response, 500, 'InternalError', 'etcd is away');
      return true;
    });
    theWatch().mute();
    api.store.compact();
    theWatch().reset();
    await advanceUntil(test, () => times.length === 10, 500, 1_000_000);
    const gaps = times.slice(3).map((time, index) => time - (times[index + 2] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(40_000);
    expect(new Set(gaps).size).toBeGreaterThan(1);
    isBroken = false;
    await expectEqual(test, folded);
  });

  it('asks nothing of a cluster that is down but a probe each 30 s', async () => {
    await using test = connect(api);
    const { folded } = await follow(test);
    await vi.waitFor(() => expect(test.cluster.state).toBe('READY'));
    await api.close();
    await advanceUntil(test, () => test.cluster.state === 'UNREACHABLE');
    const downAt = test.clock.now();
    await advanceUntil(test, () => test.clock.now() - downAt > 300_000, 5_000);
    change();
    const before = api.requests.length;
    await api.listen();
    await expectEqual(test, folded);
    expect(api.requests.slice(before).filter((request) => request.path === '/version').length).toBe(1);
    expect(api.count(isList)).toBe(1);
  });

  it('is not stopped by a follower that throws', async () => {
    await using test = connect(api);
    const feed = test.cluster.feed(podKind);
    feed.onEvent(() => {
      throw new Error('a follower');
    });
    const { folded } = await follow(test);
    change();
    await expectEqual(test, folded);
  });

  it('opens no watch when it is stopped during the list', async () => {
    let finish = () => {};
    api.intercept(async (request) => {
      if (isList(request)) await new Promise<void>((resolve) => (finish = resolve));
      return false;
    });
    const test = connect(api);
    test.cluster.feed(podKind);
    await vi.waitFor(() => expect(api.count(isList)).toBe(1));
    await test.clusters.stop();
    finish();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(api.count(isWatch)).toBe(0);
  });

  it('reads large lists in pages of 500, and begins again where a page expired', async () => {
    for (let index = 0; index < 1_200; index += 1) api.store.put('pods', pod(`p${index}`));
    let expired = 1;
    api.intercept((request, response) => {
      if (!isList(request) || !request.query.has('continue') || expired === 0) return false;
      expired -= 1;
      sendStatus(response, 410, 'Expired', 'the continue token is too old');
      return true;
    });
    await using test = connect(api);
    const feed = test.cluster.feed(podKind);
    await advanceUntil(test, () => feed.syncedAt !== undefined);
    expect([...feed.snapshot().items].length).toBe(1_202);
    expect(api.requests.filter(isList).map(({ query }) => query.get('continue')?.split('@')[0] ?? '')).toEqual([
      '',
      '500',
      '',
      '500',
      '1000',
    ]);
  });
});
