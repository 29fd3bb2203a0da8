import { expect } from 'vitest';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { configMap, deployment } from './support/objects.ts';

const { conformanceCase } = conformanceArea('deletion and owners');

const held = (name: string, finalizers = ['example.com/hold']): Json =>
  configMap(name, { metadata: { name, finalizers } });

const owned = (name: string, owner: Json, more: Json = {}): Json =>
  configMap(name, {
    metadata: {
      name,
      ownerReferences: [
        { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid, ...more },
      ],
    },
  });

conformanceCase(
  {
    title: 'answers a deletion with a Status that names what is gone',
    source: 'API concepts: resource deletion; meta/v1 Status.details',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const { metadata } = await create(path, configMap('a'));
    expect(await api.delete(`${path}/a`)).toMatchObject({
      status: 200,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', kind: 'configmaps', uid: metadata.uid },
      },
    });
    expect((await api.delete(`${path}/a`)).status).toBe(404);
  },
);

conformanceCase(
  {
    title: 'keeps what has finalizers until they are taken away',
    source: 'concepts/overview/working-with-objects/finalizers',
  },
  async ({ api, namespace, create, defer }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    defer(() => api.patch('merge', `${path}/a`, { metadata: { finalizers: null } }));
    const made = await create(path, held('a', ['example.com/one', 'example.com/two']));
    const first = await api.delete(`${path}/a`);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      kind: 'ConfigMap',
      metadata: { deletionTimestamp: expect.any(String), deletionGracePeriodSeconds: 0, uid: made.metadata.uid },
    });
    const again = await api.delete(`${path}/a`);
    expect(again.body.metadata.deletionTimestamp).toBe(first.body.metadata.deletionTimestamp);
    expect((await api.patch('merge', `${path}/a`, { metadata: { finalizers: ['example.com/two'] } })).status).toBe(200);
    expect((await api.get(`${path}/a`)).status).toBe(200);
    const last = await api.patch('merge', `${path}/a`, { metadata: { finalizers: [] } });
    expect(last).toMatchObject({ status: 200, body: { metadata: { name: 'a' } } });
    expect((await api.get(`${path}/a`)).status).toBe(404);
  },
);

conformanceCase(
  {
    title: 'takes no new finalizers once something is being deleted, but other changes',
    source: 'concepts/overview/working-with-objects/finalizers: no new finalizers after deletion is requested',
  },
  async ({ api, namespace, create, defer }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    defer(() => api.patch('merge', `${path}/a`, { metadata: { finalizers: null } }));
    await create(path, held('a'));
    await api.delete(`${path}/a`);
    const more = await api.patch('merge', `${path}/a`, {
      metadata: { finalizers: ['example.com/hold', 'example.com/more'] },
    });
    expect(more.status).toBe(422);
    expect(more.body.details.causes[0]).toMatchObject({
      reason: 'FieldValueForbidden',
      field: 'metadata.finalizers',
      message: expect.stringContaining('no new finalizers can be added if the object is being deleted'),
    });
    expect((await api.patch('merge', `${path}/a`, { data: { more: '1' } })).status).toBe(200);
    const back = await api.patch('merge', `${path}/a`, { metadata: { deletionTimestamp: null } });
    expect((await api.get(`${path}/a`)).body.metadata.deletionTimestamp).toBeDefined();
    expect([200, 422]).toContain(back.status);
  },
);

