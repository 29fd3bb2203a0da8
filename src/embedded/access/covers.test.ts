import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeEscalation, missingRules } from './covers.ts';
import { type PolicyRule, ruleAllows } from './policy-rule.ts';

const rule = (changes: Partial<PolicyRule>): PolicyRule => ({
  verbs: ['get'],
  apiGroups: [''],
  resources: ['pods'],
  resourceNames: [],
  nonResourceURLs: [],
  ...changes,
});
const path = (verbs: string[], ...nonResourceURLs: string[]): PolicyRule => ({
  verbs,
  apiGroups: [],
  resources: [],
  resourceNames: [],
  nonResourceURLs,
});

describe('missingRules', () => {
  it.each<[string, PolicyRule[], PolicyRule[], number]>([
    ['the same rule', [rule({})], [rule({})], 0],
    ['more by a star', [rule({ verbs: ['*'], resources: ['*'], apiGroups: ['*'] })], [rule({ verbs: ['list'] })], 0],
    ['one verb too many', [rule({})], [rule({ verbs: ['get', 'list'] })], 1],
    [
      'two rules that are enough together',
      [rule({}), rule({ verbs: ['list'] })],
      [rule({ verbs: ['get', 'list'] })],
      0,
    ],
    ['every name, held for one', [rule({ resourceNames: ['a'] })], [rule({})], 1],
    ['one name, held for all', [rule({})], [rule({ resourceNames: ['a'] })], 0],
    ['a subresource by a starred one', [rule({ resources: ['*/log'] })], [rule({ resources: ['pods/log'] })], 0],
    ['a resource by a starred subresource', [rule({ resources: ['*/log'] })], [rule({})], 1],
    ['a path below a pattern', [path(['get'], '/a/*')], [path(['get'], '/a/b')], 0],
    ['a pattern above a path', [path(['get'], '/a/b')], [path(['get'], '/a/*')], 1],
    ['no star by everything known', [rule({})], [rule({ verbs: ['*'] })], 1],
  ])('compares %s', (_title, held, wanted, count) => {
    expect(missingRules(held, wanted)).toHaveLength(count);
  });

  it('never calls covered what the held rules do not allow', () => {
    const lists = fc.record({
      verbs: fc.subarray(['get', 'list', '*'], { minLength: 1 }),
      apiGroups: fc.subarray(['', 'apps', '*'], { minLength: 1 }),
      resources: fc.subarray(['pods', 'pods/log', '*/log', '*'], { minLength: 1 }),
      resourceNames: fc.subarray(['a', 'b']),
      nonResourceURLs: fc.constant([]),
    });
    const question = fc.record({
      verb: fc.constantFrom('get', 'list', 'delete'),
      group: fc.constantFrom('', 'apps', 'batch'),
      resource: fc.constantFrom('pods', 'jobs'),
      subresource: fc.constantFrom('', 'log'),
      namespace: fc.constant(''),
      name: fc.constantFrom('a', 'b', ''),
    });
    fc.assert(
      fc.property(fc.array(lists), fc.array(lists), question, (held, wanted, asked) => {
        if (missingRules(held, wanted).length > 0 || !wanted.some((each) => ruleAllows(each, asked))) return;
        expect(held.some((each) => ruleAllows(each, asked))).toBe(true);
      }),
    );
  });
});

describe('describeEscalation', () => {
  it('lists by resource what is not held', () => {
    const user = { username: 'ann', groups: ['team', 'system:authenticated'] };
    const wanted = [rule({ verbs: ['get', 'list'] }), rule({ apiGroups: ['apps'], resources: ['deployments'] })];
    expect(describeEscalation(user, { rules: [], errors: [] }, wanted)).toMatchInlineSnapshot(`
      "user "ann" (groups=["team" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:
      {APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}
      {APIGroups:["apps"], Resources:["deployments"], Verbs:["get"]}"
    `);
    expect(describeEscalation(user, { rules: wanted, errors: [] }, wanted)).toBeUndefined();
  });
});
