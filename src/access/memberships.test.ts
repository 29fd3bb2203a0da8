import { describe, expect, it, vi } from 'vitest';
import type { Principal } from '../kernel/principal.ts';
import { createPermissionTable } from './create-permission-table.ts';
import { createMemberships } from './memberships.ts';

const ann: Principal = {
  id: 'oidc:ann',
  name: 'ann',
  kind: 'USER',
  groups: ['team'],
  roles: [],
  namespaces: [{ cluster: '*', namespace: 'own' }],
  expiresAt: undefined,
};
const granted = {
  memberships: [
    { of: 'workspace/one', as: 'ADMIN', namespaces: [{ cluster: 'far', namespace: 'shop' }] },
    { of: 'project/two', as: 'DEVELOPER' },
    { of: 'workspace/three', as: 'GUEST' },
  ],
} as const;

describe('createMemberships', () => {
  it('adds where somebody belongs, and leaves the roles and namespaces of the token as they are (CORE-09)', () => {
    const memberships = createMemberships({ announce() {} });
    memberships.provide({ grantsOf: ({ id }) => (id === ann.id ? granted : undefined) });
    expect(memberships.enrich(ann)).toEqual({ ...ann, memberships: granted.memberships });
  });

  it('adds nothing to who belongs nowhere, to administrators, and without a source (refused)', () => {
    const memberships = createMemberships({ announce() {} });
    expect(memberships.enrich(ann)).toBe(ann);
    memberships.provide({ grantsOf: ({ id }) => (id === ann.id ? granted : undefined) });
    const others: readonly Principal[] = [
      { ...ann, id: 'oidc:bob' },
      { ...ann, roles: ['ADMIN'] },
    ];
    for (const other of others) expect(memberships.enrich(other)).toBe(other);
  });

  it('gives again what holds now to who was given something before, and takes it away (refused)', () => {
    const memberships = createMemberships({ announce() {} });
    let now: typeof granted | undefined = granted;
    memberships.provide({ grantsOf: () => now });
    const before = memberships.enrich(ann);
    expect(memberships.regrant(memberships.regrant(before))).toEqual(before);
    now = undefined;
    expect(memberships.regrant(before)).toBe(ann);
  });

  it('takes one source and refuses a second (refused)', () => {
    const announce = vi.fn<(whose: string) => void>();
    const memberships = createMemberships({ announce });
    memberships.provide({ grantsOf: () => undefined });
    expect(() => memberships.provide({ grantsOf: () => granted })).toThrow('have a source already');
    memberships.announceChange();
    expect(announce).toHaveBeenCalledWith('memberships');
  });
});

describe('rules about members', () => {
  const table = createPermissionTable([
    {
      name: 'core',
      permissions: [
        { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['core/Workspace'], where: { member: 'GUEST' } },
        { roles: ['DEVELOPER'], actions: ['UPDATE'], subjects: ['core/Workspace'], where: { member: 'DEVELOPER' } },
        {
          roles: ['DEVELOPER'],
          actions: ['DELETE'],
          subjects: ['core/Workspace'],
          where: { member: 'DEVELOPER', tenantKind: 'workspace' },
        },
      ],
    },
  ]);
  const member: Principal = { ...ann, roles: ['DEVELOPER'], ...granted };
  const inTenants = (...tenants: string[]) => ({ subject: 'core/Workspace', tenants });

  it.each([
    { action: 'READ', allowed: ['workspace/one', 'project/two', 'workspace/three'] },
    { action: 'UPDATE', allowed: ['workspace/one', 'project/two'] },
    { action: 'DELETE', allowed: ['workspace/one'] },
  ])('grant $action by how somebody belongs to a tenant, and refuse it elsewhere (CORE-09)', ({ action, allowed }) => {
    const access = table.for(member);
    const tenants = ['workspace/one', 'project/two', 'workspace/three', 'workspace/four'];
    expect(tenants.filter((tenant) => access.allowed(action, inTenants('project/none', tenant)))).toEqual(allowed);
    expect(access.allowed(action, inTenants())).toBe(false);
    expect(access.allowed(action, { subject: 'core/Workspace' })).toBe(false);
    expect(table.for({ ...member, memberships: [] }).allowed(action, inTenants(...tenants))).toBe(false);
  });

  it('give each set of memberships a canonical form of its own, whoever has it and in whatever order (CORE-07)', () => {
    const canonical = (memberships: NonNullable<Principal['memberships']>, id = ann.id) =>
      table.for({ ...member, id, memberships }).canonical;
    const [one, two, three] = granted.memberships;
    const forms = [[], [one], [two], [one, two], [one, two, three], [{ ...one, as: 'GUEST' } as const]].map((each) =>
      canonical(each),
    );
    expect(new Set(forms).size).toBe(forms.length);
    expect(canonical([three, two, one], 'oidc:bob')).toBe(canonical([one, two, three]));
  });

  it.each([
    { where: { member: 'OWNER' }, says: "asks for the unknown membership 'OWNER'" },
    { where: { tenantKind: 'workspace' }, says: "names the kind of tenant 'workspace' in vain" },
    { where: { member: 'ADMIN', tenantKind: '' }, says: "names the kind of tenant '' in vain" },
  ])('are refused where they are not sound: $says (refused)', ({ where, says }) => {
    const rule = { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['core/Workspace'], where } as never;
    expect(() => createPermissionTable([{ name: 'core', permissions: [rule] }])).toThrow(says);
  });
});
