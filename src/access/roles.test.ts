import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NamespaceScope, Principal } from '../kernel/principal.ts';
import { createPermissionTable } from './create-permission-table.ts';
import { rolesHeld } from './holdings.ts';
import type { PermissionRule } from './permission-rule.ts';
import { createRoles } from './roles.ts';

const own: NamespaceScope = { cluster: 'one', namespace: 'own' };
const tenants: NamespaceScope = { cluster: 'one', namespace: 'tenants' };
const rules: readonly PermissionRule[] = [
  { roles: ['GUEST'], actions: ['READ'], subjects: ['core/Cluster'] },
  { roles: ['DEVELOPER'], actions: ['READ', 'DELETE'], subjects: ['core/Pod'], where: 'namespaces' },
  { roles: ['DEVELOPER'], actions: ['UPDATE'], subjects: ['core/Project'], where: { member: 'ADMIN' } },
  { roles: ['DEVELOPER'], actions: ['CREATE'], subjects: ['acme/Thing'] },
];
const table = createPermissionTable(
  [{ name: 'test', permissions: rules, roles: [{ name: 'plugged', description: 'Of a plugin.', isForMembers: true }] }],
  {
    roles: [
      {
        name: 'auditor',
        description: 'Reads all there is in a place.',
        isForMembers: true,
        rules: [{ actions: ['READ'], subjects: 'ALL' }],
      },
      { name: 'root', description: 'Not for members.', rules: [{ actions: 'ALL', subjects: 'ALL' }] },
      { name: 'shipper', description: 'Develops.', extends: ['DEVELOPER'], isForMembers: true, rules: [] },
    ],
  },
);

function principal(more: Partial<Principal>): Principal {
  return {
    id: 'oidc:ann',
    name: 'ann',
    kind: 'USER',
    groups: [],
    roles: [],
    namespaces: [],
    expiresAt: undefined,
    ...more,
  };
}
const member = (as: string, more: Partial<Principal> = {}): Principal =>
  principal({ memberships: [{ of: 'project/p', as, namespaces: [tenants] }], ...more });
const pod = ({ cluster, namespace }: NamespaceScope) => ({ subject: 'core/Pod', cluster, namespace });
const thing = (...tenantsOfIt: string[]) => ({ subject: 'acme/Thing', tenants: tenantsOfIt });

