import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessAttributes } from './authorizer.ts';
import { type PolicyRule, ruleAllows } from './policy-rule.ts';

const nothing: PolicyRule = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
const getPods = { ...nothing, verbs: ['get'], apiGroups: [''], resources: ['pods'] };

function asked(changes: Partial<AccessAttributes>): AccessAttributes {
  return { verb: 'get', group: '', resource: 'pods', subresource: '', namespace: 'default', name: 'x', ...changes };
}

describe('ruleAllows', () => {
  it.each<[string, Partial<PolicyRule>, Partial<AccessAttributes>, boolean]>([
    ['the verb it names', {}, {}, true],
    ['another verb', {}, { verb: 'list' }, false],
    ['every verb by a star', { verbs: ['*'] }, { verb: 'anything' }, true],
    ['another group', {}, { group: 'apps' }, false],
    ['every group by a star', { apiGroups: ['*'] }, { group: 'apps' }, true],
    ['another resource', {}, { resource: 'secrets' }, false],
    ['every resource by a star', { resources: ['*'] }, { resource: 'secrets' }, true],
    ['every subresource by a star', { resources: ['*'] }, { subresource: 'log' }, true],
    ['no subresource by the plain resource', {}, { subresource: 'log' }, false],
    ['the subresource it names', { resources: ['pods/log'] }, { subresource: 'log' }, true],
    ['no plain resource by a subresource', { resources: ['pods/log'] }, {}, false],
    ['a subresource of every resource', { resources: ['*/scale'] }, { resource: 'x', subresource: 'scale' }, true],
    ['another subresource', { resources: ['*/scale'] }, { resource: 'x', subresource: 'status' }, false],
    ['no plain resource by a starred one', { resources: ['*/scale'] }, {}, false],
    ['nothing by a star behind the slash', { resources: ['pods/*'] }, { subresource: 'log' }, false],
    ['the name it names', { resourceNames: ['x', 'y'] }, { name: 'y' }, true],
    ['another name', { resourceNames: ['x'] }, { name: 'y' }, false],
    ['no collection by names', { resourceNames: ['x'] }, { name: '' }, false],
    ['no path by resources', { resources: ['*'] }, { path: '/metrics' }, false],
  ])('decides about %s', (_title, rule, question, isAllowed) => {
    expect(ruleAllows({ ...getPods, ...rule }, asked(question))).toBe(isAllowed);
  });

  it.each([
    ['/healthz', '/healthz', true],
    ['/healthz', '/healthz/ping', false],
    ['/healthz/*', '/healthz/ping', true],
    ['/healthz/*', '/healthz', false],
    ['/healthz*', '/healthzzz', true],
    ['*', '/anything', true],
    ['/a*b', '/axb', false],
  ])('matches the path pattern %s against %s: %s', (pattern, path, isAllowed) => {
    expect(ruleAllows({ ...nothing, verbs: ['get'], nonResourceURLs: [pattern] }, asked({ path }))).toBe(isAllowed);
  });

  it('never takes a right away when a list grows, whatever its order', () => {
    const words = fc.subarray(['*', 'get', '', 'apps', 'pods', 'pods/log', '*/log', 'x'], { minLength: 1 });
    const rules = fc.record({
      verbs: words,
      apiGroups: words,
      resources: words,
      resourceNames: fc.constant([]),
      nonResourceURLs: fc.subarray(['/a', '/a/*', '*']),
    });
    const questions = fc.record({
      verb: fc.constantFrom('get', 'list'),
      group: fc.constantFrom('', 'apps'),
      resource: fc.constantFrom('pods', 'secrets'),
      subresource: fc.constantFrom('', 'log', 'exec'),
      name: fc.constantFrom('', 'x'),
    });
    fc.assert(
      fc.property(rules, rules, questions, (rule, more, question) => {
        const grown = {
          verbs: [...more.verbs, ...rule.verbs],
          apiGroups: [...more.apiGroups, ...rule.apiGroups],
          resources: [...more.resources, ...rule.resources],
          resourceNames: [],
          nonResourceURLs: [],
        };
        if (ruleAllows(rule, asked(question))) expect(ruleAllows(grown, asked(question))).toBe(true);
        const turned = { ...grown, verbs: grown.verbs.toReversed(), resources: grown.resources.toReversed() };
        expect(ruleAllows(turned, asked(question))).toBe(ruleAllows(grown, asked(question)));
      }),
    );
  });
});
