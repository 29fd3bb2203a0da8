import type { Access } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { visibleOperations } from './visible-operations.ts';

const access = (conditions: unknown) =>
  ({ principal: { id: 'token:ci' }, conditionsFor: () => conditions }) as unknown as Access;
const shop = { cluster: 'one', namespace: 'shop' };

describe('visibleOperations', () => {
  it.each([
    { name: 'who may read all', conditions: 'all', visible: undefined },
    { name: 'who may read none', conditions: [], visible: 'nothing' },
    {
      name: 'who may read its own',
      conditions: [{ owner: 'token:ci' }],
      visible: { namespaces: [], tenants: [], principalId: 'token:ci' },
    },
    {
      name: 'who may read namespaces',
      conditions: [{ namespaces: [shop] }],
      visible: { namespaces: [shop], tenants: [], principalId: '' },
    },
    {
      name: 'who may read both',
      conditions: [{ owner: 'token:ci' }, { namespaces: [shop] }],
      visible: { namespaces: [shop], tenants: [], principalId: 'token:ci' },
    },
    {
      name: 'who may read what lies in tenants',
      conditions: [{ tenants: ['project/1'] }],
      visible: { namespaces: [], tenants: ['project/1'], principalId: '' },
    },
    { name: 'who belongs to no tenant', conditions: [{ tenants: [] }], visible: 'nothing' },
    { name: 'who has no namespace', conditions: [{ namespaces: [] }], visible: 'nothing' },
  ])('answers $name', ({ conditions, visible }) => {
    expect(visibleOperations(access(conditions))).toEqual(visible);
  });
});
