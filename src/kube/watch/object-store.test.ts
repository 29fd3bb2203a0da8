import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originOf, takeIn } from '../intake.ts';
import type { KubeObject } from '../kube-object.ts';
import { parseLabelSelector } from '../syntax/parse-label-selector.ts';
import { podKind } from '../testing/test-cluster.ts';
import { createObjectStore } from './object-store.ts';

const from = originOf('c', podKind);

interface Draft {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly owner: string | undefined;
  readonly node: string;
}

function object({ name, namespace, labels, owner, node }: Draft): KubeObject {
  const ownerReferences =
    owner === undefined ? [] : [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner }];
  return takeIn({ metadata: { name, namespace, labels, ownerReferences }, spec: { node } }, from);
}

const draft: fc.Arbitrary<Draft> = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  namespace: fc.constantFrom('x', 'y'),
  labels: fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('1', '2', '3'), { noNullPrototype: true }),
  owner: fc.option(fc.constantFrom('o1', 'o2'), { nil: undefined }),
  node: fc.constantFrom('n1', 'n2'),
});

const nodeOf = (pod: KubeObject) => [String((pod.spec as { node: string }).node)];

describe('createObjectStore', () => {
  it('answers by index what a scan would answer, after any writes', () => {
    const write = fc.oneof(draft, fc.record({ remove: fc.constantFrom('x/a', 'x/b', 'y/a') }));
    fc.assert(
      fc.property(fc.array(write, { maxLength: 40 }), (writes) => {
        const store = createObjectStore({ node: nodeOf });
        const model = new Map<string, KubeObject>();
        for (const entry of writes) {
          if ('remove' in entry) {
            expect(store.delete(entry.remove)).toBe(model.get(entry.remove));
            model.delete(entry.remove);
          } else {
            const added = object(entry);
            expect(store.set(added)).toBe(model.get(`${entry.namespace}/${entry.name}`));
            model.set(`${entry.namespace}/${entry.name}`, added);
          }
        }
        const scan = (wanted: (pod: KubeObject) => boolean) => new Set([...model.values()].filter(wanted));
        expect(new Set(store.all())).toEqual(scan(() => true));
        for (const node of ['n1', 'n2'])
          expect(new Set(store.byIndex('node', node))).toEqual(scan((pod) => nodeOf(pod)[0] === node));
        for (const owner of ['o1', 'o2']) {
          expect(new Set(store.byIndex('owner', owner))).toEqual(
            scan((pod) => pod.metadata.ownerReferences?.[0]?.uid === owner),
          );
        }
        for (const text of ['app=1', 'app in (1,2),tier!=3', '!app', 'tier notin (1)']) {
          const selector = parseLabelSelector(text);
          for (const namespaces of [undefined, ['x'], ['x', 'x', 'y'], ['nowhere']]) {
            const found = store.list({ namespaces, selector });
            expect(new Set(found).size).toBe(found.length);
            expect(new Set(found)).toEqual(
              scan(
                (pod) =>
                  selector.matches(pod.metadata.labels) && (namespaces?.includes(pod.metadata.namespace ?? '') ?? true),
              ),
            );
          }
        }
      }),
    );
  });

  it('gives the same array until something changes', () => {
    const store = createObjectStore();
    const pod = object({ name: 'a', namespace: 'x', labels: {}, owner: undefined, node: 'n1' });
    store.set(pod);
    expect(store.all()).toBe(store.all());
    const before = store.all();
    store.delete('x/a');
    expect(before).toEqual([pod]);
    expect(store.all()).toEqual([]);
  });

  it('goes on where a declared index throws', () => {
    const store = createObjectStore({
      broken: () => {
        throw new Error('partner');
      },
    });
    store.set(object({ name: 'a', namespace: 'x', labels: {}, owner: undefined, node: 'n1' }));
    expect(store.size).toBe(1);
    expect(store.byIndex('broken', 'k')).toEqual([]);
  });

  it('an index that is not declared (refused)', () => {
    expect(() => createObjectStore().byIndex('node', 'n1')).toThrow(
      "kube.index: no index 'node' is declared for this kind",
    );
  });
});
