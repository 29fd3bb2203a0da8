import { expect } from 'vitest';
import type { CaseContext } from './support/case-context.ts';
import { type Answer, succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import type { Json } from './support/json.ts';
import { serveDefinition } from './support/serve-definition.ts';

const { conformanceCase } = conformanceArea('server-side apply');

const configMap = (name: string, data: Json, metadata: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

const web = (spec: Json): Json => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec });

const wholeWeb = (containers: Json[]): Json =>
  web({
    replicas: 0,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
  });

const pause = 'registry.k8s.io/pause:3.10';

/** Applies as a manager; any answer. */
function applier(t: CaseContext, path: string): (manager: string, object: Json, query?: Json) => Promise<Answer> {
  return (fieldManager, object, query = {}) => t.api.patch('apply', path, object, { fieldManager, ...query });
}

const managersOf = (object: Json): string[] =>
  object.metadata.managedFields
    .map(({ manager, operation, subresource }: Json) => [manager, operation, subresource].filter(Boolean).join(' '))
    .sort();

conformanceCase(
  {
    title: 'applies an object that is not there by making it (201), and again without a change (200)',
    source:
      'reference/using-api/server-side-apply; e2e: [sig-api-machinery] ServerSideApply should create an applied object if it does not already exist',
  },
  async (t) => {
    const apply = applier(t, `/api/v1/namespaces/${await t.namespace()}/configmaps/a`);
    const made = await apply('one', configMap('a', { x: '1' }));
    expect(made.status).toBe(201);
    expect(managersOf(made.body)).toEqual(['one Apply']);
    expect(made.body.metadata.managedFields[0]).toMatchObject({
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:x': {} } },
    });
    const again = await apply('one', configMap('a', { x: '1' }));
    expect(again.status).toBe(200);
    expect(again.body.metadata.resourceVersion).toBe(made.body.metadata.resourceVersion);
  },
);

conformanceCase(
  {
    title: 'refuses a manager that sets another manager’s field otherwise, and names manager and field',
    source: 'server-side apply: conflicts',
  },
  async (t) => {
    const apply = applier(t, `/api/v1/namespaces/${await t.namespace()}/configmaps/a`);
    succeeded(await apply('one', configMap('a', { x: '1', y: '1' })));
    const { status, body } = await apply('two', configMap('a', { x: '2', y: '2' }));
    expect(status).toBe(409);
    expect(body).toMatchObject({ kind: 'Status', reason: 'Conflict', code: 409 });
    expect(body.message).toBe('Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\n- .data.y');
    expect(body.details.causes).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.x' },
      { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.y' },
    ]);
  },
);

conformanceCase(
  {
    title: 'gives a field to the manager that forces',
    source: 'server-side apply: conflicts, overwrite value, become sole manager',
  },
  async (t) => {
    const apply = applier(t, `/api/v1/namespaces/${await t.namespace()}/configmaps/a`);
    succeeded(await apply('one', configMap('a', { x: '1', y: '1' })));
    const { status, body } = await apply('two', configMap('a', { x: '2' }), { force: true });
    expect(status).toBe(200);
    expect(body.data).toEqual({ x: '2', y: '1' });
    const fields = Object.fromEntries(
      body.metadata.managedFields.map(({ manager, fieldsV1 }: Json) => [manager, Object.keys(fieldsV1['f:data'])]),
    );
    expect(fields).toEqual({ one: ['f:y'], two: ['f:x'] });
  },
);

conformanceCase(
  {
    title: 'lets two managers share a field on whose value they agree',
    source: 'server-side apply: conflicts, do not overwrite value, become shared manager',
  },
  async (t) => {
    const apply = applier(t, `/api/v1/namespaces/${await t.namespace()}/configmaps/a`);
    succeeded(await apply('one', configMap('a', { x: '1' })));
    const shared = succeeded(await apply('two', configMap('a', { x: '1' }))).body;
    expect(managersOf(shared)).toEqual(['one Apply', 'two Apply']);
    const left = succeeded(await apply('one', configMap('a', {}))).body;
    expect(left.data).toEqual({ x: '1' });
    const gone = succeeded(await apply('two', configMap('a', {}))).body;
    expect(gone.data?.x).toBeUndefined();
  },
);

