import {
  CoreV1Api,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';

/** The embedded cluster as the client library that many programs use sees it, through nothing but its kubeconfig. */
let cluster: EmbeddedCluster;
let config: KubeConfig;
let objects: KubernetesObjectApi;
const namespace = 'clients';

beforeAll(async () => {
  cluster = await startEmbeddedCluster({ nodes: 1, speed: 50 });
  config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig);
  objects = KubernetesObjectApi.makeApiClient(config);
  await objects.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await objects.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'boats.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'boats', singular: 'boat', kind: 'Boat', listKind: 'BoatList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { masts: { type: 'integer' } } } },
            },
          },
        },
      ],
    },
  } as object);
});
afterAll(() => cluster.stop());

interface Spoken {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly [field: string]: unknown;
}

const named = (apiVersion: string, kind: string, name: string, rest: object): Spoken => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  ...rest,
});

const podTemplate = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } };

describe('KubernetesObjectApi', () => {
  it.each([
    {
      object: named('v1', 'ConfigMap', 'objects', { data: { a: '1' } }),
      change: { data: { b: '2' } },
      shown: { data: { a: '1', b: '2' } },
    },
    {
      object: named('apps/v1', 'Deployment', 'objects', {
        spec: { replicas: 0, selector: { matchLabels: { app: 'x' } }, template: podTemplate },
      }),
      change: { spec: { minReadySeconds: 3 } },
      shown: { spec: { replicas: 0, minReadySeconds: 3, template: podTemplate } },
    },
    {
      object: named('networking.k8s.io/v1', 'NetworkPolicy', 'objects', { spec: { podSelector: {} } }),
      change: { spec: { podSelector: { matchLabels: { app: 'x' } } } },
      shown: { spec: { podSelector: { matchLabels: { app: 'x' } }, policyTypes: ['Ingress'] } },
    },
    {
      object: named('example.com/v1', 'Boat', 'objects', { spec: { masts: 1 } }),
      change: { spec: { masts: 2 } },
      shown: { spec: { masts: 2 } },
    },
  ])('creates, reads, patches, applies, replaces, lists and deletes a $object.kind', async ({
    object,
    change,
    shown,
  }) => {
    const { apiVersion, kind, metadata } = object;
    const header = { apiVersion, kind, metadata };
    const made = await objects.create(object);
    expect(made).toMatchObject({ kind, metadata });
    await expect(objects.create(object)).rejects.toMatchObject({ code: 409 });

    const patched = await objects.patch(
      { ...header, ...change },
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.MergePatch,
    );
    expect(patched).toMatchObject(shown);
    expect(await objects.read(header)).toMatchObject(shown);

    const labels = { owner: 'me' };
    const applied: KubernetesObject = await objects.patch(
      { ...header, metadata: { ...metadata, labels } },
      undefined,
      undefined,
      'applier',
      true,
      PatchStrategy.ServerSideApply,
    );
    expect(applied.metadata?.labels).toEqual(labels);
    expect(applied.metadata?.managedFields?.map(({ manager }) => manager)).toContain('applier');

    // A controller may write its status in between: then the client reads again, as clients do.
    const { current, replaced } = await vi.waitFor(async () => {
      const current = await objects.read(header);
      const metadataOf = { ...current.metadata, name: metadata.name, labels: { owner: 'you' } };
      return { current, replaced: await objects.replace({ ...current, metadata: metadataOf }) };
    });
    expect(replaced.metadata?.labels).toEqual({ owner: 'you' });
    await expect(
      objects.replace({ ...current, metadata: { ...current.metadata, name: metadata.name } }),
    ).rejects.toMatchObject({
      code: 409,
    });

    const list = await objects.list(
      apiVersion,
      kind,
      namespace,
      undefined,
      undefined,
      undefined,
      undefined,
      'owner=you',
    );
    expect(list.items.map((item) => item.metadata?.name)).toEqual([metadata.name]);
    await objects.delete(header);
    await vi.waitFor(() => expect(objects.read(header)).rejects.toMatchObject({ code: 404 }), { timeout: 10_000 });
  });

  it('leaves nothing behind after a dry run', async () => {
    const object = named('v1', 'ConfigMap', 'dry', { data: {} });
    const tried: KubernetesObject = await objects.create(object, undefined, 'All');
    expect(tried.metadata?.uid).toBeDefined();
    await expect(
      objects.read({ apiVersion: 'v1', kind: 'ConfigMap', metadata: object.metadata }),
    ).rejects.toMatchObject({
      code: 404,
    });
  });
});

describe('an informer', () => {
  const informerOf = (label: string) => {
    const core = config.makeApiClient(CoreV1Api);
    const labelSelector = `of=${label}`;
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    let lists = 0;
    const informer = makeInformer<V1ConfigMap>(
      config,
      path,
      () => {
        lists += 1;
        return core.listNamespacedConfigMap({ namespace, labelSelector });
      },
      labelSelector,
    );
    const heard: string[] = [];
    for (const verb of ['add', 'update', 'delete'] as const) {
      informer.on(verb, ({ metadata }) => heard.push(`${verb} ${metadata?.name}`));
    }
    return { informer, heard, lists: () => lists, listen: (restart: () => void) => informer.on('error', restart) };
  };
  const write = (name: string, label: string, data: Record<string, string> = {}) =>
    objects.create({
      ...named('v1', 'ConfigMap', name, { data }),
      metadata: { name, namespace, labels: { of: label } },
    });
  const patience = { timeout: 15_000, interval: 20 };

  it('hears of what is there, comes, changes and goes', async () => {
    await write('early', 'plain');
    const { informer, heard } = informerOf('plain');
    await informer.start();
    await write('late', 'plain');
    await write('other', 'someone');
    const header = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'early', namespace } };
    await objects.patch(
      { ...header, data: { a: '1' } } as object,
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.MergePatch,
    );
    await objects.delete(header);
    await vi.waitFor(() => expect(heard).toEqual(['add early', 'add late', 'update early', 'delete early']), patience);
    expect(informer.list().map(({ metadata }) => metadata?.name)).toEqual(['late']);
    await informer.stop();
  });

  it('goes on after its connection was cut, with what it has missed', async () => {
    const { informer, heard, listen } = informerOf('cut');
    listen(() => void informer.start());
    await informer.start();
    await write('before', 'cut');
    await vi.waitFor(() => expect(heard).toEqual(['add before']), patience);
    cluster.closeWatches();
    await write('meanwhile', 'cut');
    await vi.waitFor(() => expect(heard).toEqual(['add before', 'add meanwhile']), patience);
    await informer.stop();
  });

  it('starts over when the history it would need is gone', async () => {
    const { informer, heard, lists, listen } = informerOf('gone');
    listen(() => void informer.start());
    await informer.start();
    await write('first', 'gone');
    await vi.waitFor(() => expect(heard).toEqual(['add first']), patience);
    const listed = lists();
    // All in one turn: the informer comes back to a history that has been forgotten.
    const { store } = cluster;
    const maps = store.resource('', 'configmaps');
    cluster.closeWatches();
    store.create(maps, {
      ...named('v1', 'ConfigMap', 'second', {}),
      metadata: { name: 'second', namespace, labels: { of: 'gone' } },
    });
    store.delete(maps, namespace, 'first');
    cluster.compact();
    await vi.waitFor(() => expect(heard).toEqual(['add first', 'delete first', 'add second']), patience);
    expect(lists()).toBeGreaterThan(listed);
    await informer.stop();
  });
});
