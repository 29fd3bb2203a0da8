import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ada, type Core, dan, startCore } from './testing/start-core.ts';

let core: Core;
beforeAll(async () => {
  core = await startCore();
  await core.run(ada, `mutation { createNamespace(input: {cluster: "dev", name: "shop"}) { __typename } }`);
});
afterAll(() => core[Symbol.asyncDispose]());

interface Issue {
  readonly line: number | null;
  readonly column: number | null;
  readonly code: string;
  readonly message: string;
}

const issues = 'issues { line column code message }';

/** What stands against a text: while somebody types, and when it is applied. Both say the same. */
async function told(manifest: string): Promise<readonly Issue[]> {
  const asked = await core.run(
    dan,
    `query ($manifest: String!) { it: validateManifest(cluster: "dev", manifest: $manifest) { ${issues} } }`,
    { manifest },
  );
  const applied = await core.run(
    dan,
    `mutation ($manifest: String!) { it: applyManifest(input: {cluster: "dev", manifest: $manifest}) { __typename ... on ValidationError { ${issues} } } }`,
    { manifest },
  );
  expect([...asked.errors, ...applied.errors]).toEqual([]);
  expect(applied.data.it).toMatchObject({ __typename: 'ValidationError', issues: asked.data.it?.issues });
  return asked.data.it?.issues as readonly Issue[];
}

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n';

