import { expect } from 'vitest';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { configMap, pod } from './support/objects.ts';

const { conformanceCase } = conformanceArea('owners and namespaces');

const reference = (owner: Json, extra: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  ...extra,
});

const owned = (name: string, references: Json[], metadata: Json = {}): Json =>
  configMap(name, { metadata: { name, ownerReferences: references, ...metadata } });

const nobody = '11111111-2222-3333-4444-555555555555';
const hold = 'example.com/hold';

conformanceCase(
  {
    title: 'lets an owner go whose dependent is kept by another owner (foreground)',
    source: 'concepts/architecture/garbage-collection; e2e: [sig-api-machinery] Garbage collector, valid owner',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const leaving = await create(path, configMap('leaving'));
    const staying = await create(path, configMap('staying'));
    const kept = reference(staying, { blockOwnerDeletion: true });
    await create(path, owned('child', [reference(leaving, { blockOwnerDeletion: true }), kept]));
    succeeded(await api.delete(`${path}/leaving`, { propagationPolicy: 'Foreground' }));
    await eventually(async () => expect((await api.get(`${path}/leaving`)).status).toBe(404));
    expect((await api.get(`${path}/child`)).body.metadata.ownerReferences).toEqual([kept]);
  },
);

conformanceCase(
  {
    title: 'deletes two that own each other, although each blocks the other',
    source: 'e2e: [sig-api-machinery] Garbage collector should not be blocked by dependency circle',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const one = await create(path, configMap('one'));
    const two = await create(path, owned('two', [reference(one, { blockOwnerDeletion: true })]));
    const ownerReferences = [reference(two, { blockOwnerDeletion: true })];
    succeeded(await api.patch('merge', `${path}/one`, { metadata: { ownerReferences } }));
    succeeded(await api.delete(`${path}/one`, { propagationPolicy: 'Foreground' }));
    await eventually(async () => expect((await api.get(`${path}/one`)).status).toBe(404));
    await eventually(async () => expect((await api.get(`${path}/two`)).status).toBe(404));
  },
);

conformanceCase(
  {
    title: 'deletes what names an owner in another namespace, and says why',
    source: 'concepts/overview/working-with-objects/owners-dependents: OwnerRefInvalidNamespace',
  },
  async ({ api, namespace, create }) => {
    const [here, there] = [await namespace(), await namespace()];
    const owner = await create(`/api/v1/namespaces/${there}/configmaps`, configMap('owner'));
    const { uid } = await create(`/api/v1/namespaces/${here}/configmaps`, owned('child', [reference(owner)])).then(
      ({ metadata }) => metadata,
    );
    await eventually(async () =>
      expect((await api.get(`/api/v1/namespaces/${here}/configmaps/child`)).status).toBe(404),
    );
    await eventually(async () => {
      const said = (await api.get(`/api/v1/namespaces/${here}/events`, { fieldSelector: `involvedObject.uid=${uid}` }))
        .body.items;
      expect(said).toMatchObject([
        {
          type: 'Warning',
          reason: 'OwnerRefInvalidNamespace',
          message: `ownerRef [v1/ConfigMap, namespace: ${here}, name: owner, uid: ${owner.metadata.uid}] does not exist in namespace "${here}"`,
          source: { component: 'garbage-collector-controller' },
          involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', namespace: here, name: 'child', uid },
        },
      ]);
    });
  },
);

conformanceCase(
  {
    title: 'leaves what is in no namespace and names an owner in one',
    source: 'concepts/overview/working-with-objects/owners-dependents: cluster-scoped dependents',
  },
  async ({ api, namespace, name, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const owner = await create(path, configMap('owner'));
    const role = name('owned');
    await create('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: role, ownerReferences: [reference(owner)] },
      rules: [],
    });
    await eventually(async () => {
      const said = await api.get('/api/v1/namespaces/default/events', { fieldSelector: `involvedObject.name=${role}` });
      expect(said.body.items.map(({ reason }: Json) => reason)).toEqual(['OwnerRefInvalidNamespace']);
    });
    expect((await api.get(`/apis/rbac.authorization.k8s.io/v1/clusterroles/${role}`)).status).toBe(200);
  },
);