conformanceCase(
  {
    title: 'takes away what a manager no longer applies and nobody else holds',
    source: 'server-side apply: field management, removed fields',
  },
  async (t) => {
    const apply = applier(t, `/api/v1/namespaces/${await t.namespace()}/configmaps/a`);
    succeeded(await apply('one', configMap('a', { x: '1', y: '1' }, { labels: { l: '1' }, annotations: { n: '1' } })));
    const { body } = await apply('one', configMap('a', { x: '1' }));
    expect(body.data).toEqual({ x: '1' });
    expect(body.metadata.labels).toBeUndefined();
    expect(body.metadata.annotations).toBeUndefined();
  },
);

conformanceCase(
  {
    title: 'lets an updater take a field from an applier without asking',
    source: 'server-side apply: updates never conflict and take ownership',
  },
  async (t) => {
    const path = `/api/v1/namespaces/${await t.namespace()}/configmaps/a`;
    const apply = applier(t, path);
    succeeded(await apply('one', configMap('a', { x: '1' })));
    const { body } = await t.api.patch('merge', path, { data: { x: '2' } }, { fieldManager: 'editor' });
    expect(body.data).toEqual({ x: '2' });
    // The applier holds nothing any more, so that it is not mentioned.
    expect(managersOf(body)).toEqual(['editor Update']);
    expect((await apply('one', configMap('a', { x: '1' }))).status).toBe(409);
    expect((await apply('one', configMap('a', { x: '1' }), { force: true })).body.data).toEqual({ x: '1' });
  },
);

conformanceCase(
  {
    title: 'keeps the containers of two managers apart by name (list of type map)',
    source: 'server-side apply: merge strategy, listType=map; core/v1 PodSpec.containers',
  },
  async (t) => {
    const apply = applier(t, `/apis/apps/v1/namespaces/${await t.namespace()}/deployments/web`);
    succeeded(await apply('one', wholeWeb([{ name: 'main', image: pause, env: [{ name: 'A', value: '1' }] }])));
    const both = succeeded(
      await apply('two', web({ template: { spec: { containers: [{ name: 'side', image: pause }] } } })),
    ).body;
    expect(both.spec.template.spec.containers.map(({ name }: Json) => name)).toEqual(['main', 'side']);
    const env = succeeded(
      await apply(
        'two',
        web({ template: { spec: { containers: [{ name: 'main', env: [{ name: 'B', value: '2' }] }] } } }),
      ),
    ).body;
    expect(env.spec.template.spec.containers.map(({ name }: Json) => name)).toEqual(['main']);
    expect(env.spec.template.spec.containers[0].env).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]);
  },
);

conformanceCase(
  {
    title: 'knows container ports by port and protocol',
    source: 'server-side apply: listType=map with two keys; core/v1 Container.ports',
  },
  async (t) => {
    const apply = applier(t, `/apis/apps/v1/namespaces/${await t.namespace()}/deployments/web`);
    const port = (containerPort: number, more: Json = {}) => ({ containerPort, protocol: 'TCP', ...more });
    const main = (ports: Json[]) => [{ name: 'main', image: pause, ports }];
    succeeded(await apply('one', wholeWeb(main([port(80, { name: 'web' }), port(53)]))));
    const { body } = await apply(
      'two',
      web({
        template: {
          spec: { containers: [{ name: 'main', ports: [{ containerPort: 53, protocol: 'UDP', name: 'dns' }] }] },
        },
      }),
    );
    const ports = body.spec.template.spec.containers[0].ports;
    expect(ports).toHaveLength(3);
    expect(ports).toContainEqual({ containerPort: 53, protocol: 'UDP', name: 'dns' });
    const conflict = await apply(
      'two',
      web({
        template: {
          spec: { containers: [{ name: 'main', ports: [{ containerPort: 80, protocol: 'TCP', name: 'other' }] }] },
        },
      }),
    );
    expect(conflict.status).toBe(409);
    expect(conflict.body.details.causes[0].field).toBe(
      '.spec.template.spec.containers[name="main"].ports[containerPort=80,protocol="TCP"].name',
    );
  },
);

