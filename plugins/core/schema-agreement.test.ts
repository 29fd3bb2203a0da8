import { request as send } from 'node:https';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callCluster } from './testing/call-cluster.ts';
import { ada, type Core, startCore } from './testing/start-core.ts';

let core: Core;
beforeAll(async () => {
  core = await startCore();
  await core.run(ada, `mutation { createNamespace(input: {cluster: "dev", name: "shop"}) { __typename } }`);
  await callCluster(core.cluster, 'POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', gadgets);
  const gadget = { apiVersion: 'acme.io/v1', kind: 'Gadget', metadata: { name: 'g', namespace: 'shop' } };
  await vi.waitFor(async () => expect(await told(gadget)).toEqual([]), { timeout: 20_000, interval: 50 });
});
afterAll(() => core[Symbol.asyncDispose]());

const gadgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.acme.io' },
  spec: {
    group: 'acme.io',
    scope: 'Namespaced',
    names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' },
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
                required: ['size'],
                properties: {
                  size: { type: 'integer', minimum: 1, maximum: 9 },
                  ratio: { type: 'number' },
                  colour: { type: 'string', enum: ['red', 'blue'] },
                  code: { type: 'string', pattern: '^[a-z]{3}$' },
                  isOn: { type: 'boolean' },
                  port: { 'x-kubernetes-int-or-string': true },
                  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  labels: { type: 'object', additionalProperties: { type: 'string' } },
                  parts: {
                    type: 'array',
                    maxItems: 3,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: { name: { type: 'string' }, count: { type: 'integer' } },
                    },
                  },
                  tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
                },
              },
            },
          },
        },
      },
    ],
  },
};

interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** Codes of what this gateway finds wrong. */
async function told(object: Written): Promise<readonly string[]> {
  const { data, errors } = await core.run(
    ada,
    'query ($manifest: String!) { validateManifest(cluster: "dev", manifest: $manifest) { documents { checkedBy } issues { code } } }',
    { manifest: JSON.stringify(object) },
  );
  expect(errors).toEqual([]);
  const { documents, issues } = data.validateManifest as unknown as {
    readonly documents: readonly { readonly checkedBy: string }[];
    readonly issues: readonly { readonly code: string }[];
  };
  expect(documents).toMatchObject([{ checkedBy: 'SCHEMA' }]);
  return issues.map(({ code }) => code);
}

const plurals: Readonly<Record<string, string>> = {
  Gadget: '/apis/acme.io/v1/namespaces/shop/gadgets',
  ConfigMap: '/api/v1/namespaces/shop/configmaps',
  Service: '/api/v1/namespaces/shop/services',
  Deployment: '/apis/apps/v1/namespaces/shop/deployments',
};

/** The cluster's own word: its strict dry run of server-side apply. */
function asked(object: Written): Promise<{ readonly isTaken: boolean; readonly text: string }> {
  const { url, caCertificate, token } = core.cluster;
  const query = 'fieldManager=longshore&fieldValidation=Strict&dryRun=All&force=true';
  return new Promise((resolve, reject) => {
    const request = send(
      `${url}${plurals[object.kind]}/made?${query}`,
      {
        method: 'PATCH',
        ca: caCertificate,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/apply-patch+yaml' },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ isTaken: (response.statusCode ?? 500) < 300, text: text.slice(0, 500) }));
      },
    );
    request.on('error', reject);
    request.end(JSON.stringify(object));
  });
}

const made = (apiVersion: string, kind: string, rest: object): Written => ({
  apiVersion,
  kind,
  metadata: { name: 'made', namespace: 'shop' },
  ...rest,
});
const word = fc.stringMatching(/^[a-z]{1,6}$/);
const optional = { requiredKeys: [] };
const amount = fc.constantFrom('1', '500m', 2, '0.5', '1Gi', '1e3');
const uniqueBy = <T extends object>(item: fc.Arbitrary<T>, key: keyof T, min = 0) =>
  fc.uniqueArray(item, { minLength: min, maxLength: 3, selector: (each) => each[key] });

