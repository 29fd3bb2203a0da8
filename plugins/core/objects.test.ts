import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ada, bea, type Core, dan, startCore } from './testing/start-core.ts';

let core: Core;
beforeAll(async () => {
  core = await startCore();
  const { data } = await core.run(
    ada,
    'mutation ($manifest: String!) { applyManifest(input: {cluster: "dev", manifest: $manifest}) { __typename ... on Error { message } ... on ApplyManifestSuccess { documents { error { message } } } } }',
    { manifest: world },
  );
  expect(data.applyManifest).toEqual({ __typename: 'ApplyManifestSuccess', documents: Array(5).fill({ error: null }) });
});
afterAll(() => core[Symbol.asyncDispose]());

const world = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: front}}
---
apiVersion: v1
kind: Namespace
metadata: {name: bank}
---
apiVersion: v1
kind: Secret
metadata: {name: keys, namespace: shop}
type: Opaque
stringData: {password: s3cret-value, binary: "x"}
---
apiVersion: v1
kind: Secret
metadata: {name: vault, namespace: bank}
stringData: {password: bank-value}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop, finalizers: [example.com/hold], annotations: {example.com/note: hi}}
data: {mode: "on"}
`;

const object = `object(cluster: "dev", apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "settings")`;

describe('object', () => {
  it('answers any kind with what every object has', async () => {
    const { data, errors } = await core.run(
      dan,
      `{ ${object} { __typename id cluster { name } apiVersion kind namespace name labels { key } annotations { key value }
        finalizers deletionRequestedAt conditions { type } owners { id } owned { totalCount } events { totalCount problems { code } }
        yaml json(pointer: "/metadata/annotations/example.com~1note") missing: json(pointer: "/data/nothing")
        apply: viewerCan(action: APPLY) exec: viewerCan(action: EXEC) } }`,
    );
    expect(errors).toEqual([]);
    expect(data.object).toMatchObject({
      __typename: 'GenericKubernetesObject',
      cluster: { name: 'dev' },
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'shop',
      name: 'settings',
      annotations: [{ key: 'example.com/note', value: 'hi' }],
      finalizers: ['example.com/hold'],
      deletionRequestedAt: null,
      owners: [],
      owned: { totalCount: 0 },
      events: { totalCount: 0, problems: [] },
      json: 'hi',
      missing: null,
      apply: true,
      exec: false,
    });
    expect(data.object?.yaml).toContain('mode: "on"');
  });

  it('answers a typed kind with its type', async () => {
    const { data } = await core.run(
      dan,
      '{ object(cluster: "dev", apiVersion: "v1", kind: "Namespace", name: "shop") { __typename ... on Namespace { phase } } }',
    );
    expect(data.object).toEqual({ __typename: 'Namespace', phase: 'ACTIVE' });
  });

  it.each([
    ['an object of another namespace', bea, object],
    ['an object that is not there', ada, object.replace('settings', 'nothing')],
    ['a cluster that is not there', ada, object.replace('dev', 'moon')],
    ['a kind that the caller may never read', dan, 'object(cluster: "dev", apiVersion: "v1", kind: "Node", name: "a")'],
    [
      'a namespaced kind without a namespace',
      ada,
      'object(cluster: "dev", apiVersion: "v1", kind: "ConfigMap", name: "settings")',
    ],
  ] as const)('answers null for %s', async (_name, as, field) => {
    expect(await core.run(as, `{ ${field} { id } }`)).toEqual({ data: { object: null }, errors: [] });
  });

  it('tells of a kind that the cluster does not serve', async () => {
    const { errors } = await core.run(
      ada,
      '{ object(cluster: "dev", apiVersion: "x.io/v1", kind: "Y", name: "a") { id } }',
    );
    expect(errors).toEqual(["object CAPABILITY_MISSING Cluster 'dev' serves no kind 'Y' of 'x.io/v1'"]);
  });

  it('refuses a bad pointer and leaves the other fields alone', async () => {
    const { data, errors } = await core.run(ada, `{ ${object} { name json(pointer: "data") } }`);
    expect(data.object).toEqual({ name: 'settings', json: null });
    expect(errors).toEqual([expect.stringMatching(/^object\.json BAD_USER_INPUT pointer must be/)]);
  });
});

describe('objects', () => {
  const objects = 'objects(cluster: "dev", apiVersion: "v1", kind: "ConfigMap"';

  it('lists what the caller may see, filtered and ordered', async () => {
    const { data, errors } = await core.run(
      dan,
      `{ ${objects}, filter: {name: {contains: "SETT"}}, orderBy: [{field: NAME}]) { totalCount nodes { name } } }`,
    );
    expect(errors).toEqual([]);
    expect(data.objects).toEqual({ totalCount: 1, nodes: [{ name: 'settings' }] });
  });

  it('lists what the caller may see (refused)', async () => {
    const { data } = await core.run(bea, `{ ${objects}) { totalCount problems { code } } }`);
    expect(data.objects).toEqual({ totalCount: 0, problems: [] });
  });
});

describe('node and nodes', () => {
  it('find objects by id, for who may see them', async () => {
    const { data } = await core.run(dan, `{ ${object} { id } namespace(cluster: "dev", name: "shop") { id } }`);
    const ids = [data.object?.id, 'nonsense', data.namespace?.id];
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }';
    expect((await core.run(dan, query, { ids })).data.nodes).toEqual([
      { __typename: 'GenericKubernetesObject' },
      null,
      { __typename: 'Namespace' },
    ]);
    expect((await core.run(bea, query, { ids })).data.nodes).toEqual([null, null, null]);
  });

  it('refuses more than a hundred ids', async () => {
    const { errors } = await core.run(ada, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }, () => 'x'),
    });
    expect(errors).toEqual(['nodes BAD_USER_INPUT ids may have 100 entries at the most, got 101']);
  });
});

describe('Secret', () => {
  const secret = (fields: string, where = 'namespace: "shop", name: "keys"') =>
    `{ secret(cluster: "dev", ${where}) { ${fields} } }`;

  it('shows keys with lengths and opens one value to who may read it', async () => {
    const { data, errors } = await core.run(
      dan,
      secret(
        'type keys { name bytes } value(key: "password") base64: value(key: "binary", encoding: BASE64) none: value(key: "x")',
      ),
    );
    expect(errors).toEqual([]);
    expect(data.secret).toEqual({
      type: 'OPAQUE',
      keys: [
        { name: 'binary', bytes: 1 },
        { name: 'password', bytes: 12 },
      ],
      value: 's3cret-value',
      base64: 'eA==',
      none: null,
    });
  });

  it('masks values everywhere else', async () => {
    const { data } = await core.run(ada, secret('yaml json pointer: json(pointer: "/data/password")'));
    expect(JSON.stringify(data)).not.toMatch(/s3cret-value|czNjcmV0LXZhbHVl/);
    expect(data.secret?.pointer).toBe('********');
  });

  it('is not there for who works elsewhere', async () => {
    expect((await core.run(dan, secret('name', 'namespace: "bank", name: "vault"'))).data.secret).toBeNull();
    const { data } = await core.run(dan, '{ secrets { nodes { namespace } } }');
    expect(data.secrets).toEqual({ nodes: [{ namespace: 'shop' }] });
  });

  it('keeps keys to the cluster from developers', async () => {
    const manifest = `{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "release", "namespace": "shop"}, "type": "helm.sh/release.v1", "stringData": {"release": "x"}}`;
    await core.run(
      ada,
      `mutation ($m: String!) { applyManifest(input: {cluster: "dev", manifest: $m}) { __typename } }`,
      { m: manifest },
    );
    const { data, errors } = await core.run(
      dan,
      secret('type value(key: "release")', 'namespace: "shop", name: "release"'),
    );
    expect(data.secret).toEqual({ type: 'HELM_RELEASE', value: null });
    expect(errors).toEqual(["secret.value FORBIDDEN You may not read values of Secret 'shop/release'"]);
  });

  it('opens fifty values in one request at the most', async () => {
    const fields = Array.from({ length: 51 }, (_, index) => `v${index}: value(key: "x")`).join(' ');
    const { errors } = await core.run(ada, secret(fields));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/TOO_COMPLEX/);
  });
});

describe('clusters, viewer and plugins', () => {
  it('tell who one is and what is there', async () => {
    const { data, errors } = await core.run(
      dan,
      '{ viewer { id name kind roles groups namespaces { cluster namespace } } clusters { nodes { name state version problem isEmbedded capabilities { name } } } cluster(name: "moon") { name } plugins { nodes { name version state reason warnings } } }',
    );
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      viewer: { id: 'dev:dan', kind: 'USER', roles: ['DEVELOPER'], namespaces: [{ cluster: '*', namespace: 'shop' }] },
      clusters: { nodes: [{ name: 'dev', state: 'READY', problem: null, isEmbedded: true }] },
      cluster: null,
      plugins: { nodes: [{ name: 'core', version: '0.1.0', state: 'ENABLED', reason: null, warnings: null }] },
    });
  });

  it('show a plugin’s warnings to administrators', async () => {
    const { data } = await core.run(ada, '{ plugins { nodes { warnings } } }');
    expect(data.plugins).toEqual({ nodes: [{ warnings: ['odd'] }] });
  });

  it('show a developer its own namespaces only', async () => {
    const { data } = await core.run(
      dan,
      '{ namespaces { nodes { name labels { key value } } } namespace(cluster: "dev", name: "bank") { name } }',
    );
    expect(data).toMatchObject({ namespaces: { nodes: [{ name: 'shop' }] }, namespace: null });
  });
});