conformanceCase(
  {
    title: 'touches nothing of what names an owner of a kind that nobody serves',
    source: 'concepts/overview/working-with-objects/owners-dependents: unresolvable owner reference',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const owner = await create(path, configMap('owner'));
    const strange = [reference(owner, { kind: 'Nonsense' }), reference(owner, { uid: nobody }), reference(owner)];
    await create(path, owned('strange', strange));
    // The collector has come by when this one is gone.
    await create(path, owned('garbage', [reference(owner, { name: 'never', uid: nobody })]));
    await eventually(async () => expect((await api.get(`${path}/garbage`)).status).toBe(404));
    expect((await api.get(`${path}/strange`)).body.metadata.ownerReferences).toEqual(strange);
  },
);

conformanceCase(
  {
    title: 'keeps an owner that is named twice once, with a warning',
    source: 'meta/v1 ObjectMeta.ownerReferences',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const owner = await create(path, configMap('owner'));
    const { body, headers } = await api.create(path, owned('child', [reference(owner), reference(owner)]));
    expect(body.metadata.ownerReferences).toEqual([reference(owner)]);
    expect(String(headers.warning)).toContain(`duplicate UID(s) observed: ${owner.metadata.uid}`);
  },
);

conformanceCase(
  {
    title: 'answers the deletion of a collection with what it found',
    source: 'meta/v1 deletecollection; reference/using-api/api-concepts',
  },
  async ({ api, namespace, create, defer }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    defer(() => api.patch('merge', `${path}/held`, { metadata: { finalizers: null } }));
    const labels = { go: 'yes' };
    await create(path, configMap('held', { metadata: { name: 'held', labels, finalizers: [hold] } }));
    await create(path, configMap('free', { metadata: { name: 'free', labels } }));
    await create(path, configMap('other'));
    const { body } = succeeded(await api.delete(path, {}, { labelSelector: 'go=yes' }));
    expect(body.kind).toBe('ConfigMapList');
    expect(body.items.map(({ metadata }: Json) => [metadata.name, metadata.deletionTimestamp])).toEqual([
      ['free', undefined],
      ['held', undefined],
    ]);
    expect((await api.get(`${path}/held`)).body.metadata.deletionTimestamp).toBeDefined();
    expect((await api.get(`${path}/free`)).status).toBe(404);
    expect((await api.get(`${path}/other`)).status).toBe(200);
  },
);

conformanceCase(
  {
    title: 'empties a namespace of its pods before it touches anything else',
    source: 'KEP-5080: ordered namespace deletion',
  },
  async ({ api, namespace, create, defer }) => {
    const name = await namespace();
    const path = `/api/v1/namespaces/${name}`;
    defer(() => api.patch('merge', `${path}/pods/held`, { metadata: { finalizers: null } }));
    await create(`${path}/pods`, pod('held', { metadata: { name: 'held', finalizers: [hold] } }));
    await create(`${path}/configmaps`, configMap('later'));
    succeeded(await api.delete(path));
    await eventually(async () => {
      expect((await api.get(`${path}/pods/held`)).body.metadata.deletionTimestamp).toBeDefined();
      expect((await api.get(path)).body.status.conditions.length).toBe(5);
    });
    expect((await api.get(`${path}/configmaps/later`)).body.metadata.deletionTimestamp).toBeUndefined();
    succeeded(await api.patch('merge', `${path}/pods/held`, { metadata: { finalizers: null } }));
  },
);

