import { startFaultProxy } from 'longshore/testing';
import { afterAll, expect, it } from 'vitest';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { kubeconfigFile } from '../../test/support/kubeconfig-file.ts';
import { staticToken } from '../../test/support/static-token.ts';
import { until } from '../../test/support/until.ts';
import { startReleaseDesk } from './testing/release-desk.ts';

interface Rows {
  readonly state: string;
  readonly waitingGroups: readonly { readonly id: string }[];
  readonly releases: readonly { readonly since: string }[];
}

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

it('undoes nothing, and is not late, where a cluster vanishes in the middle of an order and returns (REL-22, REL-28, T25)', {
  timeout: 180_000,
}, async () => {
  const cluster = stack.use(
    await startEmbeddedCluster({ engines: await loadEngines(['kruise']), speed: 50, nodes: 2 }),
  );
  const { store } = cluster;
  store.create(store.resource('', 'namespaces'), { metadata: { name: 'shop' } } as never);
  const proxy = stack.use(await startFaultProxy({ target: cluster.url, caCertificate: cluster.caCertificate }));
  const kubeconfig = proxy.kubeconfig('embedded', cluster.token);
  const { path } = stack.use(await kubeconfigFile({ kubeconfig, token: '' }));
  const token = 'the-token-of-who-releases-over-a-bad-line';
  const desk = stack.use(
    await startReleaseDesk({
      token,
      settings: {
        embedded: { enabled: false },
        clusters: [{ name: 'embedded', kubeconfig: path }],
        tokens: [staticToken('operator', token, { roles: ['ADMIN'] })],
      },
    }),
  );
  const images = () =>
    store
      .list(store.resource('', 'pods'))
      .map((pod) => (pod as unknown as { spec: { containers: { image: string }[] } }).spec.containers[0]?.image ?? '')
      .sort();
  const stateOfCluster = async () => {
    const { clusters } = await desk.ask<{ clusters: { nodes: { state: string }[] } }>(
      '{ clusters { nodes { state } } }',
    );
    return clusters.nodes[0]?.state;
  };

  const plain = (image: string) => ({ containers: [{ name: 'main', image }] });
  const waiting = { deployment: { grouping: 'ONE_PER_POD', betaGroup: false, pauseAfterGroup: true } };
  const front = await desk.createService('front', 3, plain('front:1'), waiting);
  /** What is known without the cluster. */
  const rowsOf = async (id: string) =>
    (
      await desk.ask<{ releaseOrder: Rows }>(
        'query ($id: ID!) { releaseOrder(id: $id) { state waitingGroups { id } releases { since } } }',
        { id },
      )
    ).releaseOrder;
  const confirm = async (id: string) => {
    const groupIds = await until(async () => {
      const { state, waitingGroups } = await rowsOf(id);
      expect(state).toBe('PAUSED');
      return waitingGroups.map((group) => group.id);
    });
    await desk.mutate('confirmReleaseOrder', { id, groupIds });
  };
  const first = await desk.release('Front 1', front);
  for (let group = 0; group < 2; group += 1) await confirm(first);
  await desk.orderIn(first, 'SUCCEEDED');

  const id = await desk.release('Front 2', await desk.newVersion(front, plain('front:2')));
  await desk.orderIn(id, 'PAUSED');
  expect(images()).toEqual(['front:1', 'front:1', 'front:2']);
  proxy.sever();
  proxy.drop();
  await until(async () => expect(await stateOfCluster()).not.toMatch(/READY|DEGRADED/), 90_000);
  const writes = cluster.requests.count(({ method }) => method !== 'GET');
  // The second group is to begin now, and an hour passes.
  await confirm(id);
  await desk.execute(`update release_service_releases set since = since - interval '1 hour' where state = 'GROUPS'`);
  await until(async () => {
    const { releases } = await rowsOf(id);
    expect(Date.now() - Date.parse(releases[0]?.since ?? '')).toBeLessThan(600_000);
  }, 60_000);
  expect((await rowsOf(id)).state).toBe('RUNNING');
  expect(images()).toEqual(['front:1', 'front:1', 'front:2']);
  expect(cluster.requests.count(({ method }) => method !== 'GET')).toBe(writes);

  proxy.restore();
  const second = await desk.orderIn(id, 'PAUSED');
  expect(second.releases[0]?.groups.map(({ state }) => state)).toEqual(['SUCCEEDED', 'WAITING_CONFIRM', 'PENDING']);
  expect(images()).toEqual(['front:1', 'front:2', 'front:2']);
  await confirm(id);
  await desk.orderIn(id, 'SUCCEEDED');
  expect(images()).toEqual(['front:2', 'front:2', 'front:2']);
});