/** Texts as people paste them. */
const corpus: readonly (readonly [name: string, text: string, code: string, line: number])[] = [
  ['a tab for indentation', `${head}data:\n\ta: x\n`, 'yaml_syntax', 5],
  ['a tab behind spaces', `${head}data:\n  a: x\n \tb: x\n`, 'yaml_syntax', 6],
  ['a line that stands too far out', `${head}data:\n    a: x\n  b: x\n`, 'yaml_syntax', 6],
  ['a list item under its key without a dash', `${head}data:\n  a:\n  - x\n   - y\n`, 'wrong_type', 6],
  ['a colon in a text without quotes', `${head}data:\n  a: x: y\n`, 'yaml_syntax', 5],
  ['an open quote', `${head}data:\n  a: "x\n`, 'yaml_syntax', 6],
  ['an open bracket', `${head}data: {a: x\n`, 'yaml_syntax', 5],
  ['a template of Helm', `${head}data:\n  a: {{ .Values.a }}\n`, 'invalid_key', 5],
  ['a block of Helm', `${head}{{- if .Values.on }}\ndata: {}\n{{- end }}\n`, 'yaml_syntax', 4],
  ['a key twice', `${head}data:\n  a: x\n  a: y\n`, 'duplicate_key', 6],
  [
    'a key twice in JSON',
    '{"apiVersion": "v1",\n"kind": "ConfigMap",\n"kind": "Secret", "metadata": {"name": "a", "namespace": "shop"}}',
    'duplicate_key',
    3,
  ],
  ['an alias of nothing', `${head}data: *none\n`, 'unknown_alias', 4],
  ['an alias inside of itself', `${head}data: &a {b: *a}\n`, 'endless_alias', 4],
  ['a tag of a programming language', `${head}data: !!python/object {a: b}\n`, 'unknown_tag', 4],
  ['a boolean for a text', `${head}data:\n  a: yes\n`, 'wrong_type', 5],
  [
    'a number for a label',
    head.replace('namespace: shop', 'namespace: shop, labels: {version: 1.10}'),
    'not_a_text',
    3,
  ],
  ['nothing at all', '', 'empty', 0],
  ['only comments', '# nothing\n---\n# here\n', 'empty', 0],
  ['a plain text', 'hello\n', 'not_an_object', 1],
  ['a list', '- a\n- b\n', 'not_an_object', 1],
  ['a page of HTML', '<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n', 'not_an_object', 1],
  ['a kubeconfig', 'apiVersion: v1\nkind: Config\nclusters: []\n', 'required', 1],
  ['a values file', 'image:\n  tag: latest\nreplicaCount: 2\n', 'required', 1],
  ['generateName', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-, namespace: shop}\n', 'required', 3],
  [
    'a List of what is wrong',
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a, namespace: shop}\n  dta: {}\n`,
    'unknown_field',
    7,
  ],
  ['a List whose items are none', 'apiVersion: v1\nkind: List\nitems: {a: b}\n', 'required', 1],
  ['a NUL', `${head}data: {a: "\u0000"}\n`, 'yaml_syntax', 4],
  ['another version of YAML', `%YAML 1.2\n---\n${head}`, 'yaml_version', 2],
];

describe('bad input', () => {
  it.each(corpus)('CORE-27: %s is refused with its line', async (_name, text, code, line) => {
    const found = await told(text);
    expect(found[0]).toMatchObject({ code, line: line === 0 ? null : line });
  });

  it.each([
    ['a mark of byte order', (text: string) => `\ufeff${text}`],
    ['lines that end as on Windows', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('reads a text with %s, and counts its lines alike', async (_name, spoil) => {
    const good = await core.run(
      dan,
      'query ($manifest: String!) { it: validateManifest(cluster: "dev", manifest: $manifest) { isValid } }',
      { manifest: spoil(`${head}data:\n  a: x\n`) },
    );
    expect(good.data.it).toEqual({ isValid: true });
    const [issue] = await told(spoil(`${head}data:\n  a: 5\n`));
    expect(issue).toMatchObject({ code: 'wrong_type', line: 5, column: 6 });
  });

  it.each([
    [
      'a bomb of aliases',
      `${head}data:\n  a0: &a0 [x, x]\n${Array.from({ length: 30 }, (_, n) => `  a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`).join('')}`,
      'too_large',
    ],
    ['ten thousand documents', `${head}---\n`.repeat(10_000), 'too_many'],
    ['ten thousand empty documents and one', `${'---\n'.repeat(10_000)}${head}datum: {}\n`, 'unknown_field'],
    [
      'twenty thousand wrong fields',
      `${head}${Array.from({ length: 20_000 }, (_, n) => `f${n}: 1\n`).join('')}`,
      'unknown_field',
    ],
    ['brackets without end', `${head}data: ${'['.repeat(50_000)}`, 'too_deep'],
    ['more than a megabyte', `${head}data: {a: ${'x'.repeat(1_100_000)}}\n`, 'too_large'],
  ])('CORE-27: is refused in bounded time: %s', async (_name, text, code) => {
    const found = await told(text);
    expect(found.map((issue) => issue.code)).toContain(code);
    expect(found.length).toBeLessThanOrEqual(100);
  });

  it('never repeats what may be a password', async () => {
    const canary = 'canary-9f2';
    const texts = [
      `apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: shop}\ndata: {a: [${canary}]}\n`,
      `apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: shop}\nstringData:\n  a: ${canary}\n  a: ${canary}\n`,
      `apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: shop}\nstringData: "${canary}"\n`,
      `apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: shop}\ndata: {a: "${canary}"}\n`,
      `${head}data: !${canary} x\n`,
    ];
    for (const text of texts) {
      const found = await told(text);
      expect(found.length).toBeGreaterThan(0);
      expect(JSON.stringify(found)).not.toContain(canary);
    }
  });
});

describe('an import that fails or succeeds', () => {
  const apply = async (manifest: string, as = dan) => {
    const { data } = await core.run(
      as,
      `mutation ($manifest: String!) { applyManifest(input: {cluster: "dev", manifest: $manifest}) { __typename
        ... on Error { code } ... on ValidationError { issues { line } }
        ... on ApplyManifestSuccess { documents { object { id yaml events { totalCount } } } } } }`,
      { manifest },
    );
    return data.applyManifest as unknown as Record<string, unknown>;
  };

  it('CORE-30: leads to the object with its information, events and YAML, and after a failure the same text can be mended', async () => {
    expect(await apply(`${head}dta: {a: x}\n`)).toMatchObject({ __typename: 'ValidationError', issues: [{ line: 4 }] });
    const { documents } = (await apply(`${head}data: {a: x}\n`)) as {
      readonly documents: readonly { readonly object: { readonly id: string } }[];
    };
    expect(documents).toMatchObject([{ object: { yaml: expect.stringContaining('a: x'), events: { totalCount: 0 } } }]);
    const { data } = await core.run(
      dan,
      `{ node(id: "${documents[0]?.object.id}") { id ... on KubernetesObject { name } } }`,
    );
    expect(data.node).toMatchObject({ name: 'a' });
  });

  it('CORE-27: kinds of the whole cluster are an administrator’s, those of a namespace its members’ too', async () => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: imported}\n';
    expect(await apply(namespace)).toMatchObject({ __typename: expect.stringMatching(/^(NotFound|Forbidden)Error$/) });
    expect(await apply(namespace, ada)).toMatchObject({ __typename: 'ApplyManifestSuccess' });
    expect(await apply(head.replace('name: a', 'name: b'))).toMatchObject({ __typename: 'ApplyManifestSuccess' });
  });
});