conformanceCase(
  {
    title: 'unites what two managers add to a set',
    source: 'server-side apply: merge strategy, listType=set; meta/v1 ObjectMeta.finalizers',
  },
  async (t) => {
    const path = `/api/v1/namespaces/${await t.namespace()}/configmaps/a`;
    const apply = applier(t, path);
    const bare = (metadata: Json): Json => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', ...metadata },
    });
    t.defer(() => t.api.patch('merge', path, { metadata: { finalizers: null } }));
    succeeded(await apply('one', bare({ finalizers: ['example.com/one'] })));
    const both = succeeded(await apply('two', bare({ finalizers: ['example.com/two'] }))).body;
    expect([...both.metadata.finalizers].sort()).toEqual(['example.com/one', 'example.com/two']);
    const left = succeeded(await apply('one', bare({}))).body;
    expect(left.metadata.finalizers).toEqual(['example.com/two']);
  },
);

conformanceCase(
  {
    title: 'takes an atomic map as one field',
    source: 'server-side apply: merge strategy, atomic; core/v1 ServiceSpec: selector',
  },
  async (t) => {
    const apply = applier(t, `/api/v1/namespaces/${await t.namespace()}/services/web`);
    const svc = (selector: Json) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector, ports: [{ port: 80, protocol: 'TCP' }] },
    });
    succeeded(await apply('one', svc({ app: 'web' })));
    const conflict = await apply('two', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { tier: 'front' } },
    });
    expect(conflict.status).toBe(409);
    expect(conflict.body.details.causes[0].field).toBe('.spec.selector');
    const forced = await apply(
      'two',
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { tier: 'front' } } },
      { force: true },
    );
    expect(forced.body.spec.selector).toEqual({ tier: 'front' });
  },
);

conformanceCase(
  {
    title: 'keeps who applied the status apart from who applied the rest',
    source: 'server-side apply: subresources; KEP-555 managedFields subresource',
  },
  async (t) => {
    const path = `/apis/apps/v1/namespaces/${await t.namespace()}/deployments/web`;
    succeeded(await applier(t, path)('one', wholeWeb([{ name: 'main', image: pause }])));
    const condition = {
      type: 'Mine',
      status: 'True',
      lastUpdateTime: '2026-01-01T00:00:00Z',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      reason: 'R',
      message: 'm',
    };
    const { status, body } = await applier(t, `${path}/status`)('one', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      status: { conditions: [condition] },
    });
    expect(status).toBe(200);
    expect(managersOf(body)).toEqual(expect.arrayContaining(['one Apply', 'one Apply status']));
    expect(body.status.conditions).toContainEqual(condition);
  },
);

conformanceCase(
  {
    title: 'lets another manager hold the replicas that scale sets',
    source: 'server-side apply: transferring ownership, scale subresource',
  },
  async (t) => {
    const path = `/apis/apps/v1/namespaces/${await t.namespace()}/deployments/web`;
    const apply = applier(t, path);
    succeeded(await apply('one', wholeWeb([{ name: 'main', image: pause }])));
    const scaled = await t.api.patch(
      'merge',
      `${path}/scale`,
      { spec: { replicas: 0 }, metadata: {} },
      { fieldManager: 'scaler' },
    );
    expect(scaled.status).toBe(200);
    succeeded(await t.api.patch('merge', `${path}/scale`, { spec: { replicas: 1 } }, { fieldManager: 'scaler' }));
    const { body } = await t.api.get(path);
    expect(managersOf(body)).toEqual(expect.arrayContaining(['scaler Update scale']));
    const conflict = await apply('one', wholeWeb([{ name: 'main', image: pause }]));
    expect(conflict.status).toBe(409);
    expect(conflict.body.details.causes[0].field).toBe('.spec.replicas');
    const { replicas: _given, ...rest } = wholeWeb([{ name: 'main', image: pause }]).spec;
    expect((await apply('one', web(rest))).body.spec.replicas).toBe(1);
  },
);

