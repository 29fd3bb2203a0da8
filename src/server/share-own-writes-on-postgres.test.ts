import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dryRunTicket, type OperationHandle } from '../audit/operation-handle.ts';
import { openTestDatabase, type TestDatabase } from '../data/testing/open-test-database.ts';
import { startPostgres } from '../data/testing/start-postgres.ts';
import { silentLogger } from '../kernel/logger.ts';
import { type FakeApi, startFakeApi } from '../kube/testing/start-fake-api.ts';
import { admin, connect, pod, podKind, type TestCluster } from '../kube/testing/test-cluster.ts';
import { type SharedWrites, shareOwnWrites } from './share-own-writes.ts';

const server = await startPostgres();
const ticket: OperationHandle = { id: 'op-1', isDryRun: false, note() {} };

describe.skipIf(!server)('one’s own write through one of two replicas on one PostgreSQL', () => {
  let databases: TestDatabase[] = [];
  let api: FakeApi;
  let reader: TestCluster;
  let writer: TestCluster;
  let shared: SharedWrites[];
  let stop: () => void;

  beforeAll(async () => {
    const url = (await server?.createDatabase()) ?? '';
    databases = [await openTestDatabase({ url }), await openTestDatabase({ url })];
  });
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await server?.stop();
  });
  beforeEach(async () => {
    api = await startFakeApi();
    shared = databases.map((database) => shareOwnWrites({ database, logger: silentLogger }));
    reader = await watching(1, {});
    stop = shared[1]?.listen(reader.clusters) ?? (() => {});
    // The reader's cache hears nothing from here on; the writer's is as it should be.
    for (const watch of podWatches()) watch.mute();
    writer = await watching(2, shared[0] ? { afterWrite: shared[0].tell } : {});
  });
  afterEach(async () => {
    stop();
    await Promise.all([reader.clusters.stop(), writer.clusters.stop()]);
    await api.stop();
  });

  const podWatches = () => [...api.watches].filter(({ plural }) => plural === 'pods');
  async function watching(count: number, options: Parameters<typeof connect>[1]): Promise<TestCluster> {
    const test = connect(api, options);
    await test.clusters.whenSettled(5_000);
    await test.cluster.reader(admin).list(podKind);
    await vi.waitFor(() => expect(test.cluster.state).toBe('READY'));
    await vi.waitFor(() => expect(podWatches().length).toBe(count));
    return test;
  }
  const namesSeenBy = async (principal = admin) =>
    (await reader.cluster.reader(principal).list(podKind)).items.map(({ metadata }) => metadata.name);

  it('is visible in the next read through the other, whose watch lags (P8)', async () => {
    expect(await namesSeenBy()).toEqual([]);
    await writer.cluster.writer(admin).create(ticket, podKind, pod('mine'));
    await vi.waitFor(async () => expect(await namesSeenBy()).toEqual(['mine']));
    expect(await reader.cluster.reader(admin).get(podKind, 'shop', 'mine')).toBeDefined();
    // Another principal has no such promise, and pays nothing for it.
    expect(reader.cluster.reader({ ...admin, id: 'dev:bob' }).get(podKind, 'shop', 'mine')).toBeUndefined();
  });

  it('that deletes is visible there too', async () => {
    const { object } = await writer.cluster.writer(admin).create(ticket, podKind, pod('mine'));
    await vi.waitFor(async () => expect(await namesSeenBy()).toEqual(['mine']));
    await writer.cluster.writer(admin).delete(ticket, podKind, 'shop', 'mine', { uid: object.metadata.uid });
    await vi.waitFor(async () => expect(await namesSeenBy()).toEqual([]));
  });

  it('is told of before its author is answered, but of a dry run and of what the platform writes nothing is', async () => {
    const told: string[] = [];
    const stopListening = databases[0]?.onSignal('own-writes', (id) =>
      told.push((JSON.parse(id) as { name: string }).name),
    );
    const platform = { ...admin, id: 'system', kind: 'SYSTEM' as const };
    await writer.cluster.writer(admin).create(dryRunTicket, podKind, pod('dry'));
    await writer.cluster.writer(platform, { reason: 'a test' }).create(ticket, podKind, pod('by-the-platform'));
    await writer.cluster.writer(admin).create(ticket, podKind, pod('mine'));
    expect(told).toEqual(['mine']);
    stopListening?.();
  });

  it('passes on nothing of its own, and nothing that it cannot read', async () => {
    const expectWrite = vi.fn();
    const get = () => ({ ...reader.cluster, expectWrite });
    const [database] = databases;
    const stopOwn = shared[0]?.listen({ get });
    await writer.cluster.writer(admin).create(ticket, podKind, pod('mine'));
    await database?.signal('own-writes', 'no message');
    await database?.signal('own-writes', '{"from":"elsewhere"}');
    expect(expectWrite).not.toHaveBeenCalled();
    stopOwn?.();
  });
});
