import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callCluster } from './testing/call-cluster.ts';
import { ada, type Core, dan, startCore } from './testing/start-core.ts';

let core: Core;
beforeAll(async () => {
  core = await startCore();
  await core.run(ada, `mutation { createNamespace(input: {cluster: "dev", name: "shop"}) { __typename } }`);
  await callCluster(
    core.cluster,
    'POST',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    widgetDefinition({}),
  );
  await vi.waitFor(
    async () => expect((await validate(widget('{size: 1}'))).documents).toMatchObject([{ checkedBy: 'SCHEMA' }]),
    { timeout: 20_000, interval: 50 },
  );
});
afterAll(() => core[Symbol.asyncDispose]());

function widgetDefinition(more: object): object {
  const spec = {
    type: 'object',
    required: ['size'],
    properties: {
      size: { type: 'integer', minimum: 1, maximum: 9 },
      colour: { type: 'string', enum: ['red', 'blue'] },
      code: { type: 'string', pattern: '^[a-z]{3}$', maxLength: 3 },
      port: { 'x-kubernetes-int-or-string': true },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      parts: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
      tags: { type: 'array', maxItems: 2, 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      ...more,
    },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.acme.io' },
    spec: {
      group: 'acme.io',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  };
}

const widget = (spec: string) =>
  `apiVersion: acme.io/v1\nkind: Widget\nmetadata: {name: w, namespace: shop}\nspec: ${spec}\n`;

interface Validation {
  readonly isValid: boolean;
  readonly documents: readonly Record<string, unknown>[];
  readonly issues: readonly {
    readonly line: number;
    readonly column: number;
    readonly code: string;
    readonly path: string[];
    readonly message: string;
  }[];
}

async function validate(manifest: string, as = dan, more = ''): Promise<Validation> {
  const { data, errors } = await core.run(
    as,
    `query ($manifest: String!) { validateManifest(cluster: "dev", manifest: $manifest ${more}) {
      isValid documents { index line apiVersion kind namespace name checkedBy } issues { path line column code message } } }`,
    { manifest },
  );
  expect(errors).toEqual([]);
  return data.validateManifest as unknown as Validation;
}

const deployment = (more = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: nginx
${more}`;

const told = async (manifest: string) =>
  (await validate(manifest)).issues.map(
    ({ line, column, code, path }) => `${line}:${column} ${code} ${path.slice(2).join('.')}`,
  );

describe('validateManifest', () => {
  it('CORE-27: finds nothing wrong with what the cluster would take, and says who looked', async () => {
    expect(
      await validate(`${deployment()}---\n${widget('{size: 3, port: http, free: {a: {b: c}}, tags: [x]}')}`),
    ).toEqual({
      isValid: true,
      documents: [
        {
          index: 0,
          line: 1,
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: 'shop',
          name: 'web',
          checkedBy: 'SCHEMA',
        },
        {
          index: 1,
          line: 18,
          apiVersion: 'acme.io/v1',
          kind: 'Widget',
          namespace: 'shop',
          name: 'w',
          checkedBy: 'SCHEMA',
        },
      ],
      issues: [],
    });
  });

  it.each([
    {
      name: 'an unknown field, a value of another type and one that is not allowed',
      text: deployment(
        '          imagePullPolicy: Sometimes\n          ports: [{containerPort: eighty}]\n      replica: 3\n',
      ),
      issues: [
        '17:28 not_allowed spec.template.spec.containers.0.imagePullPolicy',
        '18:35 wrong_type spec.template.spec.containers.0.ports.0.containerPort',
        '19:7 unknown_field spec.template.spec.replica',
      ],
    },
    {
      name: 'two containers of one name, and an amount that is none',
      text: deployment('          resources: {limits: {cpu: lots}}\n        - {name: web, image: nginx}\n'),
      issues: [
        '17:37 invalid_quantity spec.template.spec.containers.0.resources.limits.cpu',
        '18:11 duplicate_entry spec.template.spec.containers.1',
      ],
    },
    {
      name: 'a missing selector, at what lacks it',
      text: deployment().replace('  selector:\n    matchLabels: {app: web}\n', ''),
      issues: ['7:3 required spec.selector'],
    },
    {
      name: 'everything a custom resource definition forbids',
      text: widget(
        '{size: 12, colour: green, code: abcd, port: 1.5, parts: [{name: a}, {name: a}, {}], tags: [a, a, b], sise: 1}',
      ),
      issues: [
        '4:14 too_big spec.size',
        '4:26 not_allowed spec.colour',
        '4:39 too_long spec.code',
        '4:39 pattern_mismatch spec.code',
        '4:51 wrong_type spec.port',
        '4:75 duplicate_entry spec.parts.1',
        '4:86 required spec.parts.2.name',
        '4:97 too_many spec.tags',
        '4:101 duplicate_entry spec.tags.1',
        '4:108 unknown_field spec.sise',
      ],
    },
    {
      name: 'mistakes of several documents at once, also beside a broken one',
      text: `${widget('{size: one}')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: 5, namespace: shop}\ndatum: {}\n---\n${widget('{}').replace('name: w', 'name: x')}`,
      issues: [
        '4:14 wrong_type spec.size',
        '8:18 not_a_text metadata.name',
        '9:1 unknown_field datum',
        '14:7 required spec.size',
      ],
    },
    {
      name: 'a missing apiVersion (CON-38)',
      text: 'kind: Deployment\nmetadata: {name: web, namespace: shop}\n',
      issues: ['1:1 required apiVersion'],
    },
    {
      name: 'a missing kind (CON-38)',
      text: '---\napiVersion: v1\nmetadata: {name: web, namespace: shop}\n',
      issues: ['2:1 required kind'],
    },
  ])('CORE-27: points to the lines of $name (refused)', async ({ text, issues }) => {
    expect(await told(text)).toEqual(issues);
    expect((await validate(text)).isValid).toBe(false);
  });

  it('names the field that was probably meant', async () => {
    const { issues } = await validate(deployment('  replica: 3\n'));
    expect(issues).toMatchObject([{ message: 'spec.replica is no field of this kind; did you mean replicas?' }]);
  });

  it('CORE-27: asks for no right on the objects, and shows none of them', async () => {
    const elsewhere = deployment().replace('namespace: shop', 'namespace: kube-system');
    expect(await validate(elsewhere, dan)).toMatchObject({ isValid: true });
    const clusterScoped =
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrule: []\n';
    expect((await validate(clusterScoped, dan)).issues).toMatchObject([{ code: 'unknown_field', line: 4, column: 1 }]);
  });

  it('knows no cluster that is not there (refused)', async () => {
    const { data } = await core.run(dan, '{ validateManifest(cluster: "none", manifest: "a: b") { isValid } }');
    expect(data.validateManifest).toBeNull();
  });

  it('CORE-27: tells at most a hundred mistakes of a text that has thousands', async () => {
    const fields = Array.from({ length: 5_000 }, (_, index) => `  field${index}: 1\n`).join('');
    const { issues } = await validate(deployment().replace('spec:\n', `spec:\n${fields}`));
    expect(issues).toHaveLength(100);
  });

  it('learns what a changed definition allows', async () => {
    const text = widget('{size: 1, weight: 5}');
    expect(await told(text)).toEqual(['4:18 unknown_field spec.weight'].map((line) => line.replace('4:18', '4:17')));
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.acme.io';
    await callCluster(core.cluster, 'PATCH', path, widgetDefinition({ weight: { type: 'integer' } }));
    await vi.waitFor(async () => expect(await told(text)).toEqual([]), { timeout: 20_000, interval: 50 });
  });

  describe('where the cluster tells no schemas', () => {
    it('CORE-27: the cluster\u2019s own dry run says which lines are wrong', async () => {
      await using bare = await startCore();
      bare.cluster.faults = (request) => (request.path.startsWith('/openapi') ? { status: 404 } : undefined);
      await bare.run(ada, `mutation { createNamespace(input: {cluster: "dev", name: "shop"}) { __typename } }`);
      const ask = async (as: typeof dan, manifest: string) => {
        const { data } = await bare.run(
          as,
          `query ($manifest: String!) { validateManifest(cluster: "dev", manifest: $manifest) { documents { checkedBy } issues { line code } } }`,
          { manifest },
        );
        return data.validateManifest;
      };
      const wrong = deployment('      replica: 3\n');
      expect(await ask(dan, wrong)).toEqual({
        documents: [{ checkedBy: 'DRY_RUN' }],
        issues: [{ line: 17, code: 'unknown_field' }],
      });
      expect(await ask(dan, deployment())).toEqual({ documents: [{ checkedBy: 'DRY_RUN' }], issues: [] });
      expect(await ask({ ...dan, namespaces: [] }, wrong)).toEqual({
        documents: [{ checkedBy: 'NOBODY' }],
        issues: [],
      });
    });
  });
});

describe('retired groups and versions', () => {
  const retired = (apiVersion: string) =>
    deployment()
      .replace('apps/v1', apiVersion)
      .replace('  selector:\n    matchLabels: {app: web}\n', '')
      .replaceAll('web', 'old');

  it('CON-38: are applied as what the cluster serves, with a warning that has a line', async () => {
    const { data, errors } = await core.run(
      dan,
      `mutation ($manifest: String!) { applyManifest(input: {cluster: "dev", manifest: $manifest}) { ... on Error { message }
        ... on ApplyManifestSuccess { warnings documents { apiVersion action conversions { path line column code message } object { id json(pointer: "/spec/selector") } } } } }`,
      { manifest: `# from a manual\n${retired('apps/v1beta2')}` },
    );
    expect(errors).toEqual([]);
    expect(data.applyManifest).toMatchObject({
      warnings: [
        'Line 2: Deployment of apps/v1beta2 is retired; it is taken as apps/v1: write that into the manifest',
        expect.stringMatching(/^Line 11: spec.selector is made of/),
      ],
      documents: [
        {
          apiVersion: 'apps/v1',
          action: 'CREATED',
          conversions: [
            { path: ['manifest', '0', 'apiVersion'], line: 2, column: 13, code: 'retired_api' },
            { line: 11, code: 'selector_written_out' },
          ],
          object: { id: expect.any(String), json: { matchLabels: { app: 'old' } } },
        },
      ],
    });
  });

  it('CON-38: are warned about while somebody types, and mistakes keep their lines', async () => {
    const { data } = await core.run(
      dan,
      'query ($manifest: String!) { validateManifest(cluster: "dev", manifest: $manifest) { isValid warnings { line code } issues { line column code } } }',
      {
        manifest: `${retired('extensions/v1beta1')}---
apiVersion: networking.k8s.io/v1beta1
kind: Ingress
metadata: {name: i, namespace: shop}
spec:
  rules:
    - http:
        paths:
          - path: /a
            pathType: Prefix
            backend: {serviceName: 7, servicePort: 80}
---
apiVersion: networking.k8s.io/v1beta1
kind: Ingress
metadata: {name: j, namespace: shop}
spec:
  backend: {serviceName: s, servicePort: 80}
  ingressClass: nginx
`,
      },
    );
    expect(data.validateManifest).toEqual({
      isValid: false,
      warnings: [
        { line: 1, code: 'retired_api' },
        { line: 7, code: 'other_defaults' },
        { line: 10, code: 'selector_written_out' },
        { line: 27, code: 'retired_api' },
      ],
      issues: [
        { line: 25, column: 22, code: 'retired_api' },
        { line: 32, column: 3, code: 'unknown_field' },
      ],
    });
  });

  it.each([
    [
      'what has no successor',
      'apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: p}\n',
      'retired_api',
      1,
    ],
    [
      'a version that the cluster never had',
      widget('{size: 1}').replace('acme.io/v1', 'acme.io/v1alpha1'),
      'unknown_kind',
      1,
    ],
    ['a kind that the cluster never had', widget('{}').replace('Widget', 'Gadget'), 'unknown_kind', 2],
  ])('CON-38: %s is refused with its line', async (_name, text, code, line) => {
    expect((await validate(text)).issues).toMatchObject([{ code, line }]);
  });

  it('CON-38: a version that is not served names the one that is', async () => {
    const { issues } = await validate(widget('{size: 1}').replace('acme.io/v1', 'acme.io/v1alpha1'));
    expect(issues).toMatchObject([{ message: expect.stringContaining('it serves Widget of acme.io/v1') }]);
  });
});

