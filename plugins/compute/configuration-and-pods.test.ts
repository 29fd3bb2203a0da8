import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificates } from '../../src/embedded/certificates/create-certificates.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
});
afterAll(() => gateway?.stop());

const developer = { token: 'dev-developer' };
type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };

const errors = `... on Error { code message } ... on ValidationError { issues { path code line message } }
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

  it('keep keys that are used, whichever way they would go, and tell of values that are used (CMP-91, CMP-92)', async () => {
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
    // The gateway knows of its user before it is asked to delete: it would do so.
    await expect
      .poll(async () => {
        const users = `{ node(id: "${id}") { ... on ConfigMap { usedBy { key } } } }`;
        return (await gateway.query(users, {}, developer)).data;
      })
      .toEqual({ node: { usedBy: [{ key: 'used' }] } });
    expect(await call('deleteConfigMap', { id }, 'id')).toMatchObject(refusal);
    expect(await call('deleteObject', { id }, 'id')).toMatchObject(refusal);
    expect(
      await call('updateManifest', { id, resourceVersion, manifest: only('idle') }, 'operation { id }'),
    ).toMatchObject(refusal);
    for (const dryRun of [true, false]) {
      expect(
        await call('applyManifest', { cluster: 'embedded', manifest: only('idle'), dryRun }, 'operation { id }'),
      ).toMatchObject(refusal);
    }
    const dryRun = { cluster: 'embedded', manifest: manifest({ used: 'anew', idle: 'idle' }), dryRun: true };
    expect(await call('applyManifest', dryRun, 'warnings')).toMatchObject({
      warnings: [expect.stringContaining("In use by Deployment 'keeper'")],
    });
    const applied = await call(
      'applyManifest',
      { cluster: 'embedded', manifest: only('used') },
      'documents { action changes { path } }',
    );
    expect(applied).toMatchObject({ documents: [{ action: 'CONFIGURED', changes: [{ path: '/data/idle' }] }] });
    expect(data).toHaveLength(2);
  });
});

describe('ConfigMaps and Secrets on a cluster', () => {
  it.each([
    ['ConfigMap', { data: [{ key: 'kept', text: '' }] }],
    ['Secret', { content: { opaque: [] } }],
  ])('tell when a %s was written last, also where keys were only taken away (CMP-95)', async (type, content) => {
    const field = type === 'Secret' ? 'secret' : 'configMap';
    const fields = `${field} { id createdAt updatedAt }`;
    const write = async (name: string, input: object) => {
      const answer = await call(`${name}${type}`, input, fields);
      return answer[field] as { id: string; createdAt: string; updatedAt: string };
    };
    const { id, createdAt, updatedAt } = await write('create', { ...place, name: 'dated', ...content });
    expect(updatedAt).toBe(createdAt);
    // Clusters tell times in seconds, of which this one has forty in one.
    const set = [{ key: 'a', text: 'b' }];
    await expect
      .poll(async () => {
        const before = await write('update', { id, set });
        const after = await write('update', { id, remove: ['a'] });
        return before.updatedAt > createdAt && after.updatedAt > before.updatedAt;
      })
      .toBe(true);
    const list = `{ ${field}s(filter: { cluster: "embedded" }, orderBy: [{ field: UPDATED_AT, direction: DESC }]) { nodes { updatedAt } } }`;
    const { data } = await gateway.query<Record<string, { nodes: { updatedAt: string }[] }>>(list, {}, developer);
    const times = (data?.[`${field}s`]?.nodes ?? []).map((row) => row.updatedAt);
    expect(times.length).toBeGreaterThan(1);
    expect(times).toEqual([...times].sort().reverse());
    await call(`delete${type}`, { id }, 'id');
  });
});

describe('The largest ConfigMaps and Secrets that a cluster keeps', () => {
  const most = Buffer.alloc(1_048_576, 0xff);
  const sizes: Readonly<Record<string, string>> = { ConfigMap: 'key byteLength', Secret: 'name bytes' };

  it.each([
    ['ConfigMap', (data: object[]) => ({ data }), ['data']],
    ['Secret', (opaque: object[]) => ({ content: { opaque } }), ['content', 'opaque']],
  ])('are made of 1 MiB of a file, and of not a byte more: %s (CMP-89, CMP-101)', async (type, inputOf, path) => {
    const field = type === 'Secret' ? 'secret' : 'configMap';
    const values = (bytes: Buffer) => inputOf([{ key: 'file', base64: bytes.toString('base64') }]);
    const create = (bytes: Buffer) =>
      call(`create${type}`, { ...place, name: 'large', ...values(bytes) }, `${field} { id keys { ${sizes[type]} } }`);
    const { [field]: made } = await create(most);
    const { id, keys } = made as { id: string; keys: object[] };
    expect(keys.flatMap((key) => Object.values(key))).toEqual(['file', 1_048_576]);
    const more = { path, code: 'too_big', message: expect.stringContaining('got 1048577') };
    const refused = { __typename: 'ValidationError', issues: [more] };
    expect(await create(Buffer.concat([most, most.subarray(0, 1)]))).toMatchObject(refused);
    const added = await call(`update${type}`, { id, set: [{ key: 'b', text: 'b' }] }, `${field} { id }`);
    expect(added).toMatchObject({ issues: [{ code: 'too_big' }] });
    await call(`delete${type}`, { id }, 'id');
  });
});

describe('Secrets on a cluster', () => {
  const { serverCertificate, serverKey } = createCertificates(Date.UTC(2026, 0, 1));

  it('are made with a certificate, told by it, and replaced without a value being shown (CMP-97, CMP-98)', async () => {
    const tls = { certificate: serverCertificate, privateKey: serverKey };
    const made = await call(
      'createSecret',
      { ...place, name: 'site', content: { tls } },
      'secret { id type certificate { names notAfter } json } changes { path after }',
    );
    expect(made).toMatchObject({
      secret: {
        type: 'TLS',
        certificate: { notAfter: '2027-01-01T00:00:00.000Z', names: expect.arrayContaining(['localhost']) },
      },
    });
    expect(JSON.stringify(made)).not.toContain(Buffer.from(serverKey).toString('base64').slice(40, 80));
    const { id } = made.secret as { id: string };
    const list =
      '{ secrets(filter: { certificateExpiresBefore: "2027-02-01T00:00:00Z", types: [TLS] }) { nodes { name } } }';
    expect((await gateway.query(list, {}, developer)).data).toEqual({ secrets: { nodes: [{ name: 'site' }] } });
    const changed = await call('updateSecret', { id, tls }, 'changes { path } secret { keys { name bytes } }');
    expect(changed).toMatchObject({
      changes: [{ path: '/data/tls.crt/isReplaced' }, { path: '/data/tls.key/isReplaced' }],
      secret: {
        keys: [
          { name: 'tls.crt', bytes: serverCertificate.length },
          { name: 'tls.key', bytes: serverKey.length },
        ],
      },
    });
    const wrong = { ...tls, privateKey: createCertificates(0).serverKey };
    expect(await call('updateSecret', { id, tls: wrong }, 'operation { id }')).toMatchObject({
      issues: [{ path: ['tls', 'privateKey'], code: 'key_mismatch' }],
    });
    expect(
      await call('createSecret', { ...place, name: 'site', content: { opaque: [] } }, 'secret { id }'),
    ).toMatchObject({
      code: 'CONFLICT',
      message: "There is a Secret 'site' in namespace 'shop' already",
    });
    expect(await call('deleteSecret', { id }, 'id secret { id }')).toMatchObject({ id, secret: null });
  });

  it('that a kubelet could not use are refused by the cluster without a word of their values (CMP-98, P23)', async () => {
    const content = { opaque: [{ key: 'password', text: 'canary' }] };
    const made = await call(
      'createSecret',
      { ...place, name: 'plain', content, isImmutable: true },
      'secret { id isImmutable }',
    );
    const { id } = made.secret as { id: string };
    expect(
      await call('updateSecret', { id, set: [{ key: 'password', text: 'other' }] }, 'operation { id }'),
    ).toMatchObject({
      reason: 'IMMUTABLE',
    });
  });
});

describe('Pods on a cluster', () => {
  interface Row {
    readonly id: string;
    readonly name: string;
    readonly usage: { readonly cpuMillicores: number; readonly memoryBytes: number } | null;
  }
  async function pods(contains: string): Promise<readonly Row[]> {
    const { data, errors: failures } = await gateway.query<{ pods: { nodes: Row[] } }>(
      `{ pods(filter: { namespaces: ["shop"], name: { contains: "${contains}" }, ready: true }) { nodes { id name usage { cpuMillicores memoryBytes } } } }`,
      {},
      developer,
    );
    expect(failures).toBeUndefined();
    return data?.pods.nodes ?? [];
  }

  it('tell what they use, all rows of a list by one request to the cluster (CMP-83)', async () => {
    await expect
      .poll(async () => (await pods('vote-front')).filter(({ usage }) => usage !== null).length, { timeout: 20_000 })
      .toBe(3);
    const isMetrics = ({ group }: { readonly group: string }) => group === 'metrics.k8s.io';
    const before = gateway.cluster.requests.count(isMetrics);
    for (const { usage } of await pods('vote-front')) {
      expect(usage?.cpuMillicores).toBeGreaterThan(0);
      expect(usage?.memoryBytes).toBeGreaterThan(1_000_000);
    }
    expect(gateway.cluster.requests.count(isMetrics) - before).toBe(1);
  });

  it('are evicted as far as a PodDisruptionBudget lets them go, which is named (CMP-87)', async () => {
    const { store } = gateway.cluster;
    const labels = { app: 'guarded' };
    store.create(store.resource('apps', 'deployments'), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'guarded', namespace: 'shop' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'registry.local/web:v1' }] } },
      },
    });
    const budgets = store.resource('policy', 'poddisruptionbudgets');
    store.create(budgets, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'guard', namespace: 'shop' },
      spec: { minAvailable: 2, selector: { matchLabels: labels } },
    });
    const status = () => store.get(budgets, 'shop', 'guard')?.status as { currentHealthy?: number } | undefined;
    await expect.poll(() => status()?.currentHealthy, { timeout: 20_000 }).toBe(2);
    await expect.poll(async () => (await pods('guarded')).length).toBe(2);
    const ids = (await pods('guarded')).map(({ id }) => id);
    const evict = async () => {
      const evicted = await call('evictPods', { ids }, 'results { ok error { code message } }');
      return evicted.results as { ok: boolean; error: { code: string; message: string } | null }[];
    };
    for (const { error } of await evict()) {
      expect(error).toMatchObject({
        code: 'PRECONDITION_FAILED',
        message: expect.stringMatching(/disruption budget guard needs 2 healthy pods and has 2 currently/),
      });
    }
    store.delete(budgets, 'shop', 'guard');
    expect((await evict()).map(({ ok }) => ok)).toEqual([true, true]);
  });

  it('are forgotten at once by force, and made anew by their controller (CMP-87)', async () => {
    const [row] = await pods('vote-back');
    if (!row) throw new Error('The sample has no pod vote-back');
    expect(await call('deletePod', { id: row.id, force: true }, 'id')).toMatchObject({
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
    });
    expect(
      await call('deletePod', { id: row.id, force: true, acknowledge: ['FORCED'] }, 'id pod { name }'),
    ).toMatchObject({ id: row.id, pod: null });
    await expect
      .poll(async () => (await pods('vote-back')).some(({ name }) => name !== row.name), { timeout: 20_000 })
      .toBe(true);
  });
});
