import type { V1ConfigMap, V1Deployment, V1Node, V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dryRunTicket, type OperationHandle } from '../audit/operation-handle.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../embedded/start-embedded-cluster.ts';
import { ConflictError, ForbiddenError, NotFoundError, ValidationError } from '../kernel/answer-error.ts';
import { systemClock } from '../kernel/clock.ts';
import { silentLogger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import type { ClusterSettings } from './cluster-settings.ts';
import { createClusters } from './create-clusters.ts';
import { declareKind } from './declared-kind.ts';
import { kindRef } from './kind-ref.ts';
import type { KubeCluster, KubeClusters } from './kube-cluster.ts';
import { foldFeed } from './testing/fold-feed.ts';
import { admin } from './testing/test-cluster.ts';

const podKind = kindRef<V1Pod>({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true });
const nodeKind = kindRef<V1Node>({ group: '', version: 'v1', kind: 'Node', plural: 'nodes', isNamespaced: false });
const deploymentKind = kindRef<V1Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  isNamespaced: true,
});
const configMapKind = kindRef<V1ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  isNamespaced: true,
});
const namespaceKind = kindRef({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  isNamespaced: false,
});
const crdKind = kindRef({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  isNamespaced: false,
});

const kinds = [
  declareKind({
    kind: podKind,
    indexes: { node: (pod) => (pod.spec?.nodeName === undefined ? [] : [pod.spec.nodeName]) },
  }),
  declareKind({ kind: deploymentKind }),
];

let embedded: EmbeddedCluster;
const running: KubeClusters[] = [];
let cluster: KubeCluster;

beforeAll(async () => {
  embedded = await startEmbeddedCluster({ speed: 50 });
  cluster = await connectTo({});
});
afterAll(async () => {
  await Promise.all(running.map((clusters) => clusters.stop()));
  await embedded.stop();
});

async function connectTo(settings: Partial<ClusterSettings>): Promise<KubeCluster> {
  const clusters = createClusters({
    clusters: [{ name: 'embedded', source: { kubeconfigText: embedded.kubeconfig }, ...settings }],
    kinds,
    clock: systemClock,
    logger: silentLogger,
  });
  running.push(clusters);
  await clusters.whenSettled(10_000);
  const [only] = clusters.all;
  if (only === undefined) throw new Error('no cluster');
  return only;
}

const openTicket = (): OperationHandle => ({ id: '7d9f5c3e-0000-4000-8000-000000000001', isDryRun: false, note() {} });

function deployment(name: string, replicas: number, namespace = 'default'): object {
  const labels = { app: name };
  return {
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'nginx:1.27' }] } },
    },
  };
}

