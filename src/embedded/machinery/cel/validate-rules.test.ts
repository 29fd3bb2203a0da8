import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { StructuralSchema } from '../schema/structural-schema.ts';
import { checkExpressions } from './check-expressions.ts';
import { validateRules } from './validate-rules.ts';

const fields: JsonObject = {
  count: { type: 'integer' },
  ratio: { type: 'number' },
  name: { type: 'string' },
  'a-b': { type: 'integer' },
  port: { 'x-kubernetes-int-or-string': true },
  until: { type: 'string', format: 'date-time' },
  wait: { type: 'string', format: 'duration' },
  words: { type: 'array', items: { type: 'string' } },
  numbers: { type: 'array', items: { type: 'integer' } },
  labels: { type: 'object', additionalProperties: { type: 'string' } },
  parts: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['key'],
    items: { type: 'object', properties: { key: { type: 'string' }, size: { type: 'integer' } } },
  },
};

function schemaWith(rule: JsonObject): JsonObject {
  return {
    type: 'object',
    properties: { spec: { type: 'object', properties: fields, 'x-kubernetes-validations': [rule] } },
  };
}

function holds(rule: string, spec: JsonObject, old?: JsonObject): string[] {
  const schema = new StructuralSchema(schemaWith({ rule, message: 'no' }));
  const { problems } = validateRules({ spec }, schema, old === undefined ? undefined : { spec: old });
  return problems.map(({ message }) => message);
}

describe('validateRules', () => {
  it.each<[rule: string, right: JsonObject, wrong: JsonObject]>([
    ['self.count > 1', { count: 2 }, { count: 1 }],
    ['has(self.name)', { name: '' }, {}],
    ['self.ratio / 2.0 < 1.0', { ratio: 1 }, { ratio: 3 }],
    ['self.a__dash__b == 1', { 'a-b': 1 }, { 'a-b': 2 }],
    ['type(self.port) == int || self.port == "http"', { port: 80 }, { port: 'ssh' }],
    [
      'self.until < timestamp("2030-01-01T00:00:00Z")',
      { until: '2026-01-01T00:00:00Z' },
      { until: '2031-01-01T00:00:00Z' },
    ],
    ['self.wait <= duration("1h")', { wait: '30m' }, { wait: '2h' }],
    ['self.words.all(w, w.size() < 3)', { words: ['a', 'bb'] }, { words: ['ccc'] }],
    ['self.words.exists_one(w, w == "a")', { words: ['a', 'b'] }, { words: ['a', 'a'] }],
    ['self.words.map(w, w + "!").exists(w, w == "a!")', { words: ['a'] }, { words: ['b'] }],
    ['self.words.filter(w, w != "").size() == 1', { words: ['', 'a'] }, { words: [''] }],
    ['self.words.isSorted()', { words: ['a', 'b'] }, { words: ['b', 'a'] }],
    ['self.numbers.sum() == 3', { numbers: [1, 2] }, { numbers: [1, 1] }],
    ['self.numbers.max() - self.numbers.min() < 5', { numbers: [1, 2] }, { numbers: [1, 9] }],
    ['sets.intersects(self.words, ["x", "y"])', { words: ['y'] }, { words: ['z'] }],
    [
      'self.labels.all(key, key.startsWith("k") && self.labels[key] != "")',
      { labels: { k1: 'v' } },
      { labels: { k1: '' } },
    ],
    [
      'self.parts.all(a, self.parts.exists_one(b, a.key == b.key))',
      { parts: [{ key: 'a' }] },
      { parts: [{ key: 'a' }, { key: 'a' }] },
    ],
    ['!has(self.parts) || has(self.parts[0].size)', { parts: [{ key: 'a', size: 1 }] }, { parts: [{ key: 'a' }] }],
    ['self.?name.orValue("none") == "none"', {}, { name: 'n' }],
    ['self.name.matches("^[a-z]+$")', { name: 'abc' }, { name: 'A' }],
    ['self.name.matches("^(?i)\\\\.?[a-z]+(x|[(|]y)$") && "has(matches(" != ""', { name: '.ABX' }, { name: 'a1x' }],
    ['self.name.replace("a", "b") == "bb"', { name: 'ab' }, { name: 'aa ' }],
    ['"%s-%d".format([self.name, self.count]) == "n-2"', { name: 'n', count: 2 }, { name: 'n', count: 3 }],
    ['self.name.find("[0-9]+") == "12"', { name: 'a12b' }, { name: 'a1' }],
    ['isQuantity(self.name) && quantity(self.name).isLessThan(quantity("1Gi"))', { name: '512Mi' }, { name: '2Gi' }],
    ['isIP(self.name) && ip(self.name).family() == 4', { name: '10.0.0.1' }, { name: '::1' }],
    ['cidr("10.0.0.0/8").containsIP(self.name)', { name: '10.1.2.3' }, { name: '11.0.0.1' }],
    ['isCIDR(self.name) && cidr(self.name).prefixLength() > 8', { name: '10.0.0.0/16' }, { name: '10.0.0.0/8' }],
    [
      'isURL(self.name) && url(self.name).getHost() == "example.com:80"',
      { name: 'ftp://example.com:80/x' },
      { name: 'nothing' },
    ],
    ['!format.dns1123Label().validate(self.name).hasValue()', { name: 'ok' }, { name: 'Not' }],
  ])('evaluates %s', (rule, right, wrong) => {
    expect(holds(rule, right)).toEqual([]);
    expect(holds(rule, wrong)).toEqual(['Invalid value: no']);
    expect(checkExpressions(schemaWith({ rule }), '')).toEqual([]);
  });

  it('says what went wrong while a rule ran', () => {
    expect(holds('self.labels["x"] == "y"', { labels: {} })).toEqual([
      'Invalid value: "object": no such key: x evaluating rule: no',
    ]);
    expect(holds('self.words[3] == "y"', { words: [] })).toEqual([
      'Invalid value: "object": index out of bounds: 3 evaluating rule: no',
    ]);
    expect(holds('1 / self.count == 0', { count: 0 })).toEqual([
      'Invalid value: "object": division by zero evaluating rule: no',
    ]);
    expect(holds('self.port > 5', { port: 'http' })).toEqual([
      'Invalid value: "object": \'no such overload\': call arguments did not match a supported operator, function or macro signature for rule: no',
    ]);
  });

  it('compares with what was before only where there is something before', () => {
    const rule = 'self.count >= oldSelf.count';
    expect(holds(rule, { count: 1 })).toEqual([]);
    expect(holds(rule, { count: 1 }, { count: 1 })).toEqual([]);
    expect(holds(rule, { count: 1 }, { count: 2 })).toEqual(['Invalid value: no']);
  });

  it('leaves alone, with a warning, what broke a rule before and did not change', () => {
    const schema = new StructuralSchema(schemaWith({ rule: 'self.count > 1', message: 'too few' }));
    const old = { spec: { count: 1 } };
    const { problems, warnings } = validateRules({ spec: { count: 1 } }, schema, old);
    expect(problems).toEqual([]);
    expect(warnings).toEqual(['spec: Invalid value: too few']);
    expect(validateRules({ spec: { count: 0 } }, schema, old).problems).toHaveLength(1);
  });

  it('stops a rule that would take too long (refused)', () => {
    const rule = 'self.numbers.all(a, self.numbers.all(b, self.numbers.all(c, a + b + c > 0)))';
    // Eight thousand million steps would take an hour.
    const numbers = Array.from({ length: 2000 }, () => 1);
    expect(holds(rule, { numbers })).toEqual([
      'Invalid value: "object": \'operation cancelled: actual cost limit exceeded\': no further validation rules will be run due to call cost exceeds limit for rule: no',
    ]);
  });
});

