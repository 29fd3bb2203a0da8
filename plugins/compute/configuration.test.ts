import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
});
afterAll(() => gateway?.stop());

const developer = { token: 'dev-developer' };
type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };

const errors = `... on Error { code message } ... on ValidationError { issues { path code line } }
  ... on InUseError { references { ... on KubernetesObject { kind name } } }
  ... on PreconditionError { reason unacknowledged { code } }`;

async function call(name: string, input: object, fields: string, as = developer): Promise<Answer> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errors} } }`;
  const { data, errors: failures } = await gateway.query<Record<string, Answer>>(source, { input }, as);
  expect(failures).toBeUndefined();
  return data?.[name] as Answer;
}

const place = { cluster: 'embedded', namespace: 'shop' };

describe('ConfigMaps on a cluster', () => {
  it('are made, read, changed key by key and deleted by a developer (CMP-89, CMP-91, CMP-92)', async () => {
    const data = [
      { key: 'mode', text: 'fast' },
      { key: 'logo', base64: '/9j/' },
    ];
    const made = await call(
      'createConfigMap',
      { ...place, name: 'form', description: 'For a test', data },
      'configMap { id }',
    );
    const { id } = made.configMap as { id: string };
    const read = `{ node(id: "${id}") { ... on ConfigMap { description data { key value } keys { key byteLength isBinary } } } }`;
    expect((await gateway.query(read, {}, developer)).data).toEqual({
      node: {
        description: 'For a test',
        data: [{ key: 'mode', value: 'fast' }],
        keys: [
          { key: 'logo', byteLength: 3, isBinary: true },
          { key: 'mode', byteLength: 4, isBinary: false },
        ],
      },
    });
    expect(await call('createConfigMap', { ...place, name: 'form' }, 'configMap { id }')).toMatchObject({
      code: 'CONFLICT',
    });
    const changed = await call(
      'updateConfigMap',
      { id, set: [{ key: 'logo', text: 'none' }], remove: ['mode'] },
      'configMap { data { key value } binaryKeys }',
    );
    expect(changed.configMap).toEqual({ data: [{ key: 'logo', value: 'none' }], binaryKeys: [] });
    expect(await call('updateConfigMap', { id, set: data, resourceVersion: '1' }, 'operation { id }')).toMatchObject({
      code: 'CONFLICT',
    });
    expect(await call('deleteConfigMap', { id }, 'id configMap { id }')).toMatchObject({ id, configMap: null });
  });

  it('keep keys that are used, whichever way they would go (CMP-92)', async () => {
    const data = ['used', 'idle'].map((key) => ({ key, text: key }));
    const manifest = (value: object) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kept', namespace: 'shop' },
        data: value,
      });
    await call(
      'applyManifest',
      { cluster: 'embedded', manifest: manifest({ used: 'used', idle: 'idle' }) },
      'operation { id }',
    );
    const { data: found } = await gateway.query<{ configMap: { id: string; resourceVersion: string } }>(
      '{ configMap(cluster: "embedded", namespace: "shop", name: "kept") { id resourceVersion } }',
      {},
      developer,
    );
    const { id, resourceVersion } = found?.configMap ?? { id: '', resourceVersion: '' };
    const { store } = gateway.cluster;
    const env = [{ name: 'USED', valueFrom: { configMapKeyRef: { name: 'kept', key: 'used' } } }];
    const template = {
      metadata: { labels: { app: 'keeper' } },
      spec: { containers: [{ name: 'web', image: 'registry.local/web:v1', env }] },
    };
    store.create(store.resource('apps', 'deployments'), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'keeper', namespace: 'shop' },
      spec: { replicas: 0, selector: { matchLabels: { app: 'keeper' } }, template },
    });
    const refusal = { __typename: 'InUseError', references: [{ kind: 'Deployment', name: 'keeper' }] };
    const only = (key: string) => manifest({ [key]: key });
    await expect.poll(() => call('deleteConfigMap', { id }, 'id')).toMatchObject(refusal);
    expect(await call('deleteObject', { id }, 'id')).toMatchObject(refusal);
    expect(
      await call('updateManifest', { id, resourceVersion, manifest: only('idle') }, 'operation { id }'),
    ).toMatchObject(refusal);
    for (const dryRun of [true, false]) {
      expect(
        await call('applyManifest', { cluster: 'embedded', manifest: only('idle'), dryRun }, 'operation { id }'),
      ).toMatchObject(refusal);
    }
    const applied = await call(
      'applyManifest',
      { cluster: 'embedded', manifest: only('used') },
      'documents { action changes { path } }',
    );
    expect(applied).toMatchObject({ documents: [{ action: 'CONFIGURED', changes: [{ path: '/data/idle' }] }] });
    expect(data).toHaveLength(2);
  });
});
