import { expect } from 'vitest';
import { causesOf } from './support/causes-of.ts';
import type { Answer } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { refusedDefinition } from './support/refused-definition.ts';
import { definitions, objectOf, serveKind, versionWith } from './support/serve-kind.ts';

const { conformanceCase } = conformanceArea('validation rules of custom resources');

const page = 'tasks/extend-kubernetes/custom-resources/custom-resource-definitions';
const warningsOf = ({ headers }: Answer): string => String(headers.warning ?? '');

const rule = (text: string, more: Json = {}): Json => ({ 'x-kubernetes-validations': [{ rule: text, ...more }] });

conformanceCase(
  { title: 'refuses what breaks a rule, in the words of the rule', source: `${page}: validation rules` },
  async (t) => {
    const spec = objectOf(
      {
        min: { type: 'integer' },
        max: { type: 'integer', ...rule('self < 100', { message: 'too big', reason: 'FieldValueForbidden' }) },
      },
      rule('!has(self.min) || !has(self.max) || self.min <= self.max'),
    );
    const kind = await serveKind(t, 'Ruled', versionWith(spec));
    expect((await kind.create({ min: 1, max: 2 })).status).toBe(201);
    const refused = await kind.create({ min: 3, max: 2 });
    expect(refused).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
    expect(causesOf(refused)).toEqual([
      'spec: Invalid value: failed rule: !has(self.min) || !has(self.max) || self.min <= self.max',
    ]);
    const forbidden = await kind.create({ max: 100 });
    expect(forbidden.body.details.causes).toEqual([
      { reason: 'FieldValueForbidden', message: 'Forbidden: too big', field: 'spec.max' },
    ]);
  },
);

conformanceCase(
  {
    title: 'lets a rule compute its message and point at a field',
    source: `${page}: messageExpression, fieldPath, reason`,
  },
  async (t) => {
    const spec = objectOf(
      { name: { type: 'string', maxLength: 20 } },
      rule("self.name != 'root'", {
        messageExpression: "'the name ' + self.name + ' is taken'",
        fieldPath: '.name',
        reason: 'FieldValueRequired',
      }),
    );
    const kind = await serveKind(t, 'Telling', versionWith(spec));
    expect((await kind.create({ name: 'root' })).body.details.causes).toEqual([
      { reason: 'FieldValueRequired', message: 'Required value: the name root is taken', field: 'spec.name' },
    ]);
  },
);

conformanceCase(
  { title: 'compares with the old value in transition rules', source: `${page}: transition rules` },
  async (t) => {
    const spec = objectOf({
      name: { type: 'string', ...rule('self == oldSelf', { message: 'name is immutable' }) },
      once: {
        type: 'string',
        ...rule('!oldSelf.hasValue() || self == oldSelf.value()', { optionalOldSelf: true, message: 'set once' }),
      },
      other: { type: 'string' },
    });
    const kind = await serveKind(t, 'Moving', versionWith(spec));
    expect((await kind.create({ name: 'a', once: 'b' })).status).toBe(201);
    expect((await t.api.patch('merge', kind.at('x1'), { spec: { other: 'c' } })).status).toBe(200);
    expect(causesOf(await t.api.patch('merge', kind.at('x1'), { spec: { name: 'z' } }))).toEqual([
      'spec.name: Invalid value: "z": name is immutable',
    ]);
    expect(causesOf(await t.api.patch('merge', kind.at('x1'), { spec: { once: 'z' } }))).toEqual([
      'spec.once: Invalid value: "z": set once',
    ]);
  },
);

conformanceCase(
  {
    title: 'finds the old items of a list by its keys in transition rules',
    source: `${page}: correlatable portions of the schema`,
  },
  async (t) => {
    const items = objectOf(
      { key: { type: 'string', maxLength: 10 }, size: { type: 'integer' } },
      { required: ['key'], ...rule('self.size >= oldSelf.size', { message: 'sizes only grow' }) },
    );
    const list = {
      type: 'array',
      maxItems: 10,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['key'],
      items,
    };
    const kind = await serveKind(t, 'Growing', versionWith(objectOf({ list })));
    await kind.create({ list: [{ key: 'a', size: 5 }] });
    expect(
      (
        await t.api.patch('merge', kind.at('x1'), {
          spec: {
            list: [
              { key: 'b', size: 1 },
              { key: 'a', size: 6 },
            ],
          },
        })
      ).status,
    ).toBe(200);
    expect(
      causesOf(
        await t.api.patch('merge', kind.at('x1'), {
          spec: {
            list: [
              { key: 'b', size: 1 },
              { key: 'a', size: 2 },
            ],
          },
        }),
      ),
    ).toEqual(['spec.list[1]: Invalid value: sizes only grow']);
  },
);