describe('a role that comes with a membership', () => {
  it('holds in the namespaces of its tenant, and makes nothing of those of the token (CORE-09)', () => {
    const access = table.for(member('DEVELOPER', { roles: ['plugged'], namespaces: [own] }));
    expect(access.allowed('DELETE', pod(tenants))).toBe(true);
    expect(access.allowed('DELETE', pod(own))).toBe(false);
    expect(access.readFilter('core/Pod', 'one')).toEqual({ namespaces: new Set(['tenants']) });
  });

  it('leaves the role of the token where the token says (CORE-09)', () => {
    const access = table.for(member('GUEST', { roles: ['DEVELOPER'], namespaces: [own] }));
    expect(access.allowed('DELETE', pod(own))).toBe(true);
    expect(access.allowed('DELETE', pod(tenants))).toBe(false);
  });

  it.each([
    { as: 'GUEST', sees: true, deletes: false, updates: false, makes: false },
    { as: 'DEVELOPER', sees: true, deletes: true, updates: false, makes: true },
    { as: 'ADMIN', sees: true, deletes: true, updates: true, makes: true },
    { as: 'shipper', sees: true, deletes: true, updates: false, makes: true },
    { as: 'plugged', sees: true, deletes: false, updates: false, makes: false },
    { as: 'root', sees: true, deletes: false, updates: false, makes: false },
    { as: 'nobody-defines-it', sees: true, deletes: false, updates: false, makes: false },
  ])('as $as gives what its rank gives, inside alone (CORE-09, CORE-17)', ({ as, sees, deletes, updates, makes }) => {
    const access = table.for(member(as));
    expect(access.allowed('READ', { subject: 'core/Cluster', cluster: 'one' })).toBe(sees);
    expect(access.allowed('DELETE', pod(tenants))).toBe(deletes);
    expect(access.allowed('UPDATE', { subject: 'core/Project', tenants: ['project/p'] })).toBe(updates);
    expect(access.allowed('UPDATE', { subject: 'core/Project', tenants: ['project/q'] })).toBe(false);
    // A rule that names no place is bound to the tenant.
    expect(access.allowed('CREATE', thing('project/p'))).toBe(makes);
    expect(access.allowed('CREATE', { ...thing(), ...tenants })).toBe(makes);
    expect(access.allowed('CREATE', thing('project/q'))).toBe(false);
    expect(access.allowed('CREATE', thing())).toBe(false);
  });

  it('never reaches beyond its tenant, whatever its rules grant (CORE-07, refused)', () => {
    const access = table.for(member('auditor'));
    expect(access.allowed('READ', pod(tenants))).toBe(true);
    expect(access.allowed('READ', thing('project/p'))).toBe(true);
    for (const elsewhere of [pod(own), thing('project/q'), thing(), { subject: 'core/Node', cluster: 'one' }]) {
      expect(access.allowed('READ', elsewhere)).toBe(false);
    }
    expect(access.readFilter('core/Node', 'one')).not.toBe('all');
    expect(access.conditionsFor('READ', 'acme/Thing')).not.toBe('all');
  });

  it('is told with the place where it holds, for who judges what is written', () => {
    const { roles } = table;
    const both = member('DEVELOPER', { roles: ['auditor'], namespaces: [own] });
    expect(rolesHeld(both, roles, own)).toEqual(['auditor']);
    expect(rolesHeld(both, roles, tenants)).toEqual(['auditor', 'GUEST', 'DEVELOPER']);
    expect(rolesHeld(both, roles)).toEqual(['auditor', 'GUEST', 'DEVELOPER']);
  });

  it('gives no more than its rules would give in those places to anybody (CORE-09)', () => {
    const scope = fc.record({ cluster: fc.constantFrom('one', 'two'), namespace: fc.constantFrom('a', 'b', 'c') });
    const role = fc.constantFrom('GUEST', 'DEVELOPER', 'ADMIN', 'auditor', 'shipper', 'plugged', 'root');
    const membership = fc.record({
      of: fc.constantFrom('project/p', 'project/q', 'workspace/w'),
      as: role,
      namespaces: fc.array(scope, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(membership, { maxLength: 3 }), scope, (memberships, place) => {
        const access = table.for(principal({ memberships }));
        const isInside = memberships.some(({ namespaces }) =>
          namespaces.some((each) => each.cluster === place.cluster && each.namespace === place.namespace),
        );
        const isAllowed = ['READ', 'DELETE'].some((action) => access.allowed(action, pod(place)));
        expect(isAllowed && !isInside).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('conditions on people and profiles', () => {
  let confirmBy = 'OWNER_OR_OPS';
  let isEditable = true;
  const profileKeys = ['release.confirmBy', 'node.editable'].map((name) => ({ name }) as never);
  const contribution = {
    name: 'release',
    actions: ['CONFIRM'],
    profileKeys,
    permissions: [
      { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['release/Order'], where: 'namespaces' },
      {
        roles: ['DEVELOPER'],
        actions: ['CONFIRM'],
        subjects: ['release/Order'],
        where: { namespaces: true, principalIn: ['owner', 'operators'] },
      },
      {
        roles: ['DEVELOPER'],
        actions: ['CONFIRM'],
        subjects: ['release/Order'],
        where: { namespaces: true, profile: { 'release.confirmBy': 'MEMBER' } },
      },
      { roles: ['GUEST'], actions: ['READ'], subjects: ['core/Node'] },
    ],
    profileSwitches: [{ actions: 'CHANGES', subjects: ['core/Node'], key: 'node.editable' }],
  } as const;
  const people = createPermissionTable([contribution], {
    profileValues: (_place, key) => (key === 'node.editable' ? isEditable : confirmBy),
  });
  const order = { subject: 'release/Order', ...own, people: { owner: ['oidc:ann'], operators: ['group:ops'] } };

  it.each([
    { who: principal({ roles: ['DEVELOPER'], namespaces: [own] }), isAllowed: true, title: 'the owner' },
    {
      who: principal({ id: 'oidc:bob', roles: ['DEVELOPER'], namespaces: [own], groups: ['ops'] }),
      isAllowed: true,
      title: 'a group of operators',
    },
    {
      who: principal({ id: 'group:ops', roles: ['DEVELOPER'], namespaces: [] }),
      isAllowed: false,
      title: 'who is named like the group, elsewhere',
    },
    {
      who: principal({ id: 'oidc:bob', roles: ['DEVELOPER'], namespaces: [own], groups: ['oidc:ann'] }),
      isAllowed: false,
      title: 'a group that is named like the owner',
    },
    { who: principal({ roles: ['DEVELOPER'], namespaces: [tenants] }), isAllowed: false, title: 'an owner who left' },
    { who: principal({ roles: ['ADMIN'] }), isAllowed: true, title: 'an administrator' },
  ])('let $title confirm: $isAllowed (CORE-12)', ({ who, isAllowed }) => {
    confirmBy = 'OWNER_OR_OPS';
    expect(people.for(who).allowed('CONFIRM', order)).toBe(isAllowed);
    expect(people.for(who).allowed('CONFIRM', { ...order, people: undefined })).toBe(who.roles.includes('ADMIN'));
  });

  it('let every member confirm where the profile says so, at once (CORE-12, CORE-17)', () => {
    const other = people.for(principal({ id: 'oidc:eve', roles: ['DEVELOPER'], namespaces: [own] }));
    confirmBy = 'OWNER_OR_OPS';
    expect(other.allowed('CONFIRM', order)).toBe(false);
    confirmBy = 'MEMBER';
    expect(other.allowed('CONFIRM', order)).toBe(true);
    expect(other.isSettled('CONFIRM', 'release/Order')).toBe(false);
    expect(other.isSettled('READ', 'release/Order')).toBe(true);
  });

  it('refuse a change that the profile switches off to everybody, and hide nothing (CORE-16)', () => {
    const admin = people.for(principal({ roles: ['ADMIN'] }));
    const node = { subject: 'core/Node', cluster: 'one', name: 'n1' };
    isEditable = true;
    expect(admin.allowed('CORDON', node)).toBe(true);
    isEditable = false;
    expect(admin.allowed('CORDON', node)).toBe(false);
    expect(() => admin.requireAllowed('CORDON', node)).toThrow(
      "Nobody may cordon Node 'n1' in cluster 'one': its profile has 'node.editable' switched off.",
    );
    expect(admin.allowed('READ', node)).toBe(true);
    expect(admin.allowed('READ_METRICS', node)).toBe(true);
    expect(admin.isSettled('CORDON', 'core/Node')).toBe(false);
  });

  it('are never shared between principals of other names (CORE-12)', () => {
    const of = (id: string, groups: readonly string[] = []) =>
      people.for(principal({ id, groups, roles: ['DEVELOPER'], namespaces: [own] })).canonical;
    expect(new Set([of('a'), of('b'), of('a', ['ops']), of('b', ['ops'])]).size).toBe(4);
    expect(of('a', ['x', 'y'])).toBe(of('a', ['y', 'x']));
  });

  it.each([
    { where: { principalIn: [] }, says: 'looks for the principal on no list' },
    { where: { profile: { 'release.confirmby': 'X' } }, says: "did you mean 'release.confirmBy'?" },
    { where: { profile: {} }, says: 'has an empty condition' },
    { where: { profile: { 'release.confirmBy': [] } }, says: 'with nothing' },
  ])('are refused where they say nothing: $says (refused)', ({ where, says }) => {
    const permissions = [{ roles: ['DEVELOPER'], actions: ['CONFIRM'], subjects: ['release/Order'], where }];
    expect(() => createPermissionTable([{ ...contribution, permissions }])).toThrow(says);
  });

  it.each([
    { given: { actions: ['READ'], subjects: ['core/Node'], key: 'node.editable' }, says: 'a profile hides nothing' },
    { given: { actions: 'CHANGES', subjects: [], key: 'node.editable' }, says: 'names no subject' },
    { given: { actions: 'CHANGES', subjects: ['core/Node'], key: 'node.edit' }, says: 'which no plugin declares' },
  ])('switch nothing off that cannot be: $says (refused)', ({ given, says }) => {
    const profileSwitches = [given] as never;
    expect(() => createPermissionTable([{ ...contribution, profileSwitches }])).toThrow(says);
  });

  it('let no profile decide what is read (refused)', () => {
    const rule = {
      roles: ['DEVELOPER'],
      actions: ['READ', 'CONFIRM'],
      subjects: ['release/Order'],
      where: { profile: { 'release.confirmBy': 'MEMBER' } },
    };
    expect(() => createPermissionTable([{ ...contribution, permissions: [rule] }])).toThrow(
      'lets a profile decide what may be read',
    );
  });
});

describe('createRoles', () => {
  it('takes any sound name, cycle too, and finds what is extended by what is extended (CORE-09)', () => {
    const of = (name: string, ...others: string[]) => ({
      definedBy: 'settings',
      at: name,
      role: { name, description: 'Any.', extends: others },
    });
    const roles = createRoles([of('cycle', 'DEVELOPER'), of('wheel', 'cycle')]);
    expect(roles.including('wheel')).toEqual(['wheel', 'cycle', 'DEVELOPER', 'GUEST']);
    expect(() => createRoles([of('one', 'two'), of('two', 'three'), of('three', 'two')])).toThrow(
      'two extends itself: two',
    );
  });
});
