import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MergeableChange, mergeChanges } from './merge-changes.ts';

interface NumberedChange extends MergeableChange {
  readonly value: number;
}

const withType = (change: NumberedChange, _first: NumberedChange, type: NumberedChange['type']): NumberedChange => ({
  ...change,
  type,
});

describe('mergeChanges', () => {
  it.each<[string, NumberedChange['type'][], NumberedChange['type'][]]>([
    ['the newest of several changes', ['MODIFIED', 'MODIFIED'], ['MODIFIED']],
    ['as new what came and changed', ['ADDED', 'MODIFIED'], ['ADDED']],
    ['as gone what changed and went', ['MODIFIED', 'DELETED'], ['DELETED']],
    ['as gone what came and went', ['ADDED', 'DELETED'], ['DELETED']],
    ['as changed what went and came back', ['DELETED', 'ADDED'], ['MODIFIED']],
  ])('keeps %s', (_name, types, expected) => {
    const changes = types.map((type, value) => ({ type, key: 'a', value }));
    const merged = mergeChanges(changes, withType);
    expect(merged.map((change) => change.type)).toEqual(expected);
    expect(merged[0]?.value).toBe(types.length - 1);
  });

  it('leads to the same state from every state, and keeps the order of what is left', () => {
    const operation = fc.record({
      type: fc.constantFrom('ADDED', 'MODIFIED', 'DELETED'),
      key: fc.constantFrom('a', 'b', 'c'),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), fc.subarray(['a', 'b', 'c']), (operations, known) => {
        const changes = operations.map((change, value): NumberedChange => ({ ...change, value }) as NumberedChange);
        const merged = mergeChanges(changes, withType);
        expect(fold(merged, known)).toEqual(fold(changes, known));
        const values = merged.map((change) => change.value);
        expect(values).toEqual(values.toSorted((one, other) => one - other));
        expect(new Set(merged.map((change) => change.key)).size).toBe(merged.length);
      }),
    );
  });
});

function fold(changes: readonly NumberedChange[], known: readonly string[]): Record<string, number> {
  const state = new Map(known.map((key) => [key, -1]));
  for (const { type, key, value } of changes) {
    if (type === 'DELETED') state.delete(key);
    else state.set(key, value);
  }
  return Object.fromEntries([...state].sort());
}