conformanceCase(
  { title: 'does not ask rules of an object whose schema does not hold', source: `${page}: validation rules` },
  async (t) => {
    const kind = await serveKind(
      t,
      'Blocked',
      versionWith(objectOf({ a: { type: 'integer' } }, rule('self.a > 5', { message: 'too small' }))),
    );
    expect(causesOf(await kind.create({ a: 'text' }))).toEqual([
      'spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"',
      '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    ]);
  },
);

conformanceCase(
  {
    title: 'lets a broken rule be where nothing changed, with a warning',
    source: 'KEP-4008 CRD validation ratcheting: x-kubernetes-validations',
  },
  async (t) => {
    const kind = await serveKind(
      t,
      'Lenient',
      versionWith(objectOf({ part: objectOf({ a: { type: 'integer' } }), b: { type: 'string' } })),
    );
    await kind.create({ part: { a: 1 } });
    await t.api.change(`${definitions}/${kind.plural}.${kind.group}`, (definition) => {
      Object.assign(
        definition.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.part,
        rule('self.a > 5', { message: 'too small' }),
      );
    });
    await eventually(async () => expect((await kind.create({ part: { a: 1 } }, { dryRun: 'All' })).status).toBe(422));
    const kept = await t.api.patch('merge', kind.at('x1'), { spec: { b: 'y' } });
    expect(kept.status).toBe(200);
    expect(warningsOf(kept)).toContain('spec.part: Invalid value: too small');
    expect((await t.api.patch('merge', kind.at('x1'), { spec: { part: { a: 2 } } })).status).toBe(422);
  },
);

conformanceCase(
  {
    title: 'knows formats, quantities, addresses and lists in rules',
    source: 'reference/using-api/cel: CEL libraries of Kubernetes',
  },
  async (t) => {
    const text = { type: 'string', maxLength: 50 };
    const spec = objectOf(
      {
        wait: { type: 'string', format: 'duration' },
        memory: text,
        address: text,
        words: { type: 'array', maxItems: 5, items: text },
        port: { 'x-kubernetes-int-or-string': true },
      },
      {
        'x-kubernetes-validations': [
          { rule: "!has(self.wait) || self.wait <= duration('1h')", message: 'waits too long' },
          {
            rule: "!has(self.memory) || isQuantity(self.memory) && quantity(self.memory).isLessThan(quantity('1Gi'))",
            message: 'takes too much',
          },
          {
            rule: "!has(self.address) || isIP(self.address) && cidr('10.0.0.0/8').containsIP(ip(self.address))",
            message: 'is elsewhere',
          },
          { rule: '!has(self.words) || self.words.isSorted()', message: 'is out of order' },
          { rule: "!has(self.port) || type(self.port) == int || self.port.matches('^[a-z]+$')", message: 'is no port' },
        ],
      },
    );
    const kind = await serveKind(t, 'Learned', versionWith(spec));
    expect(
      (await kind.create({ wait: '30m', memory: '512Mi', address: '10.1.2.3', words: ['a', 'b'], port: 'http' }))
        .status,
    ).toBe(201);
    const refused = await kind.create({
      wait: '2h',
      memory: '2Gi',
      address: '11.0.0.1',
      words: ['b', 'a'],
      port: '8-0',
    });
    expect(causesOf(refused)).toEqual(
      ['waits too long', 'takes too much', 'is elsewhere', 'is out of order', 'is no port'].map(
        (words) => `spec: Invalid value: ${words}`,
      ),
    );
  },
);

conformanceCase(
  {
    title: 'refuses a definition whose rules do not compile',
    source: `${page}: validation rules are compiled when definitions are created`,
  },
  async (t) => {
    const spec = objectOf(
      { a: { type: 'integer' } },
      { 'x-kubernetes-validations': [{ rule: 'self.b > 1' }, { rule: 'self.a' }, { rule: 'self.a > "x"' }] },
    );
    const refused = await refusedDefinition(t, { versions: [versionWith(spec)] });
    expect(refused.status).toBe(422);
    const [undefinedField, notBool, overload] = causesOf(refused);
    const place = 'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations';
    expect(undefinedField).toMatch(new RegExp(`^${place.replace(/[[\]]/g, '\\$&')}\\[0\\]\\.rule: `));
    expect(undefinedField).toContain(
      "compilation failed: ERROR: <input>:1:5: undefined field 'b'\n | self.b > 1\n | ....^",
    );
    expect(notBool).toContain('cel expression must evaluate to a bool');
    expect(overload).toContain("found no matching overload for '_>_' applied to '(int, string)'");
  },
);
