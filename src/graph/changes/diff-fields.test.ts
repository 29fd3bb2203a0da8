import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffFields } from './diff-fields.ts';

describe('diffFields', () => {
  it('tells nothing where nothing changed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(diffFields({ spec: value }, { spec: structuredClone(value) })).toEqual([]);
      }),
    );
  });

  it('finds every change: applying what it tells to the old version gives the new one', () => {
    const flat = fc.dictionary(
      fc.constantFrom('a', 'b', 'c~d', 'e/f'),
      fc.oneof(fc.integer(), fc.dictionary(fc.constantFrom('x', 'y'), fc.integer(), { minKeys: 1 })),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(flat, flat, (before, after) => {
        const result = structuredClone(before) as Record<string, unknown>;
        for (const change of diffFields(before, after))
          apply(result, change.path, change.operation === 'REMOVE' ? undefined : change.after);
        expect(prune(result)).toEqual(prune(after));
      }),
    );
  });

  it('compares containers by name and not by place', () => {
    const before = {
      containers: [
        { name: 'a', image: 'a:1' },
        { name: 'b', image: 'b:1' },
      ],
    };
    const after = {
      containers: [
        { name: 'b', image: 'b:2' },
        { name: 'a', image: 'a:1' },
      ],
    };
    expect(diffFields(before, after)).toEqual([
      { operation: 'REPLACE', path: '/containers/0/image', before: 'b:1', after: 'b:2' },
    ]);
  });

  it('leaves out what the server writes by itself', () => {
    const before = { metadata: { resourceVersion: '1', generation: 1 }, status: { replicas: 1 } };
    expect(diffFields(before, { metadata: { resourceVersion: '2', generation: 2 }, status: { replicas: 2 } })).toEqual(
      [],
    );
  });

  it('tells field by field what a new object brings', () => {
    expect(diffFields(undefined, { kind: 'ConfigMap', data: { a: '1' } })).toEqual([
      { operation: 'ADD', path: '/kind', before: null, after: 'ConfigMap' },
      { operation: 'ADD', path: '/data/a', before: null, after: '1' },
    ]);
  });
});

function apply(target: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  let parent = target;
  for (const key of keys) {
    if (typeof parent[key] !== 'object') parent[key] = {};
    parent = parent[key] as Record<string, unknown>;
  }
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}

/** An object all of whose fields went is gone itself. */
function prune(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, field]) => [key, prune(field)] as const);
  return Object.fromEntries(
    entries.filter(([, field]) => !(typeof field === 'object' && field !== null && Object.keys(field).length === 0)),
  );
}
