import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { readNow } from '../../testing/read-now.ts';
import { maxManifestBytes, maxManifestDocuments, readManifests } from './read-manifests.ts';

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n';

function objectOf(text: string): Record<string, unknown> {
  const { documents, issues } = readNow(text);
  expect(issues).toEqual([]);
  expect(documents).toHaveLength(1);
  return documents[0]?.object as unknown as Record<string, unknown>;
}

const issuesOf = (text: string) =>
  readNow(text).issues.map(({ path, code, line, column }) => `${path.join('.')} ${code} ${line}:${column}`);

describe('readManifests', () => {
  it('reads several documents and skips empty ones', () => {
    const text = `---\n# only a comment\n---\n${head}---\n---\n${head.replace('settings', 'other')}...\n`;
    const { documents, issues } = readNow(text);
    expect(issues).toEqual([]);
    expect(documents.map(({ index, object }) => [index, object.metadata.name])).toEqual([
      [0, 'settings'],
      [1, 'other'],
    ]);
  });

  it('reads JSON, also with tabs', () => {
    const text =
      '{\n\t"apiVersion": "v1",\n\t"kind": "ConfigMap",\n\t"metadata": {"name": "a"},\n\t"data": {"on": "yes"}\n}';
    expect(objectOf(text)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { on: 'yes' },
    });
  });

  it('takes a List for its items', () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: a}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: 5}\n`;
    const { documents, issues } = readNow(text);
    expect(documents).toHaveLength(2);
    expect(issues).toMatchObject([
      { path: ['manifest', 1, 'metadata', 'name'], code: 'not_a_text', line: 9, column: 20 },
    ]);
  });

  it('reads plain scalars as kubectl does and leaves quoted ones alone', () => {
    const values =
      'spec:\n  a: no\n  b: "no"\n  c: 0755\n  d: 22:22\n  e: 2026-01-31\n  f: ~\n  g: !!str 5\n  h: |\n    on\n  i: 1.50\n  y: z\n';
    expect(objectOf(head + values).spec).toEqual({
      a: false,
      b: 'no',
      c: 493,
      d: '22:22',
      e: '2026-01-31',
      f: null,
      g: '5',
      h: 'on\n',
      i: 1.5,
      true: 'z',
    });
  });

  it('fills in anchors, aliases and merges, what is written out wins', () => {
    const values =
      'base: &base {a: 1, b: 2}\nspec:\n  <<: *base\n  b: 3\n  list: [*base, *base]\nother:\n  <<: [{a: 9}, *base]\n';
    expect(objectOf(head + values)).toMatchObject({
      spec: {
        a: 1,
        b: 3,
        list: [
          { a: 1, b: 2 },
          { a: 1, b: 2 },
        ],
      },
      other: { a: 9, b: 2 },
    });
  });

  it('lets an alias mean the nearest anchor before it', () => {
    const values = 'a: &x 1\nb: &y [&x 2]\nc: &x 3\nd: *y\ne: *x\n';
    expect(objectOf(head + values)).toMatchObject({ b: [2], d: [2], e: 3 });
  });

  it('keeps a key named __proto__ a key', () => {
    const data = objectOf(`${head}data:\n  __proto__: {polluted: "1"}\n`).data as object;
    expect(Object.hasOwn(data, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    { name: 'a text that is empty', text: '# nothing\n', issues: ['manifest empty undefined:undefined'] },
    {
      name: 'a duplicate key',
      text: `${head}data:\n  a: x\n  b: y\n  "a": z\n`,
      issues: ['manifest.0.data.a duplicate_key 8:3'],
    },
    {
      name: 'keys that only kubectl reads as one',
      text: `${head}data:\n  yes: x\n  on: y\n`,
      issues: ['manifest.0.data.true duplicate_key 7:3'],
    },
    {
      name: 'a missing apiVersion',
      text: 'kind: Pod\nmetadata:\n  name: a\n',
      issues: ['manifest.0.apiVersion required 1:1'],
    },
    {
      name: 'a missing kind',
      text: 'apiVersion: v1\nmetadata:\n  name: a\n',
      issues: ['manifest.0.kind required 1:1'],
    },
    { name: 'missing metadata', text: 'apiVersion: v1\nkind: Pod\n', issues: ['manifest.0.metadata required 1:1'] },
    {
      name: 'a missing name',
      text: 'apiVersion: v1\nkind: Pod\nmetadata:\n  generateName: a-\n',
      issues: ['manifest.0.metadata.name required 4:3'],
    },
    {
      name: 'a name that is a number',
      text: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: 5\n',
      issues: ['manifest.0.metadata.name not_a_text 4:9'],
    },
    {
      name: 'the Norway problem in a label',
      text: `${head}  labels:\n    country: no\n    city: "oslo"\n`,
      issues: ['manifest.0.metadata.labels.country not_a_text 6:14'],
    },
    {
      name: 'a whole number beyond 2^53',
      text: `${head}data:\n  id: 9007199254740993\n`,
      issues: ['manifest.0.data.id number_too_large 6:7'],
    },
    { name: 'infinity', text: `${head}data:\n  x: .inf\n`, issues: ['manifest.0.data.x not_a_number 6:6'] },
    { name: 'a tab as indentation', text: `${head}data:\n\ta: b\n`, issues: ['manifest.0 yaml_syntax 6:1'] },
    { name: 'a bad indentation', text: `${head}data:\n    a: b\n  c: d\n`, issues: ['manifest.0 yaml_syntax 7:1'] },
    { name: 'an alias without anchor', text: `${head}data: *nothing\n`, issues: ['manifest.0.data unknown_alias 5:7'] },
    {
      name: 'an anchor that contains itself',
      text: `${head}data: &a {b: *a}\n`,
      issues: ['manifest.0.data.b endless_alias 5:14'],
    },
    {
      name: 'an unknown tag',
      text: `${head}data: {a: !!binary aGk=, b: !env X}\n`,
      issues: ['manifest.0.data.a unknown_tag 5:20', 'manifest.0.data.b unknown_tag 5:34'],
    },
    { name: 'another version of YAML', text: `%YAML 1.2\n---\n${head}`, issues: ['manifest.0 yaml_version 2:1'] },
    { name: 'a control character', text: `${head}data:\n  a: "x\u0000"\n`, issues: ['manifest yaml_syntax 6:8'] },
    { name: 'a list instead of an object', text: '- a\n- b\n', issues: ['manifest.0 not_an_object 1:1'] },
    { name: 'a bare word', text: 'hello', issues: ['manifest.0 not_an_object 1:1'] },
    {
      name: 'the second document alone',
      text: `${head}---\nkind: Pod\nmetadata: {name: a}\n`,
      issues: ['manifest.1.apiVersion required 6:1'],
    },
  ])('tells of $name with line and column', ({ text, issues }) => {
    expect(issuesOf(text)).toEqual(issues);
  });

  it('takes as many documents as it may', () => {
    const text = Array.from({ length: maxManifestDocuments }, () => head).join('---\n');
    expect(readNow(text)).toMatchObject({ documents: { length: maxManifestDocuments }, issues: [] });
  });

  it('takes no more documents than it may (refused)', () => {
    const text = Array.from({ length: maxManifestDocuments + 1 }, () => head).join('---\n');
    expect(readNow(text).issues).toMatchObject([{ path: ['manifest'], code: 'too_many' }]);
  });

  it('refuses more than a mebibyte without looking into it', () => {
    expect(readNow('x'.repeat(1024 * 1024 + 1)).issues).toMatchObject([{ path: ['manifest'], code: 'too_large' }]);
  });

  const fill = (text: string) => text.repeat(Math.floor(1_000_000 / text.length));
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...[...'bcdefgh'].map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[index]}`).join(',')}]`),
  ];
  it.each([
    { name: 'an alias bomb', text: bomb.join('\n'), code: 'too_large' },
    {
      name: 'one long text used a thousand times',
      text: `a: &a "${'x'.repeat(500_000)}"\nb: [${Array(1000).fill('*a').join(',')}]`,
      code: 'too_large',
    },
    {
      name: 'a bomb of merges',
      text: `a: &a {${Array.from({ length: 2000 }, (_, i) => `k${i}: v`).join(',')}}\nb:\n${'  - {<<: *a}\n'.repeat(2000)}`,
      code: 'too_large',
    },
    { name: 'endless brackets', text: fill('['), code: 'too_deep' },
    { name: 'endless braces', text: fill('{a: '), code: 'too_deep' },
    { name: 'endless dashes', text: fill('- '), code: 'too_deep' },
    {
      name: 'a staircase',
      text: Array.from({ length: 1300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      code: 'too_deep',
    },
    {
      name: 'a hundred thousand keys',
      text: Array.from({ length: 90_000 }, (_, i) => `k${i}: v`).join('\n'),
      code: 'too_large',
    },
    { name: 'a million commas', text: `[${fill(',')}`, code: 'too_large' },
    { name: 'a million quotes', text: fill('"'), code: 'too_large' },
    { name: 'anchors on anchors', text: fill('&a '), code: 'too_large' },
    { name: 'endless empty documents', text: fill('---\n'), code: 'too_large' },
    { name: 'endless comments', text: fill('#\n'), code: 'too_large' },
  ])('refuses $name in bounded time', ({ text, code }) => {
    const started = performance.now();
    const { issues } = readNow(text);
    expect(issues.map((issue) => issue.code)).toContain(code);
    // Some twenty times what it takes; the ways it used to take were minutes.
    expect(performance.now() - started).toBeLessThan(6_000);
  });

  it('never throws and always says something of what it does not take', () => {
    const fragment = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '? ',
      '&a',
      '*a',
      '!!int ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '|',
      '>',
      '#',
      '%',
      '---\n',
      '<<',
      '0x1',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), (parts) => {
        const { documents, issues } = readNow(parts.join(''));
        expect(documents.length + issues.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('finds a path of the object in its text', () => {
    const [document] = readNow(`# top\n${head}spec:\n  containers:\n  - name: a\n    image: b\n`).documents;
    expect(document?.locate(['spec', 'containers', 0, 'image'])).toEqual({ line: 9, column: 12 });
    expect(document?.locate(['spec', 'containers', 4])).toEqual({ line: 8, column: 3 });
    expect(document?.locate(['status'])).toEqual({ line: 2, column: 1 });
  });
});

describe('reading in slices', () => {
  it('lets others have their turn in a long text, and reads the same (CORE-27)', async () => {
    const text = `${head}data:\n${Array.from({ length: 20_000 }, (_, index) => `  key${index}: v\n`).join('')}`;
    const slices = { isSpent: () => true, next: vi.fn<() => Promise<void>>(() => Promise.resolve()) };
    const read = await readManifests(text, slices);
    expect(slices.next.mock.calls.length).toBeGreaterThan(500);
    expect(read.issues).toEqual([]);
    expect(read.documents[0]?.object).toEqual(readNow(text).documents[0]?.object);
  });

  it('pauses where a text is wrong as well, and not after what is refused unread (refused)', async () => {
    const slices = { isSpent: () => true, next: vi.fn<() => Promise<void>>(() => Promise.resolve()) };
    expect((await readManifests('x'.repeat(maxManifestBytes + 1), slices)).issues).toMatchObject([
      { code: 'too_large' },
    ]);
    expect(slices.next).not.toHaveBeenCalled();
    const wrong = '[,'.repeat(50);
    expect((await readManifests(wrong, slices)).issues).toEqual(readNow(wrong).issues);
  });
});
