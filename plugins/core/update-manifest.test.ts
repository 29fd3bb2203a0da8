import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCluster } from './testing/call-cluster.ts';
import { ada, bea, type Core, dan, startCore } from './testing/start-core.ts';

let core: Core;
beforeAll(async () => {
  core = await startCore();
  for (const name of ['shop', 'bank'])
    await core.run(ada, `mutation { createNamespace(input: {cluster: "dev", name: "${name}"}) { __typename } }`);
});
afterAll(() => core[Symbol.asyncDispose]());

interface Read {
  readonly id: string;
  readonly yaml: string;
  readonly resourceVersion: string;
}

const query = (name: string, kind = 'ConfigMap', apiVersion = 'v1') =>
  `{ object(cluster: "dev", apiVersion: "${apiVersion}", kind: "${kind}", namespace: "shop", name: "${name}") { id yaml resourceVersion } }`;

async function read(name: string, kind?: string, apiVersion?: string): Promise<Read> {
  const { data, errors } = await core.run(ada, query(name, kind, apiVersion));
  expect(errors).toEqual([]);
  return data.object as unknown as Read;
}

async function make(name: string, data = '{a: x, b: x}'): Promise<Read> {
  const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: shop, labels: {team: a}}\ndata: ${data}\n`;
  await core.run(
    dan,
    'mutation ($manifest: String!) { applyManifest(input: {cluster: "dev", manifest: $manifest}) { __typename } }',
    { manifest },
  );
  return read(name);
}

async function edit(from: Read, manifest: string, more: Record<string, unknown> = {}, as = dan) {
  const input = { id: from.id, manifest, resourceVersion: from.resourceVersion, ...more };
  const { data, errors } = await core.run(
    as,
    `mutation ($input: UpdateManifestInput!) { updateManifest(input: $input) { __typename
      ... on Error { code message } ... on ValidationError { issues { path code line column } } ... on PreconditionError { reason }
      ... on ConflictError { current { yaml resourceVersion } yours { path before after } theirs { path before after } }
      ... on UpdateManifestSuccess { changes { operation path before after } operation { status } object { resourceVersion json(pointer: "/data") } } } }`,
    { input },
  );
  expect(errors).toEqual([]);
  return data.updateManifest as unknown as Record<string, unknown> & { readonly issues: readonly object[] };
}

const path = (name: string) => `/api/v1/namespaces/shop/configmaps/${name}`;

describe('updateManifest', () => {
  it('CORE-29: writes back what was edited: what is left out goes, what is added comes', async () => {
    const before = await make('edited');
    const text = before.yaml.replace('  a: x\n', '').replace('b: x', 'b: z\n  c: new').replace('team: a', 'unit: b');
    expect(await edit(before, text)).toMatchObject({
      __typename: 'UpdateManifestSuccess',
      changes: expect.arrayContaining([
        { operation: 'REMOVE', path: '/data/a', before: 'x', after: null },
        { operation: 'REPLACE', path: '/data/b', before: 'x', after: 'z' },
        { operation: 'ADD', path: '/data/c', before: null, after: 'new' },
        { operation: 'REMOVE', path: '/metadata/labels/team', before: 'a', after: null },
      ]),
      operation: { status: 'SUCCEEDED' },
      object: { json: { b: 'z', c: 'new' } },
    });
  });

  it('changes nothing in a dry run, and nothing where nothing was edited', async () => {
    const before = await make('dry');
    expect(await edit(before, before.yaml.replace('a: x', 'a: z'), { dryRun: true })).toMatchObject({
      operation: null,
      changes: [{ path: '/data/a', after: 'z' }],
    });
    expect((await read('dry')).resourceVersion).toBe(before.resourceVersion);
    expect(await edit(before, before.yaml)).toMatchObject({ __typename: 'UpdateManifestSuccess', changes: [] });
    expect((await read('dry')).resourceVersion).toBe(before.resourceVersion);
  });

  it('CORE-29: answers with both versions where somebody was faster (refused)', async () => {
    const before = await make('raced');
    await callCluster(core.cluster, 'PATCH', path('raced'), { data: { b: 'theirs', d: 'theirs' } });
    await expect.poll(async () => (await read('raced')).yaml).toContain('d: theirs');
    const text = before.yaml.replace('a: x', 'a: ours');
    const conflict = await edit(before, text, { original: before.yaml });
    const now = await read('raced');
    expect(conflict).toMatchObject({
      __typename: 'ConflictError',
      code: 'CONFLICT',
      current: { yaml: now.yaml, resourceVersion: now.resourceVersion },
      yours: [{ path: '/data/a', before: 'x', after: 'ours' }],
      theirs: [
        { path: '/data/b', before: 'x', after: 'theirs' },
        { path: '/data/d', before: null, after: 'theirs' },
      ],
    });
    // Without the text that was read only the difference to what is there now is known.
    expect(await edit(before, text)).toMatchObject({ __typename: 'ConflictError', theirs: null });
    expect((await read('raced')).resourceVersion).toBe(now.resourceVersion);
    const merged = now.yaml.replace('a: x', 'a: ours');
    expect(await edit(now, merged)).toMatchObject({ object: { json: { a: 'ours', b: 'theirs', d: 'theirs' } } });
  });

  it('CORE-29: takes a change of the status for none of the editor’s business', async () => {
    const quota =
      'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q, namespace: shop}\nspec: {hard: {pods: "5"}}\n';
    await core.run(
      ada,
      'mutation ($manifest: String!) { applyManifest(input: {cluster: "dev", manifest: $manifest}) { __typename } }',
      { manifest: quota },
    );
    const before = await read('q', 'ResourceQuota');
    await callCluster(core.cluster, 'PATCH', '/api/v1/namespaces/shop/resourcequotas/q/status', {
      status: { hard: { pods: '5' }, used: { pods: '0' } },
    });
    await expect.poll(async () => (await read('q', 'ResourceQuota')).resourceVersion).not.toBe(before.resourceVersion);
    const text = before.yaml.replace('pods: "5"', 'pods: "7"');
    expect(await edit(before, text, { original: before.yaml }, ada)).toMatchObject({
      __typename: 'UpdateManifestSuccess',
      changes: [{ path: '/spec/hard/pods', before: '5', after: '7' }],
    });
  });

  it.each([
    ['another name', 'name: fixed', 'name: other', 'immutable'],
    ['another namespace', 'namespace: shop', 'namespace: bank', 'immutable'],
    ['another kind', 'kind: ConfigMap', 'kind: Service', 'immutable'],
    ['a field that the kind lacks', 'data:', 'datum: {}\ndata:', 'unknown_field'],
    ['a value of another type', 'a: x', 'a: 5', 'wrong_type'],
    ['a key twice', 'a: x', 'a: x\n  a: z', 'duplicate_key'],
  ])('CORE-29: takes %s (refused), with its line', async (_name, from, to, code) => {
    const before = await make('fixed');
    const text = before.yaml.replace(from, to);
    const { __typename, issues } = await edit(before, text);
    expect(__typename).toBe('ValidationError');
    const found = issues.find((issue) => (issue as { code: string }).code === code) as { line: number } | undefined;
    const changed = text.split('\n').findIndex((line, index) => line !== before.yaml.split('\n')[index]);
    expect(found?.line).toBeGreaterThanOrEqual(changed + 1);
    expect(found?.line).toBeLessThanOrEqual(changed + 2);
  });

  it('takes two documents, and an original that is none (refused)', async () => {
    const before = await make('single');
    expect(await edit(before, `${before.yaml}---\n${before.yaml.replace('single', 'second')}`)).toMatchObject({
      issues: [{ code: 'too_many' }],
    });
    expect(await edit(before, before.yaml, { original: 'a: b' })).toMatchObject({ issues: [{ path: ['original'] }] });
  });

  it('CORE-29: a Secret is seen, and never edited as YAML (refused)', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'shop' },
      data: { a: 'eA==' },
    };
    await callCluster(core.cluster, 'POST', '/api/v1/namespaces/shop/secrets', secret);
    await expect.poll(async () => (await core.run(ada, query('s', 'Secret'))).data.object).not.toBeNull();
    const before = await read('s', 'Secret');
    expect(before.yaml).not.toContain('eA==');
    expect(await edit(before, before.yaml)).toMatchObject({
      __typename: 'PreconditionError',
      reason: 'YAML_VIEW_ONLY',
    });
  });

  it('CORE-29: is for who may update the object (refused)', async () => {
    const before = await make('own');
    expect(await edit(before, before.yaml, {}, bea)).toMatchObject({ __typename: 'NotFoundError' });
    expect(await edit({ ...before, id: 'bm90aGluZw' }, before.yaml)).toMatchObject({ __typename: 'NotFoundError' });
  });

  it('lends no power: a pod that passes Pod Security cannot be edited into one that does not (refused)', async () => {
    const spec = { containers: [{ name: 'a', image: 'nginx' }] };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec } },
    };
    await callCluster(core.cluster, 'POST', '/apis/apps/v1/namespaces/shop/deployments', deployment);
    await expect
      .poll(async () => (await core.run(ada, query('web', 'Deployment', 'apps/v1'))).data.object)
      .not.toBeNull();
    const before = await read('web', 'Deployment', 'apps/v1');
    const text = before.yaml.replace('image: nginx', 'image: nginx\n          securityContext: {privileged: true}');
    expect(await edit(before, text)).toMatchObject({
      __typename: expect.stringMatching(/ForbiddenError|ValidationError/),
    });
    const renamed = before.yaml.replace('image: nginx', 'image: nginx:2');
    expect(await edit(before, renamed)).toMatchObject({
      __typename: 'UpdateManifestSuccess',
      changes: [{ path: '/spec/template/spec/containers/0/image', before: 'nginx', after: 'nginx:2' }],
    });
  });

  it('repeats its answer for the same idempotency key and does it once', async () => {
    const before = await make('once');
    const text = before.yaml.replace('a: x', 'a: z');
    const first = await edit(before, text, { idempotencyKey: 'edit-1' });
    expect(first).toMatchObject({ __typename: 'UpdateManifestSuccess' });
    const now = await read('once');
    expect(await edit(before, text, { idempotencyKey: 'edit-1' })).toMatchObject({
      __typename: 'UpdateManifestSuccess',
      object: { json: { a: 'z' }, resourceVersion: now.resourceVersion },
    });
  });
});
