import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MergeableChange, type MergedChange, mergeChanges } from './merge-changes.ts';

const keys = ['a', 'b', 'c', 'other a', 'other b'];

interface NumberedChange extends MergeableChange {
  readonly value: number;
  readonly resumable?: number | 'before';
}

/** With where its reader may resume: the value of a change, or undefined for no further than before. */
const options = {
  laneOf: ({ key }: NumberedChange) => (key.startsWith('other') ? 'other' : 'one'),
  merge: ({ last, type, resumable }: MergedChange<NumberedChange>): NumberedChange => ({
    ...last,
    type,
    resumable: resumable?.value ?? 'before',
  }),
};
const resumableOf = ({ value, resumable = value }: NumberedChange): number => (resumable === 'before' ? -1 : resumable);

describe('mergeChanges', () => {
  it.each<[string, NumberedChange['type'][], NumberedChange['type'][]]>([
    ['the newest of several changes', ['MODIFIED', 'MODIFIED'], ['MODIFIED']],
    ['as new what came and changed', ['ADDED', 'MODIFIED'], ['ADDED']],
    ['as gone what changed and went', ['MODIFIED', 'DELETED'], ['DELETED']],
    ['nothing of what came and went', ['ADDED', 'DELETED'], []],
    ['as gone what went, came and went', ['DELETED', 'ADDED', 'DELETED'], ['DELETED']],
    ['as new what came, went and came', ['ADDED', 'DELETED', 'ADDED'], ['ADDED']],
    ['as changed what went and came back', ['DELETED', 'ADDED'], ['MODIFIED']],
  ])('keeps %s', (_name, types, expected) => {
    const changes = types.map((type, value) => ({ type, key: 'a', value }));
    const merged = mergeChanges(changes, options);
    expect(merged.map((change) => change.type)).toEqual(expected);
    expect(merged.map(({ value }) => value)).toEqual(expected.map(() => types.length - 1));
  });

  it('tells both where something goes and another of its name comes', () => {
    const changes = ['old DELETED', 'new ADDED', 'new MODIFIED'].map((text, value): NumberedChange => {
      const [key = '', type] = text.split(' ');
      return { key, type: type as NumberedChange['type'], value };
    });
    expect(mergeChanges(changes, options).map(({ key, type }) => `${key} ${type}`)).toEqual([
      'old DELETED',
      'new ADDED',
    ]);
  });

  /** What can happen: only what is not there comes, only what is there changes and goes. */
  const histories = fc
    .tuple(
      fc.subarray(keys),
      fc.array(fc.record({ key: fc.constantFrom(...keys), goes: fc.boolean() }), { maxLength: 30 }),
    )
    .map(([known, steps]) => {
      const there = new Set(known);
      const changes = steps.map(({ key, goes }, value): NumberedChange => {
        const type = there.has(key) ? (goes ? 'DELETED' : 'MODIFIED') : 'ADDED';
        if (type === 'DELETED') there.delete(key);
        else there.add(key);
        return { type, key, value };
      });
      return { known, changes };
    });

  it('leads to the same state, tells of each thing once at most, in order, and only what can be true', () => {
    fc.assert(
      fc.property(histories, ({ known, changes }) => {
        const merged = mergeChanges(changes, options);
        expect(fold(merged, known)).toEqual(fold(changes, known));
        const values = merged.map((change) => change.value);
        expect(values).toEqual(values.toSorted((one, other) => one - other));
        expect(new Set(merged.map((change) => change.key)).size).toBe(merged.length);
        for (const { type, key } of merged) expect(known.includes(key)).toBe(type !== 'ADDED');
      }),
    );
  });

  it('has a reader of all of it stand behind all that was, also what came and went', () => {
    fc.assert(
      fc.property(histories, ({ changes }) => {
        const merged = mergeChanges(changes, options);
        for (const lane of ['one', 'other']) {
          const last = merged.findLast((each) => options.laneOf(each) === lane);
          const end = changes.findLast((each) => options.laneOf(each) === lane);
          if (last) expect(resumableOf(last)).toBe(end?.value);
        }
      }),
    );
  });

  it('lets a reader resume anywhere: what it missed is told, whatever else is told again', () => {
    fc.assert(
      fc.property(histories, fc.nat(30), ({ known, changes }, count) => {
        const read = mergeChanges(changes, options).slice(0, count);
        const positions = { one: -1, other: -1 };
        for (const each of read) {
          const lane = options.laneOf(each) as keyof typeof positions;
          positions[lane] = Math.max(positions[lane], resumableOf(each));
        }
        const again = changes.filter((each) => each.value > positions[options.laneOf(each) as keyof typeof positions]);
        const final = fold(changes, known);
        const state = new Map(Object.entries(fold(read, known)));
        const told = new Set(state.keys());
        for (const { type, key, value } of again) {
          // Nothing that stays changes before its reader has heard of it.
          if (type === 'MODIFIED' && key in final) expect(told).toContain(key);
          told.add(key);
          if (type === 'DELETED') state.delete(key);
          else state.set(key, value);
        }
        expect(Object.fromEntries([...state].sort())).toEqual(final);
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
