import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterObject, ResourceDefinition, StoreEvent } from '../store/types.ts';
import { createBindingIndex } from './create-binding-index.ts';

const resource = { group: 'rbac.authorization.k8s.io', plural: 'rolebindings' } as ResourceDefinition;
const ann = { username: 'ann', uid: '', groups: ['team'], extra: {} };

function binding(name: string, namespace: string | undefined, subjects: object[]): ClusterObject {
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return { apiVersion: '', kind: '', metadata, roleRef: { kind: 'ClusterRole', name: 'view' }, subjects };
}

const user = { kind: 'User', name: 'ann' };

describe('createBindingIndex', () => {
  it('finds what names the user, a group of it or its service account', () => {
    const index = createBindingIndex();
    const add = (object: ClusterObject): void => index.learn({ type: 'ADDED', object, previous: undefined }, resource);
    add(binding('all', undefined, [{ kind: 'Group', name: 'team' }]));
    add(binding('own', 'shop', [user]));
    add(binding('other', 'shop', [{ kind: 'User', name: 'bob' }]));
    add(binding('elsewhere', 'office', [user]));
    add(binding('robot', 'shop', [{ kind: 'ServiceAccount', name: 'robot' }]));
    const names = (who: typeof ann, namespace: string): string[] =>
      [...index.of(who, namespace)].map(({ name }) => name);
    expect(names(ann, 'shop')).toEqual(['all', 'own']);
    expect(names(ann, '')).toEqual(['all']);
    expect(names({ ...ann, username: 'system:serviceaccount:shop:robot', groups: [] }, 'shop')).toEqual(['robot']);
    expect(names({ ...ann, username: 'system:serviceaccount:office:robot', groups: [] }, 'shop')).toEqual([]);
  });

  it('knows after any run of changes what a fresh index would know', () => {
    const changes = fc.array(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c'),
        isDeleted: fc.boolean(),
        subjects: fc.subarray([user, { kind: 'Group', name: 'team' }, { kind: 'User', name: 'bob' }]),
      }),
    );
    fc.assert(
      fc.property(changes, (run) => {
        const index = createBindingIndex();
        const live = new Map<string, ClusterObject>();
        for (const { name, isDeleted, subjects } of run) {
          const previous = live.get(name);
          const object = binding(name, 'shop', subjects);
          if (isDeleted && previous === undefined) continue;
          const type: StoreEvent['type'] = isDeleted ? 'DELETED' : previous === undefined ? 'ADDED' : 'MODIFIED';
          index.learn({ type, object, previous }, resource);
          if (isDeleted) live.delete(name);
          else live.set(name, object);
        }
        const fresh = createBindingIndex();
        for (const object of live.values()) fresh.learn({ type: 'ADDED', object, previous: undefined }, resource);
        const print = (from: typeof index): string[] =>
          [...from.of(ann, 'shop')].map(({ name, subject }) => `${name} ${subject.kind}`).sort();
        expect(print(index)).toEqual(print(fresh));
      }),
    );
  });
});
