import { describe, expect, it } from 'vitest';
import { createPermissionTable } from '../access/create-permission-table.ts';
import type { OperationRecord } from '../audit/operation-records.ts';
import { type Principal, systemPrincipal } from '../kernel/principal.ts';
import { callerOfOperation } from './caller-of-operation.ts';

const ann: Principal = {
  id: 'dev:ann',
  name: 'ann',
  kind: 'USER',
  groups: [],
  roles: ['DEVELOPER'],
  namespaces: [{ cluster: '*', namespace: 'shop' }],
  expiresAt: undefined,
};
const permissions = createPermissionTable([
  {
    name: 'test',
    permissions: [{ roles: ['DEVELOPER'], actions: ['CREATE'], subjects: ['test/Thing'], where: 'namespaces' }],
  },
]);
const guard = { action: 'CREATE', subjects: ['test/Thing'] };
const rootFields = new Map([['Mutation.createThing', { guard }]]);
const services = { permissions, registry: { rootFields } } as never;
const record = {
  action: 'createThing',
  principalId: ann.id,
  principalName: ann.name,
  target: { cluster: 'dev', namespace: 'shop' },
  tenants: {},
  steps: [],
} as unknown as OperationRecord;
const users = (found: Principal | undefined) => ({ actingAs: () => found });

describe('callerOfOperation', () => {
  it('is who began it, with the rights of this moment (CORE-09, CORE-23)', () => {
    expect(callerOfOperation(record, users(ann), services)).toBe(ann);
    const ada: Principal = { ...ann, roles: ['ADMIN'], namespaces: [] };
    expect(callerOfOperation({ ...record, action: 'gone' }, users(ada), services)).toBe(ada);
  });

  it('is the platform where a loop began it', () => {
    const own = { ...record, principalId: systemPrincipal.id };
    expect(callerOfOperation(own, users(undefined), services)).toBe(systemPrincipal);
  });

  it.each([
    { name: 'who may not be here', found: undefined, more: {}, says: 'may not be here any more' },
    { name: 'who lost the role', found: { ...ann, roles: ['GUEST'] }, more: {}, says: 'may not do it there any more' },
    { name: 'who lost the namespace', found: { ...ann, namespaces: [] }, more: {}, says: 'may not do it there' },
    { name: 'whoever, what no plugin offers', found: ann, more: { action: 'gone' }, says: 'may not do it there' },
  ])('does not let $name go on (CORE-23, refused)', ({ found, more, says }) => {
    const ask = () => callerOfOperation({ ...record, ...more } as OperationRecord, users(found as never), services);
    expect(ask).toThrow(expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringContaining(says) }));
  });
});