conformanceCase(
  { title: 'wants a field manager to apply', source: 'meta/v1 PatchOptions.fieldManager: required for apply requests' },
  async (t) => {
    const ns = await t.namespace();
    const { status, body } = await t.api.patch('apply', `/api/v1/namespaces/${ns}/configmaps/a`, configMap('a', {}));
    expect(status).toBe(422);
    expect(body).toMatchObject({
      reason: 'Invalid',
      details: { causes: [{ reason: 'FieldValueRequired', field: 'fieldManager' }] },
    });
    expect(body.message).toContain('is required for apply patch');
  },
);

conformanceCase(
  {
    title: 'refuses managedFields in what is applied, and force in other patches',
    source: 'server-side apply: managedFields must be nil; meta/v1 PatchOptions.force',
  },
  async (t) => {
    const path = `/api/v1/namespaces/${await t.namespace()}/configmaps/a`;
    const made = succeeded(await applier(t, path)('one', configMap('a', { x: '1' }))).body;
    const given = await applier(t, path)(
      'one',
      configMap('a', { x: '1' }, { managedFields: made.metadata.managedFields }),
    );
    expect(given.status).toBe(400);
    expect(given.body.message).toContain('metadata.managedFields must be nil');
    const forced = await t.api.patch('merge', path, { data: { x: '2' } }, { force: true });
    expect(forced.status).toBe(422);
    expect(forced.body.details.causes[0]).toMatchObject({
      field: 'force',
      message: 'Forbidden: may not be specified for non-apply patch',
    });
  },
);

conformanceCase(
  { title: 'tries an apply without keeping anything (dryRun=All)', source: 'API concepts: dry-run; server-side apply' },
  async (t) => {
    const path = `/api/v1/namespaces/${await t.namespace()}/configmaps/a`;
    const { status, body } = await applier(t, path)('one', configMap('a', { x: '1' }), { dryRun: 'All' });
    expect(status).toBe(201);
    expect(managersOf(body)).toEqual(['one Apply']);
    expect((await t.api.get(path)).status).toBe(404);
  },
);

conformanceCase(
  {
    title: 'merges custom resources by the list types of their schema',
    source:
      'CRD: x-kubernetes-list-type, x-kubernetes-list-map-keys, x-kubernetes-map-type; server-side apply: custom resources',
  },
  async (t) => {
    const ns = await t.namespace();
    const racks = await serveDefinition(t, 'Rack', {
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  properties: {
                    slots: {
                      type: 'array',
                      'x-kubernetes-list-type': 'map',
                      'x-kubernetes-list-map-keys': ['id'],
                      items: {
                        type: 'object',
                        required: ['id'],
                        properties: { id: { type: 'string' }, unit: { type: 'string' } },
                      },
                    },
                    tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
                    order: { type: 'array', items: { type: 'string' } },
                    whole: {
                      type: 'object',
                      'x-kubernetes-map-type': 'atomic',
                      additionalProperties: { type: 'string' },
                    },
                  },
                },
              },
            },
          },
        },
      ],
    });
    const apply = applier(t, `${racks.path(ns)}/a`);
    const rack = (spec: Json) => ({ apiVersion: `${racks.group}/v1`, kind: 'Rack', metadata: { name: 'a' }, spec });
    succeeded(
      await apply('one', rack({ slots: [{ id: 'a', unit: 'x' }], tags: ['t1'], order: ['o1'], whole: { k: '1' } })),
    );
    const both = succeeded(await apply('two', rack({ slots: [{ id: 'b', unit: 'y' }], tags: ['t2'] }))).body;
    expect(both.spec).toEqual({
      slots: [
        { id: 'a', unit: 'x' },
        { id: 'b', unit: 'y' },
      ],
      tags: ['t1', 't2'],
      order: ['o1'],
      whole: { k: '1' },
    });
    const conflict = await apply(
      'two',
      rack({ slots: [{ id: 'a', unit: 'z' }], order: ['o2'], whole: { other: '2' } }),
    );
    expect(conflict.status).toBe(409);
    expect(conflict.body.details.causes.map(({ field }: Json) => field).sort()).toEqual([
      '.spec.order',
      '.spec.slots[id="a"].unit',
      '.spec.whole',
    ]);
    // What nobody applies any more goes.
    expect(succeeded(await apply('one', rack({ tags: ['t1'] }))).body.spec).toEqual({
      slots: [{ id: 'b', unit: 'y' }],
      tags: ['t1', 't2'],
    });
  },
);
