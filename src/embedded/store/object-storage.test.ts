import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createObjectStorage, type ObjectStorage } from './object-storage.ts';
import type { ClusterObject, ResourceDefinition } from './types.ts';

const things: ResourceDefinition = {
  group: '',
  version: 'v1',
  kind: 'Thing',
  plural: 'things',
  singular: 'thing',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
};

function storageOf(historyPerResource = 100): ObjectStorage {
  return createObjectStorage({
    historyPerResource,
    onListenerError: (error) => {
      throw error;
    },
  });
}

function thing(namespace: string, name: string, owner?: string): ClusterObject {
  const ownerReferences =
    owner === undefined ? undefined : [{ apiVersion: 'v1', kind: 'Thing', name: owner, uid: owner }];
  return {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name, namespace, ...(ownerReferences && { ownerReferences }) },
  };
}

const namesOf = (objects: readonly ClusterObject[]): string[] =>
  objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

describe('createObjectStorage', () => {
  it('gives every write the next revision', () => {
    const storage = storageOf();
    const first = storage.put(things, thing('a', 'x'));
    const second = storage.put(things, thing('a', 'y'));
    const gone = storage.remove(things, first);
    const revisions = [first, second, gone].map(({ metadata }) => Number(metadata.resourceVersion));
    expect(revisions).toEqual([revisions[0], (revisions[0] ?? 0) + 1, (revisions[0] ?? 0) + 2]);
    expect(storage.revision).toBe(revisions[2]);
  });

  it('lists one namespace and not those whose names begin alike', () => {
    const storage = storageOf();
    for (const namespace of ['a', 'a-b', 'ab', 'a0']) storage.put(things, thing(namespace, 'x'));
    expect(namesOf(storage.list(things, 'a'))).toEqual(['a/x']);
    expect(storage.list(things)).toHaveLength(4);
  });

  it('pages at the revision of the first page, whatever is written in between', () => {
    const step = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), isRemoval: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), fc.array(step), fc.integer({ min: 1, max: 3 }), (before, between, limit) => {
        const storage = storageOf();
        const act = ({ name, isRemoval }: { name: string; isRemoval: boolean }): void => {
          const present = storage.get(things, 'n', name);
          if (!isRemoval) storage.put(things, thing('n', name));
          else if (present !== undefined) storage.remove(things, present);
        };
        before.forEach(act);
        const { revision } = storage;
        const expected = storage.list(things);
        const paged: ClusterObject[] = [];
        let afterKey: string | undefined;
        do {
          const page = storage.page(things, { revision, limit, ...(afterKey === undefined ? {} : { afterKey }) });
          expect(page.remaining).toBe(expected.length - paged.length - page.objects.length);
          paged.push(...page.objects);
          afterKey = page.lastKey;
          const next = between.shift();
          if (next !== undefined) act(next);
        } while (afterKey !== undefined);
        expect(paged).toEqual(expected);
      }),
    );
  });

  it('forgets the oldest changes beyond its limit and says from where they are complete', () => {
    const storage = storageOf(4);
    for (let count = 0; count < 20; count += 1) storage.put(things, thing('n', `x${count}`));
    const oldest = storage.oldestRevision(things);
    expect(oldest).toBeGreaterThan(1);
    const events = storage.eventsAfter(things, oldest);
    expect(events).toHaveLength(storage.revision - oldest);
    expect(events.length).toBeLessThanOrEqual(5);
  });

  it('forgets everything on compaction, also for resources nobody has looked at', () => {
    const storage = storageOf();
    storage.put(things, thing('n', 'x'));
    storage.compact();
    expect(storage.eventsAfter(things, 0)).toEqual([]);
    expect(storage.oldestRevision(things)).toBe(storage.revision);
    expect(storage.oldestRevision({ ...things, plural: 'others' })).toBe(storage.revision);
  });

  it('finds what an owner owns, until it is removed or let go', () => {
    const storage = storageOf();
    const owned = storage.put(things, thing('n', 'x', 'owner'));
    storage.put(things, thing('n', 'y', 'owner'));
    expect(namesOf(storage.listOwned('owner'))).toEqual(['n/x', 'n/y']);
    storage.remove(things, owned);
    storage.put(things, thing('n', 'y'));
    expect(storage.listOwned('owner')).toEqual([]);
  });

  it('tells all listeners of all changes in one order, also of those a listener makes', () => {
    const storage = storageOf();
    const heard: string[][] = [[], []];
    storage.subscribe((event) => {
      heard[0]?.push(`${event.type} ${event.object.metadata.name}`);
      if (event.object.metadata.name === 'x' && event.type === 'ADDED') storage.put(things, thing('n', 'y'));
    });
    storage.subscribe((event) => heard[1]?.push(`${event.type} ${event.object.metadata.name}`));
    storage.put(things, thing('n', 'x'));
    expect(heard[0]).toEqual(['ADDED x', 'ADDED y']);
    expect(heard[1]).toEqual(heard[0]);
  });

  it('goes on when a listener throws', () => {
    const errors: unknown[] = [];
    const storage = createObjectStorage({ historyPerResource: 10, onListenerError: (error) => errors.push(error) });
    let heard = 0;
    storage.subscribe(() => {
      throw new Error('listener');
    });
    storage.subscribe(() => {
      heard += 1;
    });
    storage.put(things, thing('n', 'x'));
    expect(heard).toBe(1);
    expect(errors).toHaveLength(1);
  });
});
