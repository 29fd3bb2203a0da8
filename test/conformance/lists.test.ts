import { expect } from 'vitest';
import type { CaseContext } from './support/case-context.ts';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { configMap, pod, service } from './support/objects.ts';

const { conformanceCase } = conformanceArea('lists');

/** ConfigMaps `a` to … in a namespace of the case's own; every new namespace has others already. */
async function someConfigMaps(t: CaseContext, labels: Readonly<Record<string, Json>>): Promise<string> {
  const path = `/api/v1/namespaces/${await t.namespace()}/configmaps`;
  for (const [name, given] of Object.entries(labels))
    await t.create(path, configMap(name, { metadata: { name, labels: { of: 'case', ...given } } }));
  return path;
}

const namesOf = (list: Json): string[] => list.items.map((item: Json) => item.metadata.name);

conformanceCase(
  {
    title: 'lists a resource of all namespaces',
    source: 'API concepts: resource URIs, namespace-scoped resources across all namespaces',
  },
  async (t) => {
    const one = await t.namespace();
    const two = await t.namespace();
    for (const ns of [one, two])
      await t.create(
        `/api/v1/namespaces/${ns}/configmaps`,
        configMap('a', { metadata: { name: 'a', labels: { of: one } } }),
      );
    const { body } = await t.api.get('/api/v1/configmaps', { labelSelector: `of=${one}` });
    expect(body.items.map((item: Json) => item.metadata.namespace).sort()).toEqual([one, two].sort());
  },
);

conformanceCase(
  {
    title: 'gives an empty list of a namespace that is not there',
    source: 'API concepts: collections; a namespace is a part of the key',
  },
  async ({ api, name }) => {
    expect(await api.get(`/api/v1/namespaces/${name('none')}/configmaps`)).toMatchObject({
      status: 200,
      body: { items: [] },
    });
  },
);

const labelled = {
  a: { env: 'dev', tier: 'front' },
  b: { env: 'dev', tier: 'back' },
  c: { env: 'prod', tier: 'front' },
  d: { env: 'prod' },
  e: {},
};

conformanceCase(
  {
    title: 'selects by labels: equality, inequality, sets and presence',
    source: 'concepts/overview/working-with-objects/labels: label selectors',
  },
  async (t) => {
    const path = await someConfigMaps(t, labelled);
    const cases: readonly (readonly [string, string])[] = [
      ['env=dev', 'a b'],
      ['env==dev,tier=front', 'a'],
      ['env!=dev', 'c d e'],
      ['env in (dev, prod)', 'a b c d'],
      ['env in (dev),tier notin (front)', 'b'],
      ['tier notin (front)', 'b d e'],
      ['tier', 'a b c'],
      ['!tier', 'd e'],
      ['env,!tier', 'd'],
    ];
    for (const [selector, expected] of cases) {
      const { body } = await t.api.get(path, { labelSelector: `of=case,${selector}` });
      expect(namesOf(body).join(' '), selector).toBe(expected);
    }
  },
);

conformanceCase(
  { title: 'compares labels as numbers with gt and lt', source: 'labels.Requirement: operators > and <' },
  async (t) => {
    const path = await someConfigMaps(t, { a: { size: '1' }, b: { size: '20' }, c: { size: '300' }, d: {} });
    expect(namesOf((await t.api.get(path, { labelSelector: 'size>1' })).body)).toEqual(['b', 'c']);
    expect(namesOf((await t.api.get(path, { labelSelector: 'size>1,size<300' })).body)).toEqual(['b']);
  },
);

conformanceCase(
  {
    title: 'selects by the fields that every kind has: name and namespace',
    source: 'concepts/overview/working-with-objects/field-selectors',
  },
  async (t) => {
    const path = await someConfigMaps(t, { a: {}, b: {}, c: {} });
    const ns = path.split('/')[4];
    expect(namesOf((await t.api.get(path, { fieldSelector: 'metadata.name=b' })).body)).toEqual(['b']);
    expect(
      namesOf((await t.api.get(path, { fieldSelector: 'metadata.name!=b', labelSelector: 'of=case' })).body),
    ).toEqual(['a', 'c']);
    expect(
      namesOf(
        (await t.api.get('/api/v1/configmaps', { fieldSelector: `metadata.namespace=${ns},metadata.name=c` })).body,
      ),
    ).toEqual(['c']);
  },
);

