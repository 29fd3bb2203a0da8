import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UpstreamError } from '../../kernel/answer-error.ts';
import { kindRef } from '../kind-ref.ts';
import { type FakeApi, sendStatus, startFakeApi } from '../testing/start-fake-api.ts';
import { admin, advanceUntil, connect, podKind } from '../testing/test-cluster.ts';
import { capabilityTable } from './capability-table.ts';

const metrics = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'PodMetrics',
  plural: 'pods',
  isNamespaced: true,
  verbs: ['get', 'list'],
};
const clonesets = {
  group: 'apps.kruise.io',
  version: 'v1beta1',
  kind: 'CloneSet',
  plural: 'clonesets',
  isNamespaced: true,
};
const crds = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  isNamespaced: false,
};

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.stop());

describe.each([
  ['aggregated', true, 2],
  ['legacy', false, 5],
])('%s discovery', (_name, isAggregated, requests) => {
  beforeEach(() => {
    api.isAggregated = isAggregated;
  });

  it('resolves kinds by version and by group, in the preferred version', async () => {
    api.kinds.push({ ...clonesets, version: 'v1beta1' }, { ...clonesets, version: 'v1alpha1' });
    await using test = connect(api, { kinds: [] });
    const { cluster } = test;
    expect(await cluster.resolveKind('v1', 'Pod')).toEqual(podKind);
    expect(await cluster.resolveKind('apps.kruise.io/v1alpha1', 'CloneSet')).toEqual({
      ...clonesets,
      version: 'v1alpha1',
    });
    expect(await cluster.resolveGroupKind('apps.kruise.io', 'CloneSet')).toEqual(clonesets);
    expect(await cluster.resolveGroupKind('', 'Pod')).toEqual(podKind);
    expect(await cluster.resolveKind('v1', 'Nothing')).toBeUndefined();
    expect(await cluster.resolveGroupKind('apps', 'Pod')).toBeUndefined();
    expect(cluster.version).toBe('v1.36.2');
  });

  it('costs few requests', async () => {
    await using test = connect(api, { kinds: [] });
    await test.clusters.whenSettled(5_000);
    expect(
      api.count(({ path }) => path !== '/version' && /^\/apis?(\/|$)/.test(path) && !path.includes('clusterroles')),
    ).toBe(requests);
  });

  it('is harmed by a broken extension API only in its own group, and keeps what was known of it', async () => {
    api.kinds.push(metrics);
    await using test = connect(api, { kinds: [] });
    await test.clusters.whenSettled(5_000);
    const { cluster } = test;
    expect(cluster.state).toBe('READY');
    api.brokenGroups.add('metrics.k8s.io');
    await advanceUntil(test, () => cluster.state === 'DEGRADED', 10_000);
    expect(cluster.problem).toBe('The servers of these APIs do not answer: metrics.k8s.io.');
    expect(await cluster.resolveKind('metrics.k8s.io/v1beta1', 'PodMetrics')).toBeDefined();
    const reader = cluster.reader(admin);
    for (let turn = 0; turn < 4; turn += 1)
      await expect(cluster.reader(admin).get(kindRef(metrics), 'shop', 'a')).rejects.toThrow(UpstreamError);
    expect(await reader.get(podKind, 'shop', 'a')).toBeUndefined();
    expect(api.count(({ path }) => path.includes('/metrics.k8s.io/v1beta1/namespaces'))).toBe(3);
    api.brokenGroups.clear();
    await advanceUntil(test, () => cluster.state === 'READY', 10_000);
  });

  it('does not take a kind of a broken group for missing', async () => {
    api.kinds.push(metrics);
    api.brokenGroups.add('metrics.k8s.io');
    await using test = connect(api, { kinds: [] });
    await test.clusters.whenSettled(5_000);
    expect(test.cluster.serves(kindRef(metrics))).toBe(true);
    expect(test.cluster.serves(kindRef(clonesets))).toBe(false);
  });
});

describe('discovery', () => {
  it('tells which engines are there, and what would install the others', async () => {
    api.kinds.push(clonesets);
    await using test = connect(api, { kinds: [] });
    await test.clusters.whenSettled(5_000);
    const { capabilities } = test.cluster;
    expect(capabilities.length).toBe(capabilityTable.length);
    expect(capabilities.filter(({ isInstalled }) => isInstalled)).toEqual([
      { name: 'in-place-update', engine: 'OpenKruise', isInstalled: true, hint: undefined },
    ]);
    expect(capabilities.find(({ name }) => name === 'snapshots')?.hint).toContain(
      'Install the CSI snapshot controller',
    );
  });

  it('finds what a new CRD brings at once where CRDs may be watched, and tells listeners', async () => {
    api.kinds.push(crds);
    await using test = connect(api, { kinds: [] });
    const changed = vi.fn();
    test.clusters.onChange(changed);
    await vi.waitFor(() => expect([...api.watches].some(({ plural }) => plural === crds.plural)).toBe(true));
    const accept = api.requests.find(({ isWatch, path }) => isWatch && path.endsWith(crds.plural))?.headers.accept;
    expect(accept).toContain('as=PartialObjectMetadata');
    api.kinds.push(clonesets);
    api.store.put(crds.plural, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: crds.kind,
      metadata: { name: 'clonesets.apps.kruise.io' },
    });
    const before = test.clock.now();
    await advanceUntil(test, () => test.cluster.serves(kindRef(clonesets)));
    expect(test.clock.now() - before).toBeLessThan(5_000);
    await vi.waitFor(() => expect(changed).toHaveBeenLastCalledWith(test.cluster, 'MODIFIED'));
    expect(test.cluster.capabilities.find(({ name }) => name === 'in-place-update')?.isInstalled).toBe(true);
  });

  it('finds it by time where they may not', async () => {
    await using test = connect(api, { kinds: [] });
    await test.clusters.whenSettled(5_000);
    api.kinds.push(clonesets);
    const before = test.clock.now();
    await advanceUntil(test, () => test.cluster.serves(kindRef(clonesets)), 5_000);
    expect(test.clock.now() - before).toBeLessThanOrEqual(200_000);
  });

  it('asks once more for a kind nobody knows, but not each time somebody asks', async () => {
    await using test = connect(api, { kinds: [] });
    await test.clusters.whenSettled(5_000);
    const before = api.count(({ path }) => path === '/apis');
    test.clock.advance(10_000);
    api.kinds.push(clonesets);
    expect(await test.cluster.resolveGroupKind('apps.kruise.io', 'CloneSet')).toBeDefined();
    for (let turn = 0; turn < 5; turn += 1) await test.cluster.resolveGroupKind('apps', 'Nothing');
    expect(api.count(({ path }) => path === '/apis')).toBe(before + 1);
  });

  it('that is not allowed hides nothing: kinds are tried', async () => {
    api.intercept(({ path }, response) => {
      if (path !== '/api' && path !== '/apis') return false;
      sendStatus(response, 403, 'Forbidden', 'no discovery');
      return true;
    });
    await using test = connect(api);
    await test.clusters.whenSettled(5_000);
    expect(test.cluster.state).toBe('DEGRADED');
    expect((await test.cluster.reader(admin).list(podKind)).problems).toEqual([]);
  });

  it('of a cluster that does not answer (refused), says why', async () => {
    await api.close();
    await using test = connect(api, { kinds: [] });
    await expect(test.cluster.resolveKind('v1', 'Pod')).rejects.toThrow(
      "Cluster 'fake' does not answer: the connection was refused",
    );
    expect(test.cluster.serves(podKind)).toBe(true);
  });
});
