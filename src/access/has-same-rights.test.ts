import { describe, expect, it } from 'vitest';
import type { Principal } from '../kernel/principal.ts';
import { hasSameRights } from './has-same-rights.ts';

const ann: Principal = {
  id: 'user:ann',
  name: 'ann',
  kind: 'USER',
  groups: ['a', 'b'],
  roles: ['DEVELOPER'],
  namespaces: [
    { cluster: '*', namespace: 'shop' },
    { cluster: 'far', namespace: 'bank' },
  ],
  expiresAt: 1,
};

describe('hasSameRights', () => {
  it.each<[string, Partial<Principal>]>([
    ['lasts longer', { expiresAt: 2 }],
    ['lasts for ever', { expiresAt: undefined }],
    ['names groups in another order', { groups: ['b', 'a'] }],
    ['names namespaces in another order', { namespaces: [...ann.namespaces].reverse() }],
  ])('holds for a token that %s', (_what, change) => {
    expect(hasSameRights(ann, { ...ann, ...change })).toBe(true);
  });

  it.each<[string, Partial<Principal>]>([
    ['is of somebody else', { id: 'user:bob' }],
    ['is of another name, by which a cluster knows the caller', { name: 'Ann' }],
    ['has a group more', { groups: ['a', 'b', 'c'] }],
    ['has another role', { roles: ['ADMIN'] }],
    ['belongs somewhere', { memberships: [{ of: 'workspace/one', as: 'GUEST' }] }],
    ['has a namespace less', { namespaces: ann.namespaces.slice(1) }],
  ])('does not hold for one that %s (refused)', (_what, change) => {
    expect(hasSameRights(ann, { ...ann, ...change })).toBe(false);
  });
});
