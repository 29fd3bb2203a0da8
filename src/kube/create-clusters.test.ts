import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dryRunTicket, type OperationHandle, type RecordedWrite } from '../audit/operation-handle.ts';
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
});