describe('applyManifest', () => {
  const apply = async (manifest: string) => {
    const { data, errors } = await core.run(
      ada,
      `mutation ($manifest: String!) { applyManifest(input: {cluster: "dev", manifest: $manifest}) { __typename
        ... on ValidationError { issues { line code } } ... on ApplyManifestSuccess { documents { action error { message } } } } }`,
      { manifest },
    );
    expect(errors).toEqual([]);
    return data.applyManifest;
  };

  it('CORE-27: writes nothing of a text that does not pass the check, and tells every line (refused)', async () => {
    const wrong = widget('{size: 12, colour: green, sise: 1}');
    expect(await apply(`${deployment()}---\n${wrong}`)).toEqual({
      __typename: 'ValidationError',
      issues: [
        { line: 21, code: 'too_big' },
        { line: 21, code: 'not_allowed' },
        { line: 21, code: 'unknown_field' },
      ],
    });
    const { data } = await core.run(
      dan,
      '{ object(cluster: "dev", apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web") { name } }',
    );
    expect(data.object).toBeNull();
  });

  it('tells all that the schema forbids where the cluster refuses one of it (refused)', async () => {
    expect(await apply(widget('{size: 12, colour: green}'))).toMatchObject({
      issues: [{ code: 'too_big' }, { code: 'not_allowed' }],
    });
  });

  it('takes a part of an object that is there, which is no whole one', async () => {
    expect(await apply(widget('{size: 2}'))).toMatchObject({ documents: [{ action: 'CREATED' }] });
    await callCluster(core.cluster, 'PATCH', '/apis/acme.io/v1/namespaces/shop/widgets/w', { spec: { size: 3 } });
    const part = 'apiVersion: acme.io/v1\nkind: Widget\nmetadata: {name: w, namespace: shop}\nspec: {colour: red}\n';
    expect((await validate(part)).issues).toMatchObject([
      { code: 'required', path: ['manifest', '0', 'spec', 'size'] },
    ]);
    expect(await apply(part)).toMatchObject({ documents: [{ action: 'CONFIGURED' }] });
  });
});