describe('checkExpressions', () => {
  const wordsOf = (rule: JsonObject): string[] =>
    checkExpressions(schemaWith(rule), 'schema').map(
      ({ field, message }) => `${field.split(']').at(-1)} ${message.replace(/^Invalid value: \{.*?\}: /, '')}`,
    );

  it.each<[rule: JsonObject, words: string]>([
    [
      { rule: 'self.zz > 1' },
      ".rule compilation failed: ERROR: <input>:1:5: undefined field 'zz'\n | self.zz > 1\n | ....^",
    ],
    [
      { rule: 'has(self.zz)' },
      ".rule compilation failed: ERROR: <input>:1:9: undefined field 'zz'\n | has(self.zz)\n | ........^",
    ],
    [
      { rule: 'foo > 1' },
      ".rule compilation failed: ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo > 1\n | ^",
    ],
    [{ rule: 'self.count' }, '.rule cel expression must evaluate to a bool'],
    [
      { rule: 'self.count > "x"' },
      ".rule compilation failed: ERROR: <input>:1:12: found no matching overload for '_>_' applied to '(int, string)'\n | self.count > \"x\"\n | ...........^",
    ],
    [
      { rule: 'self.name.nonsense()' },
      ".rule compilation failed: ERROR: <input>:1:19: undeclared reference to 'nonsense' (in container '')\n | self.name.nonsense()\n | ..................^",
    ],
    [
      { rule: 'self.count > 1', messageExpression: 'self.count' },
      '.messageExpression messageExpression must evaluate to a string',
    ],
    [
      { rule: 'self.count > 1', optionalOldSelf: true },
      '.optionalOldSelf Invalid value: true: may not be set if oldSelf is not used in rule',
    ],
  ])('refuses %o', (rule, words) => {
    expect(wordsOf(rule)).toEqual([words]);
  });

  it('refuses oldSelf where no old value belongs to a new one', () => {
    const items = { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] };
    expect(checkExpressions({ type: 'array', items }, 'schema')).toEqual([
      {
        reason: 'FieldValueInvalid',
        field: 'schema.items.x-kubernetes-validations[0].rule',
        message:
          'Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within schema',
      },
    ]);
  });
});