const container = fc.record(
  {
    name: word,
    image: fc.constantFrom('nginx', 'acme/shop:1'),
    imagePullPolicy: fc.constantFrom('Always', 'IfNotPresent', 'Never'),
    command: fc.array(word, { maxLength: 2 }),
    env: uniqueBy(fc.record({ name: word, value: fc.string({ maxLength: 5 }) }), 'name'),
    ports: uniqueBy(fc.record({ containerPort: fc.integer({ min: 1, max: 65_535 }) }), 'containerPort'),
    resources: fc.record({ limits: fc.record({ cpu: amount, memory: amount }, optional) }),
    tty: fc.boolean(),
  },
  { requiredKeys: ['name', 'image'] },
);

const objects: Readonly<Record<string, fc.Arbitrary<Written>>> = {
  ConfigMap: fc
    .record(
      { data: fc.dictionary(word, fc.string({ maxLength: 9 }), { maxKeys: 3 }), immutable: fc.boolean() },
      optional,
    )
    .map((rest) => made('v1', 'ConfigMap', rest)),
  Service: fc
    .record(
      { selector: fc.dictionary(word, word, { maxKeys: 2 }), sessionAffinity: fc.constantFrom('None', 'ClientIP') },
      optional,
    )
    .chain((rest) =>
      fc.integer({ min: 1, max: 65_535 }).map((port) =>
        made('v1', 'Service', {
          spec: { ...rest, ports: [{ name: 'http', port, targetPort: port % 2 ? port : 'http' }] },
        }),
      ),
    ),
  Deployment: fc
    .record(
      {
        replicas: fc.integer({ min: 0, max: 9 }),
        minReadySeconds: fc.integer({ min: 0, max: 9 }),
        paused: fc.boolean(),
        containers: uniqueBy(container, 'name', 1),
      },
      { requiredKeys: ['containers'] },
    )
    .map(({ containers, ...rest }) =>
      made('apps/v1', 'Deployment', {
        spec: {
          ...rest,
          selector: { matchLabels: { app: 'web' } },
          template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
        },
      }),
    ),
  Gadget: fc
    .record(
      {
        size: fc.integer({ min: 1, max: 9 }),
        ratio: fc.double({ noNaN: true, noDefaultInfinity: true, min: -9, max: 9 }),
        colour: fc.constantFrom('red', 'blue'),
        code: fc.stringMatching(/^[a-z]{3}$/),
        isOn: fc.boolean(),
        port: fc.oneof(fc.integer({ min: 0, max: 99 }), word),
        free: fc.dictionary(word, fc.oneof(word, fc.integer(), fc.constant({ deep: [1] })), { maxKeys: 2 }),
        labels: fc.dictionary(word, word, { maxKeys: 2 }),
        parts: uniqueBy(fc.record({ name: word, count: fc.integer() }, { requiredKeys: ['name'] }), 'name'),
        tags: fc.uniqueArray(word, { maxLength: 3 }),
      },
      { requiredKeys: ['size'] },
    )
    .map((spec) => made('acme.io/v1', 'Gadget', { spec })),
};

/** The same object with one thing wrong, or at least another: a field renamed, a value of another type, an entry twice. */
function spoilt(object: Written): fc.Arbitrary<Written> {
  const places: (readonly (string | number)[])[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (path.length > 0) places.push(path);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value))
      walk(member, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = object;
  walk(rest, []);
  return fc
    .tuple(
      fc.nat(Math.max(places.length - 1, 0)),
      fc.constantFrom('rename', 'text', 'number', 'list', 'mapping', 'twice'),
    )
    .map(([at, how]) => {
      const copy = structuredClone(object) as Record<string, unknown>;
      const path = places[at];
      if (path === undefined) return copy as unknown as Written;
      let parent: Record<string | number, unknown> = copy;
      for (const key of path.slice(0, -1)) parent = parent[key] as typeof parent;
      const last = path.at(-1) ?? '';
      const value = parent[last];
      if (how === 'rename' && typeof last === 'string') {
        delete parent[last];
        parent[`${last}x`] = value;
      } else if (how === 'twice' && Array.isArray(value) && value.length > 0) value.push(structuredClone(value[0]));
      else
        parent[last] = { text: 'odd', number: 7, list: ['odd'], mapping: { odd: 'odd' }, rename: 'odd', twice: 7.5 }[
          how
        ];
      return copy as unknown as Written;
    });
}

