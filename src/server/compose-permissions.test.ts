import { describe, expect, it } from 'vitest';
import type { ConfigError } from '../config/config-error.ts';
import type { Profiles } from '../kernel/profiles/profiles.ts';
import { composePermissions } from './compose-permissions.ts';

const plugin = {
  name: 'acme',
  version: '1.0.0',
  description: 'x',
  actions: ['CONFIRM'],
  roles: [{ name: 'operator', description: 'Confirms.' }],
  permissions: [{ roles: ['operator'], actions: ['CONFIRM'], subjects: ['acme/Order'] }],
};
const noProfiles = () => ({ unknownAt: () => undefined }) as Partial<Profiles> as Profiles;

function compose(settings: object) {
  const sources = { roles: 'file /etc/longshore.yaml', tokens: 'file /etc/longshore.yaml' };
  const given = { roles: [], tokens: [], oidc: [], serviceAccounts: [], sources, ...settings };
  return composePermissions([plugin], given as never, noProfiles);
}

const role = { name: 'auditor', description: 'Reads.', extends: [], rules: [] };
const rule = { actions: ['READ'], subjects: ['acme/Order'], where: 'own' };

describe('composePermissions', () => {
  it('takes roles of plugins and of the settings, wherever a role may be named (CORE-09)', () => {
    const permissions = compose({
      roles: [{ ...role, extends: ['operator'], rules: [rule] }],
      tokens: [{ roles: ['auditor', 'operator'] }],
      oidc: [{ rolesFromGroups: { a: 'auditor', b: ['DEVELOPER', 'operator'] } }],
      serviceAccounts: [{ rolesFromGroups: { a: 'GUEST' } }],
    });
    expect(permissions.roles.all.map(({ name, definedBy }) => `${name} of ${definedBy}`)).toEqual([
      'ADMIN of longshore',
      'DEVELOPER of longshore',
      'GUEST of longshore',
      'auditor of settings',
      'operator of acme',
    ]);
    const access = permissions.for({
      id: 'token:a',
      name: 'a',
      kind: 'TOKEN',
      groups: [],
      roles: ['auditor'],
      namespaces: [],
      expiresAt: undefined,
    });
    expect(access.allowed('CONFIRM', { subject: 'acme/Order' })).toBe(true);
    expect(access.allowed('READ', { subject: 'acme/Order', owner: 'token:a' })).toBe(true);
    expect(access.allowed('READ', { subject: 'acme/Order', owner: 'token:b' })).toBe(false);
  });

  it.each([
    {
      settings: { tokens: [{ roles: ['ADMIN', 'auditer'] }], roles: [role] },
      says: "tokens[0].roles[1] is 'auditer', which is no role; did you mean 'auditor'? (file /etc/longshore.yaml)",
    },
    {
      settings: { oidc: [{ rolesFromGroups: { team: ['ROOT'] } }] },
      says: "oidc[0].rolesFromGroups.team is 'ROOT', which is no role",
    },
    {
      settings: { roles: [{ ...role, extends: ['opperator'] }] },
      says: "roles[0] extends 'opperator', which is no role; did you mean 'operator'? (file /etc/longshore.yaml)",
    },
    {
      settings: { roles: [{ ...role, extends: ['ADMIN'] }] },
      says: 'roles[0] extends ADMIN, which nothing can narrow: give ADMIN itself (file /etc/longshore.yaml)',
    },
    {
      settings: {
        roles: [
          { ...role, extends: ['other'] },
          { ...role, name: 'other', extends: ['auditor'] },
        ],
      },
      says: 'roles[0] extends itself: auditor (file /etc/longshore.yaml)',
    },
    {
      settings: { roles: [{ ...role, name: 'admin' }] },
      says: "roles[0] defines the role 'admin', which is there already (file /etc/longshore.yaml)",
    },
    {
      settings: { roles: [{ ...role, name: 'Operator' }] },
      says: "roles[0] defines the role 'Operator', which is there already (file /etc/longshore.yaml)",
    },
    {
      settings: { roles: [role, { ...role, name: 'b', rules: [rule, { ...rule, actions: ['CONFIM'] }] }] },
      says: /^roles\[1\]\.rules\[1\] \('b'\) names the action 'CONFIM', which no plugin declares; did you mean 'CONFIRM'\?: .*\(file/,
    },
    {
      settings: { roles: [{ ...role, rules: [{ ...rule, subjects: ['Order'] }] }] },
      says: /^roles\[0\]\.rules\[0\] \('auditor'\) names the subject 'Order'; a subject is written group\/Kind/,
    },
    {
      settings: { roles: [{ ...role, rules: [{ ...rule, where: { profile: { 'a.b': true } } }] }] },
      says: /names the profile key 'a\.b', which no plugin declares/,
    },
  ])('refuses $settings, and names the setting (CORE-09, refused)', ({ settings, says }) => {
    let problems: readonly string[] = [];
    try {
      compose(settings);
    } catch (error) {
      problems = (error as ConfigError).problems;
    }
    expect(problems).toEqual([typeof says === 'string' ? says : expect.stringMatching(says)]);
  });
});