conformanceCase(
  {
    title: 'deletes only what the preconditions describe',
    source: 'meta/v1 DeleteOptions.preconditions: uid and resourceVersion',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const { metadata } = await create(path, configMap('a'));
    const wrongUid = await api.delete(`${path}/a`, { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } });
    expect(wrongUid).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
    expect(wrongUid.body.message).toContain(
      `the UID in the precondition (00000000-0000-0000-0000-000000000000) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
    const wrongVersion = await api.delete(`${path}/a`, { preconditions: { resourceVersion: '1' } });
    expect(wrongVersion).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
    expect(
      (
        await api.delete(`${path}/a`, {
          preconditions: { uid: metadata.uid, resourceVersion: metadata.resourceVersion },
        })
      ).status,
    ).toBe(200);
  },
);

conformanceCase(
  {
    title: 'deletes dependents after their owner (background)',
    source: 'concepts/architecture/garbage-collection: background cascading deletion',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const owner = await create(path, configMap('owner'));
    await create(path, owned('child', owner));
    expect((await api.delete(`${path}/owner`, { propagationPolicy: 'Background' })).status).toBe(200);
    expect((await api.get(`${path}/owner`)).status).toBe(404);
    await eventually(async () => expect((await api.get(`${path}/child`)).status).toBe(404));
  },
);

conformanceCase(
  {
    title: 'deletes blocking dependents before their owner (foreground)',
    source: 'concepts/architecture/garbage-collection: foreground cascading deletion',
  },
  async ({ api, namespace, create, defer }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    defer(() => api.patch('merge', `${path}/child`, { metadata: { finalizers: null } }));
    const owner = await create(path, configMap('owner'));
    const child = owned('child', owner, { blockOwnerDeletion: true });
    child.metadata.finalizers = ['example.com/hold'];
    await create(path, child);
    const { body } = await api.delete(`${path}/owner`, { propagationPolicy: 'Foreground' });
    expect(body.metadata).toMatchObject({ deletionTimestamp: expect.any(String), finalizers: ['foregroundDeletion'] });
    await eventually(async () =>
      expect((await api.get(`${path}/child`)).body.metadata.deletionTimestamp).toBeDefined(),
    );
    expect((await api.get(`${path}/owner`)).status).toBe(200);
    succeeded(await api.patch('merge', `${path}/child`, { metadata: { finalizers: null } }));
    await eventually(async () => expect((await api.get(`${path}/owner`)).status).toBe(404));
  },
);

conformanceCase(
  {
    title: 'sets dependents free where they are to be orphaned',
    source:
      'concepts/architecture/garbage-collection: orphaned dependents; e2e: [sig-api-machinery] Garbage collector should orphan RS created by deployment when deleteOptions.PropagationPolicy is Orphan',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const owner = await create(path, configMap('owner'));
    await create(path, owned('child', owner));
    succeeded(await api.delete(`${path}/owner`, { propagationPolicy: 'Orphan' }));
    await eventually(async () => expect((await api.get(`${path}/owner`)).status).toBe(404));
    expect((await api.get(`${path}/child`)).body.metadata.ownerReferences).toBeUndefined();
  },
);

conformanceCase(
  {
    title: 'keeps a dependent as long as one of its owners is there',
    source:
      'e2e: [sig-api-machinery] Garbage collector should not delete dependents that have both valid owner and owner that is waiting for dependents to be deleted',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const one = await create(path, configMap('one'));
    const two = await create(path, configMap('two'));
    const child = owned('child', one);
    child.metadata.ownerReferences.push(owned('child', two).metadata.ownerReferences[0]);
    await create(path, child);
    succeeded(await api.delete(`${path}/one`, { propagationPolicy: 'Background' }));
    await eventually(async () => {
      const { body } = await api.get(`${path}/child`);
      expect(body.metadata.ownerReferences.map(({ name }: Json) => name)).toEqual(['two']);
    });
    succeeded(await api.delete(`${path}/two`));
    await eventually(async () => expect((await api.get(`${path}/child`)).status).toBe(404));
  },
);

conformanceCase(
  {
    title: 'deletes what names an owner that is not there',
    source: 'concepts/architecture/garbage-collection: orphans whose owner is absent',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const absent = {
      ...configMap('absent'),
      metadata: { name: 'absent', uid: '00000000-0000-0000-0000-000000000001' },
    };
    await create(path, owned('child', absent));
    await eventually(async () => expect((await api.get(`${path}/child`)).status).toBe(404));
  },
);

conformanceCase(
  {
    title: 'deletes ReplicaSets and pods with their Deployment',
    source: 'e2e: [sig-api-machinery] Garbage collector should delete RS created by deployment when not orphaning',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    await create(`/apis/apps/v1/namespaces/${ns}/deployments`, deployment('web', { replicas: 2 }));
    const pods = `/api/v1/namespaces/${ns}/pods`;
    await eventually(async () => expect((await api.get(pods)).body.items).toHaveLength(2));
    succeeded(await api.delete(`/apis/apps/v1/namespaces/${ns}/deployments/web`, { propagationPolicy: 'Background' }));
    await eventually(async () => {
      expect((await api.get(`/apis/apps/v1/namespaces/${ns}/replicasets`)).body.items).toEqual([]);
      expect((await api.get(pods)).body.items).toEqual([]);
    });
  },
);

conformanceCase(
  {
    title: 'leaves the ReplicaSet and its pods where a Deployment is deleted with orphans',
    source:
      'e2e: [sig-api-machinery] Garbage collector should orphan RS created by deployment when deleteOptions.PropagationPolicy is Orphan',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const sets = `/apis/apps/v1/namespaces/${ns}/replicasets`;
    await create(`/apis/apps/v1/namespaces/${ns}/deployments`, deployment('web'));
    await eventually(async () => expect((await api.get(`/api/v1/namespaces/${ns}/pods`)).body.items).toHaveLength(1));
    succeeded(await api.delete(`/apis/apps/v1/namespaces/${ns}/deployments/web`, { propagationPolicy: 'Orphan' }));
    await eventually(async () =>
      expect((await api.get(`/apis/apps/v1/namespaces/${ns}/deployments/web`)).status).toBe(404),
    );
    const { items } = (await api.get(sets)).body;
    expect(items).toHaveLength(1);
    expect(items[0].metadata.ownerReferences).toBeUndefined();
    expect((await api.get(`/api/v1/namespaces/${ns}/pods`)).body.items[0].metadata.ownerReferences[0].kind).toBe(
      'ReplicaSet',
    );
  },
);

conformanceCase(
  { title: 'takes the options of a deletion from the query too', source: 'meta/v1 DeleteOptions as query parameters' },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const owner = await create(path, configMap('owner'));
    await create(path, owned('child', owner));
    succeeded(await api.delete(`${path}/owner`, undefined, { propagationPolicy: 'Orphan' }));
    await eventually(async () => expect((await api.get(`${path}/owner`)).status).toBe(404));
    expect((await api.get(`${path}/child`)).body.metadata.ownerReferences).toBeUndefined();
  },
);
