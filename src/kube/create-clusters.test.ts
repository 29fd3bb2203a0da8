import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dryRunTicket, type OperationHandle, type RecordedWrite } from '../audit/operation-handle.ts';
import { CapabilityMissingError } from '../kernel/answer-error.ts';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import { createClusters } from './create-clusters.ts';
import { kindRef } from './kind-ref.ts';
import { origin } from './kube-object.ts';
import { type FakeApi, startFakeApi } from './testing/start-fake-api.ts';
import { admin, advanceUntil, configMapKind, connect, pod, podKind } from './testing/test-cluster.ts';

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.stop());

function ticket(): OperationHandle & { readonly writes: RecordedWrite[] } {
  const writes: RecordedWrite[] = [];
  return { id: '0b6c7c3e-0000-4000-8000-000000000001', isDryRun: false, writes, note: (write) => writes.push(write) };
}

const declared = [{ kind: podKind }];

describe('createClusters', () => {
  it('answers declared kinds from memory, synchronously, once they were listed', async () => {
    api.store.put('pods', pod('web-1'));
    await using test = connect(api);
    const reader = test.cluster.reader(admin);
    const first = await reader.list(podKind);
    expect(first.items.map((item) => item.metadata.name)).toEqual(['web-1']);
    const before = api.requests.length;
    const again = reader.list(podKind);
    expect(again).not.toBeInstanceOf(Promise);
    expect(reader.get(podKind, 'shop', 'web-1')).toMatchObject({ kind: 'Pod', apiVersion: 'v1' });
    expect(api.requests.length).toBe(before);
  });

  it('sees changes by the watch', async () => {
    await using test = connect(api);
    const reader = test.cluster.reader(admin);
    await reader.list(podKind);
    await vi.waitFor(() => expect(api.watches.size).toBeGreaterThan(0));
    api.store.put('pods', pod('late'));
    await vi.waitFor(() => expect(reader.get(podKind, 'shop', 'late')).toBeDefined());
    api.store.remove('pods', 'shop', 'late');
    await vi.waitFor(() => expect(reader.get(podKind, 'shop', 'late')).toBeUndefined());
  });

  it('reads undeclared kinds live, one request for the reads of a tick', async () => {
    for (const name of ['a', 'b', 'c'])
      api.store.put('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } });
    await using test = connect(api);
    await test.clusters.whenSettled(5_000);
    const reader = test.cluster.reader(admin);
    const found = await Promise.all(['a', 'b', 'missing'].map((name) => reader.get(configMapKind, 'shop', name)));
    expect(found.map((object) => object?.metadata.name)).toEqual(['a', 'b', undefined]);
    expect(api.count((request) => request.path.endsWith('/configmaps'))).toBe(1);
  });

  it('writes with a ticket, notes it, and the next read sees it', async () => {
    await using test = connect(api);
    const reader = test.cluster.reader(admin);
    await reader.list(podKind);
    await vi.waitFor(() => expect(test.cluster.state).toBe('READY'));
    const handle = ticket();
    const { object } = await test.cluster.writer(admin).create(handle, podKind, pod('mine'));
    expect(reader.get(podKind, 'shop', 'mine')).toMatchObject({
      metadata: { resourceVersion: object.metadata.resourceVersion },
    });
    expect(handle.writes).toMatchObject([{ verb: 'CREATE', kind: 'Pod', namespace: 'shop', name: 'mine' }]);
    const sent = api.requests.find((request) => request.method === 'POST');
    expect(sent?.headers['audit-id']).toBe(handle.id);
    expect(Object.fromEntries(sent?.query ?? [])).toEqual({ fieldManager: 'longshore', fieldValidation: 'Strict' });
  });

  it('asks for a dry run by the ticket and records nothing (refused twin of a write)', async () => {
    await using test = connect(api);
    await test.clusters.whenSettled(5_000);
    await test.cluster.writer(admin).create(dryRunTicket, podKind, pod('ghost'));
    expect(api.store.get('pods', 'shop', 'ghost')).toBeUndefined();
  });

  it('is there at once, and says what is wrong with a cluster that does not answer', async () => {
    await api.close();
    await using test = connect(api);
    expect(test.cluster.state).toBe('CONNECTING');
    await test.clusters.whenSettled(60_000);
    expect(test.cluster.state).toBe('UNREACHABLE');
    expect(test.cluster.problem).toContain('the connection was refused');
    await api.listen();
    await advanceUntil(test, () => test.cluster.state === 'READY', 1_000);
    expect(test.cluster.version).toBe('v1.36.2');
  });

  it('two clusters of one name (refused)', () => {
    const settings = { name: 'a', source: { kubeconfigText: '' } };
    expect(() => createClusters({ clusters: [settings, settings], kinds: [], logger: silentLogger })).toThrow(
      "Two clusters are named 'a'",
    );
  });

  it('serves two contexts on one server as two clusters, whatever their names', async () => {
    api.store.put('pods', pod('web-1'));
    const names = ['arn:aws:eks:eu-west-1:123:cluster/shop', 'ann@one'];
    const clusters = createClusters({
      clusters: names.map((name) => ({ name, source: { kubeconfigText: api.kubeconfig(name), context: name } })),
      kinds: declared,
      logger: silentLogger,
    });
    await clusters.whenSettled(5_000);
    for (const name of names) {
      const { items } = (await clusters.get(name)?.reader(admin).list(podKind)) ?? { items: [] };
      expect(items[0]?.[origin].cluster).toBe(name);
    }
    expect(clusters.get('other')).toBeUndefined();
    await clusters.stop();
  });

  it('is not slowed by clusters that swallow everything: of ten, two are black holes and one is slow', async () => {
    const hole = createServer(() => {});
    await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve));
    const holeUrl = `http://127.0.0.1:${(hole.address() as AddressInfo).port}`;
    const slow = await startFakeApi();
    slow.intercept(async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return false;
    });
    api.store.put('pods', pod('web-1'));
    const textOf = (index: number) =>
      index < 2 ? api.kubeconfig().replace(api.url, holeUrl) : index === 2 ? slow.kubeconfig() : api.kubeconfig();
    const clock = createManualClock(Date.now());
    const clusters = createClusters({
      clusters: Array.from({ length: 10 }, (_, index) => ({
        name: `c${index}`,
        source: { kubeconfigText: textOf(index) },
      })),
      kinds: declared,
      clock,
      logger: silentLogger,
      random: () => 0,
    });
    const readAll = () => Promise.all(clusters.all.map((cluster) => cluster.reader(admin).list(podKind)));
    const quick = clusters.all.slice(3);
    await vi.waitFor(() => expect(quick.every((cluster) => cluster.state === 'READY')).toBe(true));
    for (const cluster of quick) await cluster.reader(admin).list(podKind);
    // While they are only being tried, they cost a list no more than the wait for a first sync.
    const first = readAll();
    await vi.waitFor(() => expect(slow.requests.length).toBeGreaterThan(0));
    clock.advance(1_500);
    const lists = await first;
    expect(lists.slice(3).every(({ items, problems }) => items.length === 1 && problems.length === 0)).toBe(true);
    expect(lists.slice(0, 2).map(({ problems }) => problems[0]?.code)).toEqual([
      'UPSTREAM_UNAVAILABLE',
      'UPSTREAM_UNAVAILABLE',
    ]);
    // Once they are known, nothing.
    clock.advance(10_000);
    await vi.waitFor(() =>
      expect(clusters.all.slice(0, 2).map(({ state }) => state)).toEqual(['UNREACHABLE', 'UNREACHABLE']),
    );
    for (const cluster of clusters.all.slice(0, 2))
      expect(cluster.reader(admin).list(podKind)).not.toBeInstanceOf(Promise);
    expect(clusters.get('c0')?.problem).toBe("Cluster 'c0' does not answer: no answer within 10 s");
    await clusters.stop();
    await slow.stop();
    hole.closeAllConnections();
    hole.close();
  });

  it('watches an undeclared kind while it is followed and 60 s longer', async () => {
    await using test = connect(api, { kinds: [] });
    const isWatched = () => [...api.watches].some(({ plural }) => plural === 'configmaps');
    const first = test.cluster.feed(configMapKind);
    const second = test.cluster.feed(configMapKind);
    await first.ready();
    await vi.waitFor(() => expect(isWatched()).toBe(true));
    expect(test.cluster.reader(admin).list(configMapKind)).not.toBeInstanceOf(Promise);
    const heard = vi.fn();
    first.onEvent(heard);
    first.release();
    first.release();
    expect(first.onEvent(heard)).toBeTypeOf('function');
    test.clock.advance(60_000);
    expect(isWatched()).toBe(true);
    second.release();
    test.clock.advance(59_999);
    const third = test.cluster.feed(configMapKind);
    test.clock.advance(60_000);
    await third.ready();
    api.store.put('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' } });
    await vi.waitFor(() => expect([...third.snapshot().items].length).toBe(1));
    expect(heard).not.toHaveBeenCalled();
    expect(api.count(({ path, isWatch }) => path === '/api/v1/configmaps' && !isWatch)).toBe(1);
    third.release();
    test.clock.advance(60_000);
    await vi.waitFor(() => expect(isWatched()).toBe(false));
    expect(test.cluster.revision(configMapKind, admin)).toBeUndefined();
  });

  it('counts the changes of a kind, so that equal revisions mean equal content', async () => {
    await using test = connect(api);
    await test.cluster.reader(admin).list(podKind);
    await vi.waitFor(() => expect([...api.watches].some(({ plural }) => plural === 'pods')).toBe(true));
    const before = test.cluster.revision(podKind, admin);
    api.store.put('pods', pod('a'));
    await vi.waitFor(() => expect(test.cluster.revision(podKind, admin)).not.toBe(before));
  });

  it('says when a feed cannot be had (refused), and lets a follower go away', async () => {
    await using test = connect(api, { kinds: [] });
    const nothing = kindRef({
      group: 'example.com',
      version: 'v1',
      kind: 'Nothing',
      plural: 'nothings',
      isNamespaced: true,
    });
    await expect(test.cluster.feed(nothing).ready()).rejects.toThrow(CapabilityMissingError);
    api.intercept(({ path }) => path === '/api/v1/configmaps');
    const gone = new AbortController();
    const waiting = test.cluster.feed(configMapKind).ready(gone.signal);
    gone.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
  });

  it('lets go of everything when it stops', async () => {
    const test = connect(api, { settings: { identity: 'impersonate' } });
    await test.cluster.feed(podKind).ready();
    await vi.waitFor(() => expect(api.watches.size).toBe(2));
    await test.clusters.stop();
    await vi.waitFor(() => expect(api.watches.size).toBe(0));
    const before = api.requests.length;
    test.clock.advance(600_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(api.requests.length).toBe(before);
    await test.clusters.stop();
  });
});