conformanceCase(
  {
    title: 'selects pods, events, secrets and namespaces by fields of their own',
    source: 'concepts/overview/working-with-objects/field-selectors: list of supported fields',
  },
  async (t) => {
    const ns = await t.namespace();
    const root = `/api/v1/namespaces/${ns}`;
    await t.create(`${root}/pods`, pod('a', { spec: { ...pod('a').spec, nodeName: t.name('no-such-node') } }));
    await t.create(
      `${root}/pods`,
      pod('b', { spec: { ...pod('b').spec, restartPolicy: 'Never', schedulerName: 'nobody' } }),
    );
    expect(
      namesOf((await t.api.get(`${root}/pods`, { fieldSelector: `spec.nodeName=${t.name('no-such-node')}` })).body),
    ).toEqual(['a']);
    expect(namesOf((await t.api.get(`${root}/pods`, { fieldSelector: 'spec.nodeName=' })).body)).toEqual(['b']);
    expect(
      namesOf(
        (await t.api.get(`${root}/pods`, { fieldSelector: 'spec.restartPolicy=Never,spec.schedulerName=nobody' })).body,
      ),
    ).toEqual(['b']);
    expect(
      namesOf((await t.api.get(`${root}/pods`, { fieldSelector: 'status.phase=Pending,metadata.name=b' })).body),
    ).toEqual(['b']);
    expect(
      namesOf((await t.api.get(`${root}/pods`, { fieldSelector: 'status.phase!=Pending,metadata.name=b' })).body),
    ).toEqual([]);
    await t.create(`${root}/secrets`, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      type: 'example.com/mine',
    });
    expect(namesOf((await t.api.get(`${root}/secrets`, { fieldSelector: 'type=example.com/mine' })).body)).toEqual([
      's',
    ]);
    expect(
      namesOf(
        (await t.api.get('/api/v1/namespaces', { fieldSelector: `status.phase=Active,metadata.name=${ns}` })).body,
      ),
    ).toEqual([ns]);
    await t.create(`${root}/events`, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'a', namespace: ns },
      reason: 'Mine',
      type: 'Warning',
    });
    expect(
      namesOf(
        (await t.api.get(`${root}/events`, { fieldSelector: 'involvedObject.name=a,reason=Mine,type=Warning' })).body,
      ),
    ).toEqual(['e']);
  },
);

conformanceCase(
  {
    title: 'refuses fields by which a kind cannot be selected',
    source: 'concepts/overview/working-with-objects/field-selectors: unsupported fields produce an error',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    const { status, body } = await api.get(`/api/v1/namespaces/${ns}/services`, { fieldSelector: 'foo.bar=baz' });
    expect(status).toBe(400);
    expect(body.message).toContain('field label not supported: foo.bar');
  },
);

conformanceCase(
  {
    title: 'gives a list in pages of the wanted size, with how many remain',
    source:
      'API concepts: retrieving large result sets in chunks; e2e: [sig-api-machinery] Servers with support for API chunking should return chunks of results for list calls',
  },
  async (t) => {
    const path = await someConfigMaps(t, { a: {}, b: {}, c: {}, d: {}, e: {} });
    const pages: string[][] = [];
    const versions = new Set<string>();
    let token: string | undefined;
    do {
      const { body } = await t.api.get(path, { limit: 2, continue: token });
      pages.push(namesOf(body));
      versions.add(body.metadata.resourceVersion);
      token = body.metadata.continue;
      if (token) expect(body.metadata.remainingItemCount).toBeGreaterThan(0);
    } while (token);
    expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    expect(pages.flat()).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd', 'e']));
    expect(new Set(pages.flat()).size).toBe(pages.flat().length);
    expect(versions.size).toBe(1);
  },
);

conformanceCase(
  {
    title: 'keeps all pages at the state of the first, whatever changes in between',
    source: 'API concepts: chunks are a consistent snapshot at the first page’s resourceVersion',
  },
  async (t) => {
    const path = await someConfigMaps(t, { b: {}, d: {}, f: {} });
    const first = (await t.api.get(path, { limit: 1, labelSelector: 'of=case' })).body;
    expect(namesOf(first)).toEqual(['b']);
    await t.create(path, configMap('c', { metadata: { name: 'c', labels: { of: 'case' } } }));
    succeeded(await t.api.delete(`${path}/f`));
    succeeded(await t.api.patch('merge', `${path}/d`, { data: { key: 'changed' } }));
    const rest = (await t.api.get(path, { limit: 5, labelSelector: 'of=case', continue: first.metadata.continue }))
      .body;
    expect(namesOf(rest)).toEqual(['d', 'f']);
    expect(rest.items[0].data.key).toBe('value');
    expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(rest.metadata.continue ?? '').toBe('');
    expect(namesOf((await t.api.get(path, { labelSelector: 'of=case' })).body)).toEqual(['b', 'c', 'd']);
  },
);

