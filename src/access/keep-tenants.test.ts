import { describe, expect, it } from 'vitest';
import type { Principal } from '../kernel/principal.ts';
import { createPermissionTable } from './create-permission-table.ts';

const auditor = { name: 'auditor', description: 'Reads.', isForMembers: true } as const;
const readAll = { actions: ['READ'], subjects: 'ALL', where: 'namespaces' } as const;
const plugin = {
  name: 'core',
  subjects: [{ subject: 'core/Record', keepsTenants: true as const, facts: (row: unknown) => row as object }],
  permissions: [
    {
      roles: ['DEVELOPER'],
      actions: ['READ' as const],
      subjects: ['core/Record', 'core/Pod'],
      where: 'namespaces' as const,
    },
  ],
};
const table = createPermissionTable([plugin], { roles: [{ ...auditor, extends: [], rules: [readAll] }] });

const place = { cluster: 'dev', namespace: 'shop' };
const person = (roles: Principal['roles'], as?: string): Principal => ({
  id: 'dev:ann',
  name: 'ann',
  kind: 'USER',
  groups: [],
  roles,
  namespaces: as === undefined ? [place] : [],
  ...(as === undefined ? {} : { memberships: [{ of: 'workspace/mine', as, namespaces: [place] }] }),
  expiresAt: undefined,
});
const record = (tenants: readonly string[]) => ({ subject: 'core/Record', row: { ...place, tenants } });
const pod = { subject: 'core/Pod', ...place, name: 'web' };

describe('what keeps its tenants', () => {
  it.each(['DEVELOPER', 'auditor'])('is seen by members of the tenant that it lay in (%s, CORE-20)', (as) => {
    const access = table.for(person([], as));
    expect(access.allowed('READ', record(['workspace/mine']))).toBe(true);
    expect(access.allowed('READ', pod)).toBe(true);
    // What lies in the namespace now is still found without looking at each.
    expect(access.readFilter('core/Pod', 'dev')).toEqual({ namespaces: new Set(['shop']) });
    expect(access.conditionsFor('READ', 'core/Record')).toEqual([{ tenants: ['workspace/mine'] }]);
  });

  it.each(['DEVELOPER', 'auditor'])('is not seen for the sake of its namespace (%s, CORE-20, refused)', (as) => {
    const access = table.for(person([], as));
    expect(access.allowed('READ', record(['workspace/former']))).toBe(false);
    expect(access.allowed('READ', record([]))).toBe(false);
  });

  it('is seen by who has the namespace by a token', () => {
    for (const role of ['DEVELOPER', 'auditor']) {
      expect(table.for(person([role])).allowed('READ', record(['workspace/former']))).toBe(true);
    }
  });
});
