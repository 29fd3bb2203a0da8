import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeApi, type OpenWatch, sendStatus, startFakeApi } from '../testing/start-fake-api.ts';
import { connect, pod, podKind, type TestCluster } from '../testing/test-cluster.ts';

let api: FakeApi;
let test: TestCluster;
beforeEach(async () => {
  api = await startFakeApi();
  test = connect(api, { kinds: [] });
});
afterEach(async () => {
  await test[Symbol.asyncDispose]();
  await api.stop();
});

const ask = (after: string, until: string, signal = new AbortController().signal) =>
  test.cluster.statesBetween(podKind, after, until, signal);

const isAsked = ({ request }: OpenWatch) => request.query.get('timeoutSeconds') === '10';
function theWatch(): Promise<OpenWatch> {
  return vi.waitFor(() => {
    const watch = [...api.watches].find(isAsked);
    if (!watch) throw new Error('nobody asks');
    return watch;
  });
}

function write(): void {
  api.store.put('pods', pod('one')); // 101
  api.store.put('pods', pod('two')); // 102
  api.store.remove('pods', 'shop', 'two'); // 103
  api.store.put('pods', pod('one', 'shop', { labels: { changed: 'yes' } })); // 104
  api.store.put('pods', pod('three')); // 105
}

const namesOf = (states: Awaited<ReturnType<typeof ask>>) =>
  states?.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`);

describe('what a cluster remembers between two versions', () => {
  it('is each state in order, what came and went included and what is later not', async () => {
    write();
    expect(namesOf(await ask('101', '104'))).toEqual(['two 102', 'one 104']);
    await vi.waitFor(() => expect([...api.watches].filter(isAsked)).toEqual([]));
  });

  it('is known to be all by a bookmark, where nothing comes later', async () => {
    write();
    const asked = ask('101', '110');
    const watch = await theWatch();
    watch.send('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '109' } });
    watch.send('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '110' } });
    expect(namesOf(await asked)).toEqual(['two 102', 'one 104', 'three 105']);
  });

  it.each<[string, (watch: OpenWatch) => void]>([
    ['the watch ends before it was said', (watch) => watch.end()],
    ['the watch is cut', (watch) => watch.reset()],
    ['an error comes', (watch) => watch.send('ERROR', { kind: 'Status', code: 410 })],
    ['what comes is no frame', (watch) => watch.write('<html>\n')],
    ['what comes is no object', (watch) => watch.send('ADDED', { metadata: {} })],
    ['a bookmark says nothing', (watch) => watch.send('BOOKMARK', { metadata: {} })],
  ])('is not known where %s (refused)', async (_what, fault) => {
    write();
    const asked = ask('101', '110');
    fault(await theWatch());
    expect(await asked).toBeUndefined();
  });

  it.each([
    [410, 'Expired'],
    [403, 'Forbidden'],
    [500, 'InternalError'],
  ])('is not known where the cluster answers %i (refused)', async (status, reason) => {
    api.intercept(({ query }, response) => {
      if (query.get('timeoutSeconds') !== '10') return false;
      sendStatus(response, status, reason, 'no');
      return true;
    });
    expect(await ask('1', '110')).toBeUndefined();
  });

  it('is not waited for without end', async () => {
    const asked = ask('101', '110');
    await theWatch();
    test.clock.advance(20_000);
    expect(await asked).toBeUndefined();
  });
});