describe('an embedded cluster', () => {
  it('is ready over TLS, with its version and capabilities', () => {
    expect(cluster.state).toBe('READY');
    expect(cluster.version).toMatch(/^v1\./);
    expect(cluster.capabilities.find(({ name }) => name === 'horizontal-autoscaling')?.isInstalled).toBe(true);
  });

  it('follows a deployment from apply over scale to delete', async () => {
    const reader = cluster.reader(admin);
    const writer = cluster.writer(admin);
    const feed = cluster.feed(podKind);
    await feed.ready();
    const folded = foldFeed(feed);
    const { object } = await writer.apply(openTicket(), deploymentKind, deployment('web', 2));
    expect(await reader.get(deploymentKind, 'default', 'web')).toMatchObject({
      metadata: { uid: object.metadata.uid },
    });
    const pods = async () => (await reader.list(podKind, { namespaces: ['default'], labelSelector: 'app=web' })).items;
    await vi.waitFor(
      async () => expect((await pods()).filter((pod) => pod.status?.phase === 'Running').length).toBe(2),
      { timeout: 10_000 },
    );
    const [first] = await pods();
    const node = first?.spec?.nodeName ?? '';
    expect(await reader.byIndex(podKind, 'node', node)).toContain(first);
    const owner = first?.metadata.ownerReferences?.[0]?.uid ?? '';
    expect((await reader.byOwner(podKind, owner)).length).toBe(2);
    const scaled = await writer.scale(openTicket(), deploymentKind, 'default', 'web', 3, { uid: object.metadata.uid });
    expect(scaled.object.spec?.replicas).toBe(3);
    await vi.waitFor(async () => expect((await pods()).length).toBe(3), { timeout: 10_000 });
    await writer.delete(openTicket(), deploymentKind, 'default', 'web', {
      uid: object.metadata.uid,
      propagationPolicy: 'Background',
    });
    expect(reader.get(deploymentKind, 'default', 'web')).toBeUndefined();
    await vi.waitFor(async () => expect(await pods()).toEqual([]), { timeout: 10_000 });
    expect(folded.faults).toEqual([]);
    feed.release();
  });

  it('is equal to its cache after its watches were cut and its history lost', async () => {
    const feed = cluster.feed(configMapKind);
    await feed.ready();
    const folded = foldFeed(feed);
    const writer = cluster.writer(admin);
    const put = (name: string, value: string) =>
      writer.apply(openTicket(), configMapKind, { metadata: { name, namespace: 'default' }, data: { value } });
    await put('a', '1');
    await put('b', '1');
    embedded.closeWatches();
    const { object: b } = await put('b', '2');
    await writer.delete(openTicket(), configMapKind, 'default', 'a', {
      uid: (await cluster.reader(admin).get(configMapKind, 'default', 'a'))?.metadata.uid ?? '',
    });
    embedded.closeWatches();
    embedded.compact();
    const { object: c } = await put('c', '1');
    await vi.waitFor(
      () => {
        expect(folded.objects.get('default/b')?.metadata.resourceVersion).toBe(b.metadata.resourceVersion);
        expect(folded.objects.get('default/c')?.metadata.resourceVersion).toBe(c.metadata.resourceVersion);
        expect(folded.objects.has('default/a')).toBe(false);
      },
      { timeout: 10_000 },
    );
    expect(folded.faults).toEqual([]);
    feed.release();
  });

  it('refuses what a cluster refuses, in its words', async () => {
    const writer = cluster.writer(admin);
    const { object } = await writer.create(openTicket(), configMapKind, {
      metadata: { name: 'mine', namespace: 'default' },
      data: { a: '1' },
    });
    await expect(
      writer.create(openTicket(), configMapKind, { metadata: { name: 'mine', namespace: 'default' } }),
    ).rejects.toThrow(ConflictError);
    const another = { uid: '00000000-0000-4000-8000-000000000000' };
    await expect(
      writer.patch(openTicket(), configMapKind, 'default', 'mine', { data: { a: '2' } }, another),
    ).rejects.toThrow(ConflictError);
    await expect(writer.delete(openTicket(), configMapKind, 'default', 'mine', another)).rejects.toThrow(ConflictError);
    await expect(writer.patch(openTicket(), configMapKind, 'default', 'none', { data: {} })).rejects.toThrow(
      NotFoundError,
    );
    await expect(
      writer.create(openTicket(), configMapKind, { metadata: { name: 'Not Valid', namespace: 'default' } }),
    ).rejects.toThrow(ValidationError);
    const patched = await writer.patch(
      openTicket(),
      configMapKind,
      'default',
      'mine',
      { data: { a: '2' } },
      { resourceVersion: object.metadata.resourceVersion },
    );
    expect(patched.object.data).toEqual({ a: '2' });
    const dry = await writer.patch(dryRunTicket, configMapKind, 'default', 'mine', { data: { a: '3' } });
    expect(dry.object.data).toEqual({ a: '3' });
    expect((await cluster.reader(admin).get(configMapKind, 'default', 'mine'))?.data).toEqual({ a: '2' });
  });

  it('names the field managers of a conflict', async () => {
    const writer = cluster.writer(admin);
    await writer.apply(openTicket(), configMapKind, {
      metadata: { name: 'shared', namespace: 'default' },
      data: { a: '1' },
    });
    await fetchAs('theirs', { a: '2' });
    const conflict = await writer
      .apply(openTicket(), configMapKind, { metadata: { name: 'shared', namespace: 'default' }, data: { a: '3' } })
      .catch((error: unknown) => error);
    expect(conflict).toBeInstanceOf(ConflictError);
    expect(conflict).toMatchObject({ managers: [{ manager: 'theirs', field: '.data.a' }] });
  });

  /** Another field manager takes the field over. */
  async function fetchAs(manager: string, data: object): Promise<void> {
    const other = await connectTo({});
    const { createTransport } = await import('./transport/create-transport.ts');
    const { noMetrics } = await import('./kube-metrics.ts');
    const transport = createTransport({
      settings: { name: other.name, source: { kubeconfigText: embedded.kubeconfig } },
      clock: systemClock,
      metrics: noMetrics,
    });
    await transport.json({
      method: 'PATCH',
      path: '/api/v1/namespaces/default/configmaps/shared',
      query: { fieldManager: manager, force: true },
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared', namespace: 'default' }, data },
    });
    await transport.stop();
  }

  it('serves a kind as soon as its CRD is there', async () => {
    const widget = kindRef({
      group: 'example.com',
      version: 'v1',
      kind: 'Widget',
      plural: 'widgets',
      isNamespaced: true,
    });
    expect(await cluster.resolveKind('example.com/v1', 'Widget')).toBeUndefined();
    await cluster.writer(admin).create(openTicket(), crdKind, {
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    });
    await vi.waitFor(() => expect(cluster.serves(widget)).toBe(true), { timeout: 10_000 });
    expect(await cluster.resolveKind('example.com/v1', 'Widget')).toEqual(widget);
    await cluster
      .writer(admin)
      .create(openTicket(), widget, { metadata: { name: 'w', namespace: 'default' }, spec: { size: 3 } });
    expect(await cluster.reader(admin).get(widget, 'default', 'w')).toMatchObject({ spec: { size: 3 } });
  });

  it('shows the logs of a container and ends when asked to', async () => {
    await cluster.writer(admin).create(openTicket(), podKind, {
      metadata: { name: 'talker', namespace: 'default' },
      spec: { containers: [{ name: 'app', image: 'nginx:1.27' }] },
    });
    await vi.waitFor(
      async () =>
        expect((await cluster.reader(admin).get(podKind, 'default', 'talker'))?.status?.phase).toBe('Running'),
      { timeout: 10_000 },
    );
    const gone = new AbortController();
    const lines = [];
    for await (const line of cluster.podLogs({ namespace: 'default', pod: 'talker', follow: true }, gone.signal)) {
      lines.push(line);
      if (lines.length === 2) gone.abort();
    }
    expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
    const missing = cluster.podLogs(
      { namespace: 'default', pod: 'nobody', follow: false },
      new AbortController().signal,
    );
    await expect(async () => {
      for await (const _line of missing) throw new Error('there is no line');
    }).rejects.toThrow(NotFoundError);
  });

  it('lets a user with one namespace see that one', async () => {
    await cluster.writer(admin).create(openTicket(), namespaceKind, { metadata: { name: 'team' } });
    await cluster.writer(admin).apply(openTicket(), deploymentKind, deployment('theirs', 1, 'team'));
    const token = embedded.addToken('ann', [], { namespaces: ['team'] });
    const kubeconfigText = embedded.kubeconfig.replace(embedded.token, token);
    const scoped = await connectTo({ source: { kubeconfigText }, namespaces: ['team'] });
    const reader = scoped.reader(admin);
    const found = await reader.list(deploymentKind);
    expect(found.items.map(({ metadata }) => metadata.name)).toEqual(['theirs']);
    expect(found.problems).toEqual([]);
    expect((await reader.list(nodeKind)).problems[0]?.code).toBe('FORBIDDEN');
    await expect(reader.get(nodeKind, undefined, 'node-1')).rejects.toThrow(ForbiddenError);
  });

  it('is asked as the caller where it impersonates', async () => {
    embedded.addToken('alice', ['team-shop'], { namespaces: ['team'] });
    const impersonating = await connectTo({ identity: 'impersonate' });
    const caller: Principal = { ...admin, roles: ['DEVELOPER'], namespaces: [{ cluster: '*', namespace: 'team' }] };
    const reader = impersonating.reader(caller);
    const { items } = await reader.list(deploymentKind);
    expect(new Set(items.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['team']));
    await expect(
      impersonating
        .writer(caller)
        .create(openTicket(), configMapKind, { metadata: { name: 'x', namespace: 'default' } }),
    ).rejects.toThrow(ForbiddenError);
    await impersonating
      .writer(caller)
      .create(openTicket(), configMapKind, { metadata: { name: 'x', namespace: 'team' } });
    expect(embedded.requests.count({ verb: 'create', resource: 'configmaps', namespace: 'team', user: 'alice' })).toBe(
      1,
    );
  });
});
