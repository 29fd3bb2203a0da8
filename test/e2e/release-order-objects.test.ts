import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderObjects } from '../../plugins/release/testing/order-objects.ts';
import { orderRows } from '../../plugins/release/testing/order-rows.ts';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const server = await startPostgres();

describe.skipIf(!server)('ReleaseOrders of a cluster that two replicas on one PostgreSQL follow (REL-39)', () => {
  const stack = new AsyncDisposableStack();
  let cluster: EmbeddedCluster;
  let kubeconfig = '';
  let databaseUrl = '';
  let replicas: TestGateway[] = [];
  const objects = orderObjects(() => cluster);
  const rows = orderRows(() => replicas[0] as TestGateway);

  const startReplica = (): Promise<TestGateway> =>
    startTestGateway({
      databaseUrl,
      flags: ['--kubeconfig', kubeconfig],
      settings: {
        tokens: [
          staticToken('gitops', 'a-token-that-nobody-ever-sends-to-it', { roles: ['DEVELOPER'], namespaces: ['shop'] }),
        ],
        pluginSettings: {
          release: { orderObjects: [{ cluster: 'embedded', namespaces: ['shop'], actAs: 'token:gitops' }] },
        },
      },
    });

  beforeAll(async () => {
    stack.defer(async () => void (await server?.stop()));
    stack.defer(async () => void (await objects.close()));
    databaseUrl = (await server?.createDatabase()) ?? '';
    cluster = stack.use(await startEmbeddedCluster({ engines: await loadEngines(['longshore', 'kruise']), speed: 50 }));
    kubeconfig = stack.use(await kubeconfigFile(cluster)).path;
    await objects.call('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop' },
    });
    replicas = [await startReplica(), await startReplica()];
  }, 60_000);
  afterAll(async () => {
    for (const replica of replicas) await replica.stop();
    await stack.disposeAsync();
  });

  const listed = async () => {
    const { records } = (await replicas[0]?.gateway.rooms.operations.list(
      { actions: ['createReleaseOrder'] },
      { first: 200 },
    )) ?? {
      records: [],
    };
    return records.filter(({ status }) => status === 'SUCCEEDED');
  };

  it('become one order each, whoever of the two is faster', async () => {
    const services = [];
    for (let at = 0; at < 8; at += 1) services.push(await rows.service());
    await Promise.all(services.map(({ name }) => objects.apply(name, { services: [{ appService: name }] })));
    const told = await Promise.all(services.map(({ name }) => objects.inPhase(name, 'READY')));
    expect(new Set(told.map(({ orderId }) => orderId)).size).toBe(services.length);
    expect(await listed()).toHaveLength(services.length);
  });

  it('are caught up with by whoever comes next: what was deleted, and what was applied while nobody was there', async () => {
    const [gone, late] = [await rows.service(), await rows.service()];
    await objects.apply(gone.name, { services: [{ appService: gone.name }] });
    const { orderId } = await objects.inPhase(gone.name, 'READY');
    for (const replica of replicas.splice(0)) await replica.stop();
    await objects.remove(gone.name);
    await objects.apply(late.name, { services: [{ appService: late.name }] });
    replicas = [await startReplica()];
    await objects.inPhase(late.name, 'READY');
    const token = replicas[0]?.gateway.rooms.signIn.adminToken ?? '';
    await until(async () => {
      const answer = await replicas[0]?.query(
        'query ($id: ID!) { releaseOrder(id: $id) { state } }',
        { id: orderId },
        { token },
      );
      expect(answer?.data).toEqual({ releaseOrder: { state: 'CANCELLED' } });
    });
  });
});