conformanceCase(
  {
    title: 'says what still holds a namespace that is to go',
    source: 'core/v1 NamespaceStatus.conditions; tasks/administer-cluster/namespaces: deletion',
  },
  async ({ api, namespace, create, defer }) => {
    const name = await namespace();
    const path = `/api/v1/namespaces/${name}`;
    defer(() => api.patch('merge', `${path}/configmaps/held`, { metadata: { finalizers: null } }));
    await create(`${path}/configmaps`, configMap('held', { metadata: { name: 'held', finalizers: [hold] } }));
    succeeded(await api.delete(path));
    await eventually(async () => {
      const { status } = (await api.get(path)).body;
      expect(status.phase).toBe('Terminating');
      expect(
        status.conditions.map(({ type, status: is, reason, message }: Json) => [type, is, reason, message]),
      ).toEqual([
        ['NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'],
        [
          'NamespaceDeletionGroupVersionParsingFailure',
          'False',
          'ParsedGroupVersions',
          'All legacy kube types successfully parsed',
        ],
        [
          'NamespaceDeletionContentFailure',
          'False',
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        ],
        [
          'NamespaceContentRemaining',
          'True',
          'SomeResourcesRemain',
          'Some resources are remaining: configmaps. has 1 resource instances',
        ],
        [
          'NamespaceFinalizersRemaining',
          'True',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${hold} in 1 resource instances`,
        ],
      ]);
    });
    succeeded(await api.patch('merge', `${path}/configmaps/held`, { metadata: { finalizers: null } }));
  },
);

conformanceCase(
  {
    title: 'keeps a namespace until all its own finalizers are taken away through finalize',
    source: 'core/v1 NamespaceSpec.finalizers; tasks/administer-cluster/namespaces',
  },
  async ({ api, name, create, defer }) => {
    const namespace = name('mine');
    const path = `/api/v1/namespaces/${namespace}`;
    const finalize = async (finalizers: string[]) => {
      const { body } = await api.get(path);
      return api.update(`${path}/finalize`, { ...body, spec: { finalizers } });
    };
    const made = await create('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
      spec: { finalizers: ['example.com/mine'] },
    });
    defer(() => finalize([]));
    expect(made.spec.finalizers).toEqual(['example.com/mine', 'kubernetes']);
    const { body: patched } = await api.patch('merge', path, { spec: { finalizers: ['example.com/other'] } });
    expect(patched.spec.finalizers).toEqual(made.spec.finalizers);
    succeeded(await api.delete(path));
    await eventually(async () => expect((await api.get(path)).body.spec.finalizers).toEqual(['example.com/mine']));
    const refused = await finalize(['no such name']);
    expect(refused.status).toBe(422);
    expect(refused.body.details.causes.map(({ field }: Json) => field)).toEqual([
      'spec.finalizers[0]',
      'spec.finalizers[0]',
    ]);
    expect(succeeded(await finalize([])).body.spec).toEqual({});
    await eventually(async () => expect((await api.get(path)).status).toBe(404));
  },
);

conformanceCase(
  {
    title: 'puts back what every namespace has, as it was',
    source: 'concepts/security/service-accounts: default; controller: root CA certificate publisher',
  },
  async ({ api, namespace }) => {
    const path = `/api/v1/namespaces/${await namespace()}`;
    const map = `${path}/configmaps/kube-root-ca.crt`;
    let certificate: string | undefined;
    await eventually(async () => {
      certificate = succeeded(await api.get(map)).body.data['ca.crt'];
    });
    succeeded(await api.patch('merge', map, { data: { 'ca.crt': 'nonsense' } }));
    await eventually(async () => expect((await api.get(map)).body.data['ca.crt']).toBe(certificate));
    succeeded(await api.delete(map));
    await eventually(async () => expect((await api.get(map)).body.data?.['ca.crt']).toBe(certificate));
    const { metadata } = succeeded(await api.get(`${path}/serviceaccounts/default`)).body;
    succeeded(await api.delete(`${path}/serviceaccounts/default`));
    await eventually(async () => {
      const back = succeeded(await api.get(`${path}/serviceaccounts/default`)).body.metadata;
      expect(back.uid).not.toBe(metadata.uid);
    });
  },
);