conformanceCase(
  {
    title: 'does not say how many remain where a selector filters',
    source: 'meta/v1 ListMeta.remainingItemCount: unset for requests with label or field selectors',
  },
  async (t) => {
    const path = await someConfigMaps(t, { a: {}, b: {}, c: {} });
    const { body } = await t.api.get(path, { limit: 1, labelSelector: 'of=case' });
    expect(body.metadata.continue).not.toBe('');
    expect(body.metadata.remainingItemCount).toBeUndefined();
  },
);

conformanceCase(
  {
    title: 'reads a list at an exact resourceVersion, or not older than one',
    source: 'API concepts: resourceVersion parameter, list with resourceVersionMatch',
  },
  async (t) => {
    const path = await someConfigMaps(t, { a: {} });
    const { resourceVersion } = (await t.api.get(path)).body.metadata;
    await t.create(path, configMap('b', { metadata: { name: 'b', labels: { of: 'case' } } }));
    const exact = await t.api.get(path, {
      labelSelector: 'of=case',
      resourceVersion,
      resourceVersionMatch: 'Exact',
      limit: 10,
    });
    expect(namesOf(exact.body)).toEqual(['a']);
    expect(exact.body.metadata.resourceVersion).toBe(resourceVersion);
    const { resourceVersion: now } = (await t.api.get(`${path}/b`)).body.metadata;
    const atLeast = await t.api.get(path, {
      labelSelector: 'of=case',
      resourceVersion: now,
      resourceVersionMatch: 'NotOlderThan',
    });
    expect(namesOf(atLeast.body)).toEqual(['a', 'b']);
    await eventually(async () =>
      expect(namesOf((await t.api.get(path, { labelSelector: 'of=case', resourceVersion: '0' })).body)).toEqual([
        'a',
        'b',
      ]),
    );
  },
);

conformanceCase(
  {
    title: 'refuses a resourceVersion that is none, and asks to come back for one of the future',
    source: 'API concepts: resource version semantics, "Too large resource version"',
  },
  async ({ api, namespace }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const nonsense = await api.get(path, { resourceVersion: 'nonsense' });
    expect(nonsense.status).toBe(400);
    const { resourceVersion } = (await api.get(path)).body.metadata;
    const future = await api.get(path, {
      resourceVersion: String(BigInt(resourceVersion) + 1_000_000_000n),
      resourceVersionMatch: 'NotOlderThan',
    });
    expect(future.status).toBe(504);
    expect(future.body).toMatchObject({
      reason: 'Timeout',
      message: expect.stringContaining('Too large resource version'),
    });
    expect(future.body.details).toMatchObject({
      retryAfterSeconds: expect.any(Number),
      causes: [{ reason: 'ResourceVersionTooLarge' }],
    });
  },
);

conformanceCase(
  { title: 'reads one object at least as new as a resourceVersion', source: 'API concepts: get with resourceVersion' },
  async (t) => {
    const path = await someConfigMaps(t, { a: {} });
    const { body } = await t.api.get(`${path}/a`);
    expect((await t.api.get(`${path}/a`, { resourceVersion: body.metadata.resourceVersion })).body).toEqual(body);
    expect((await t.api.get(`${path}/a`, { resourceVersion: '0' })).status).toBe(200);
  },
);

conformanceCase(
  {
    title: 'deletes a whole collection, or what selectors leave of it',
    source: 'API concepts: deletecollection; e2e: [sig-node] ConfigMap should run through a ConfigMap lifecycle',
  },
  async (t) => {
    const path = await someConfigMaps(t, labelled);
    const { status, body } = await t.api.delete(path, undefined, { labelSelector: 'env=dev' });
    expect(status).toBe(200);
    expect(body.kind).toMatch(/^(ConfigMapList|Status)$/);
    await eventually(async () =>
      expect(namesOf((await t.api.get(path, { labelSelector: 'of=case' })).body)).toEqual(['c', 'd', 'e']),
    );
    await t.api.delete(path, undefined, { fieldSelector: 'metadata.name=e' });
    await eventually(async () =>
      expect(namesOf((await t.api.get(path, { labelSelector: 'of=case' })).body)).toEqual(['c', 'd']),
    );
    await t.api.delete(path);
    await eventually(async () =>
      expect(namesOf((await t.api.get(path, { labelSelector: 'of=case' })).body)).toEqual([]),
    );
  },
);

conformanceCase(
  {
    title: 'deletes many Services at once',
    source: 'e2e: [sig-network] Services should delete a collection of services',
  },
  async (t) => {
    const ns = await t.namespace();
    const path = `/api/v1/namespaces/${ns}/services`;
    for (const name of ['a', 'b', 'c'])
      await t.create(path, { ...service(name), metadata: { name, labels: { go: String(name !== 'c') } } });
    succeeded(await t.api.delete(path, undefined, { labelSelector: 'go=true' }));
    await eventually(async () => expect(namesOf((await t.api.get(path)).body)).toEqual(['c']));
  },
);
