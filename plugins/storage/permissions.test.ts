import type { Principal } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { createPermissionTable } from '../../src/access/create-permission-table.ts';
import { computePlugin } from '../compute/plugin.ts';
import { corePlugin } from '../core/plugin.ts';
import { storagePlugin } from './plugin.ts';

const place = { cluster: 'one', namespace: 'shop' };
const someone = (id: string, more: Partial<Principal>): Principal => ({
  id,
  name: id,
  kind: 'USER',
  groups: [],
  roles: [],
  namespaces: [],
  expiresAt: undefined,
  ...more,
});
const admin = someone('admin', { roles: ['ADMIN'] });
const developer = someone('developer', { roles: ['DEVELOPER'], namespaces: [place] });
const stranger = someone('stranger', { roles: ['DEVELOPER'], namespaces: [{ cluster: 'one', namespace: 'bank' }] });

const may = (hasStorage: boolean, who: Principal, action: string, subject: string): boolean =>
  createPermissionTable([corePlugin, computePlugin, storagePlugin], {
    profileValues: (_place, key) => (key === 'storage.enabled' ? hasStorage : undefined),
  })
    .for(who)
    .allowed(action, { subject, ...(subject === 'core/PersistentVolumeClaim' ? place : { cluster: 'one' }) });

const subjects = ['storage.k8s.io/StorageClass', 'core/PersistentVolume', 'core/PersistentVolumeClaim'];
const changes = ['CREATE', 'UPDATE', 'APPLY', 'DELETE'];

describe('rights in storage', () => {
  it.each(subjects)('let an administrator manage %s, where there is storage (STO-01, STO-04, CORE-10)', (subject) => {
    for (const action of ['READ', ...changes])
      expect([action, may(true, admin, action, subject)]).toEqual([action, true]);
  });

  it.each(
    subjects,
  )('let nobody change %s where the profile has no storage, not even an administrator (refused) (STO-13)', (subject) => {
    for (const who of [admin, developer]) {
      for (const action of changes)
        expect([who.id, action, may(false, who, action, subject)]).toEqual([who.id, action, false]);
    }
    expect(may(false, admin, 'READ', subject)).toBe(true);
  });

  it('let developers manage the claims of their namespaces, and see classes (STO-06, CORE-11)', () => {
    for (const action of ['READ', ...changes]) {
      expect(may(true, developer, action, 'core/PersistentVolumeClaim')).toBe(true);
      expect(may(true, stranger, action, 'core/PersistentVolumeClaim')).toBe(false);
      expect(may(true, developer, action, 'storage.k8s.io/StorageClass')).toBe(action === 'READ');
      expect(may(true, developer, action, 'core/PersistentVolume')).toBe(false);
    }
  });
});
