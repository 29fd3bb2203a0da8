import { describe, expect, it } from 'vitest';
import { deletionKeyOf } from '../services/tenancy/deletion-key.ts';
import { deletedNamespaceReconciler } from './deleted-namespace-reconciler.ts';

const key = deletionKeyOf({ cluster: 'dev', namespace: 'shop', uid: 'old', atMs: Date.parse('2026-05-01T12:00:00Z') });

/** Which namespaces it forgets where the cluster has this one of the name. */
async function look(found: { readonly uid: string; readonly creationTimestamp: string } | undefined) {
  const forgotten: string[] = [];
  const services = {
    clusters: { get: () => ({ state: 'READY', reader: () => ({ get: async () => found && { metadata: found } }) }) },
    operations: { run: (_start: unknown, work: (ticket: object) => Promise<unknown>) => work({}) },
    forgetNamespace: async ({ namespace }: { readonly namespace: string }) => {
      forgotten.push(namespace);
    },
  };
  const context = {
    service: () => services,
    failpoints: { reach: async () => {} },
    fence: { reconciler: 'core.deletedNamespaces', number: 1 },
    signal: new AbortController().signal,
  };
  await deletedNamespaceReconciler.reconcile(key, context as never);
  return forgotten;
}

describe('deletedNamespaceReconciler', () => {
  it.each([
    {
      title: 'waits while the namespace is still there',
      found: { uid: 'old', creationTimestamp: '2026-05-01T11:00:00Z' },
      forgotten: [],
    },
    { title: 'forgets what is gone', found: undefined, forgotten: ['shop'] },
    {
      title: 'forgets the old one where there is a new one of its name, whatever the cluster’s clock says',
      found: { uid: 'new', creationTimestamp: '2026-05-01T11:58:00Z' },
      forgotten: ['shop'],
    },
  ])('$title (CORE-07)', async ({ found, forgotten }) => {
    expect(await look(found)).toEqual(forgotten);
  });
});