/** What server-side apply refuses by the schema alone. */
const certain = new Set(['unknown_field', 'wrong_type', 'duplicate_entry', 'invalid_quantity', 'out_of_range']);
const kinds = Object.entries(objects);

describe('the check by schema and the cluster’s strict dry run', () => {
  it.each(kinds)('CORE-27: both take every sound %s', async (_kind, object) => {
    await fc.assert(
      fc.asyncProperty(object, async (each) => {
        expect({ each, told: await told(each) }).toEqual({ each, told: [] });
        expect(await asked(each)).toMatchObject({ isTaken: true });
      }),
      { numRuns: 25 },
    );
  });

  it.each(
    kinds,
  )('CORE-27: the cluster refuses every %s of which something is wrong for certain', async (_kind, object) => {
    await fc.assert(
      fc.asyncProperty(object.chain(spoilt), async (each) => {
        const codes = await told(each);
        fc.pre(codes.some((code) => certain.has(code)));
        expect({ each, codes, ...(await asked(each)) }).toMatchObject({ isTaken: false });
      }),
      { numRuns: 25 },
    );
  });

  it('CORE-27: agree about every spoilt custom resource, either way', async () => {
    const object = objects.Gadget;
    if (object === undefined) throw new Error('there are no gadgets');
    await fc.assert(
      fc.asyncProperty(object.chain(spoilt), async (each) => {
        const codes = await told(each);
        expect({ each, codes, ...(await asked(each)) }).toMatchObject({ isTaken: codes.length === 0 });
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, Written]>([
    ['an unknown field', made('v1', 'ConfigMap', { datum: {} })],
    ['a number for a text', made('v1', 'ConfigMap', { data: { a: 1 } })],
    ['a text for a number', made('apps/v1', 'Deployment', { spec: { replicas: 'two' } })],
    ['a fraction for a whole number', made('apps/v1', 'Deployment', { spec: { replicas: 1.5 } })],
    ['a number beyond int32', made('apps/v1', 'Deployment', { spec: { replicas: 3_000_000_000 } })],
    ['a list for a mapping', made('v1', 'Service', { spec: { selector: ['a'] } })],
    ['an unknown field deep down', made('v1', 'Service', { spec: { ports: [{ port: 1, prt: 2 }] } })],
    [
      'an amount that is none',
      made('apps/v1', 'Deployment', {
        spec: {
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: { containers: [{ name: 'a', image: 'b', resources: { limits: { cpu: 'lots' } } }] },
          },
        },
      }),
    ],
    ['a missing field of a custom resource', made('acme.io/v1', 'Gadget', { spec: {} })],
    ['an enum of a custom resource', made('acme.io/v1', 'Gadget', { spec: { size: 1, colour: 'green' } })],
    ['a pattern of a custom resource', made('acme.io/v1', 'Gadget', { spec: { size: 1, code: 'ABC' } })],
    ['a bound of a custom resource', made('acme.io/v1', 'Gadget', { spec: { size: 10 } })],
    [
      'too many entries',
      made('acme.io/v1', 'Gadget', { spec: { size: 1, parts: ['a', 'b', 'c', 'd'].map((name) => ({ name })) } }),
    ],
    ['an entry of a set twice', made('acme.io/v1', 'Gadget', { spec: { size: 1, tags: ['a', 'a'] } })],
  ])('CORE-27: both refuse %s', async (_name, object) => {
    expect(await told(object)).not.toEqual([]);
    expect(await asked(object)).toMatchObject({ isTaken: false });
  });
});
