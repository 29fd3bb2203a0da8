import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlacedRow, sortRows } from './sort-rows.ts';
import { createSortedViews } from './sorted-views.ts';

interface Row {
  readonly name: string;
  readonly rank: number;
}

const place = (row: Row): PlacedRow<Row> => ({
  row,
  position: { values: [row.rank], cluster: '', namespace: '', name: row.name },
});
const directions = ['DESC'] as const;
const key = 'RANK:DESC';
const namesOf = (rows: readonly PlacedRow<Row>[]) => rows.map(({ row }) => row.name);

/** More than are sorted without a view. */
const many = Array.from({ length: 120 }, (_, index): Row => ({ name: `row-${index}`, rank: index % 7 }));

describe('sorted views', () => {
  it('are what sorting all rows anew would be, whatever comes, changes and goes', () => {
    const step = fc.record({
      parts: fc.integer({ min: 1, max: 3 }),
      gone: fc.array(fc.nat({ max: 119 }), { maxLength: 15 }),
      changed: fc.array(fc.record({ index: fc.nat({ max: 119 }), rank: fc.integer({ min: 0, max: 9 }) }), {
        maxLength: 15,
      }),
      added: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 15 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const views = createSortedViews<Row>();
        let rows = many;
        for (const [number, { parts, gone, changed, added }] of steps.entries()) {
          rows = rows.filter((_, index) => !gone.includes(index));
          rows = rows.map((row, index) => {
            const change = changed.find((each) => each.index === index);
            return change ? { ...row, rank: change.rank } : row;
          });
          rows = [...added.map((rank, index) => ({ name: `new-${number}-${index}`, rank })), ...rows];
          const size = Math.ceil(rows.length / parts);
          const split = Array.from({ length: parts }, (_, index) => rows.slice(index * size, (index + 1) * size));
          const sorted = views.sorted({ key, parts: split, directions, place });
          expect(namesOf(sorted)).toEqual(namesOf(sortRows(rows.map(place), directions)));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('place only rows that are new, and nothing where no source has changed', () => {
    const views = createSortedViews<Row>();
    let placed = 0;
    const counting = (row: Row) => {
      placed += 1;
      return place(row);
    };
    const first = views.sorted({ key, parts: [many], directions, place: counting });
    expect(placed).toBe(many.length);
    expect(views.sorted({ key, parts: [many], directions, place: counting })).toBe(first);
    views.sorted({ key, parts: [[...many, { name: 'new', rank: 3 }]], directions, place: counting });
    expect(placed).toBe(many.length + 1);
  });

  it('are kept up to so many rows, the last ones used', () => {
    const views = createSortedViews<Row>(many.length * 2);
    const ask = (name: string) => views.sorted({ key: name, parts: [many], directions, place });
    const [a, b] = [ask('a'), ask('b')];
    expect(ask('a')).toBe(a);
    ask('c');
    expect(ask('a')).toBe(a);
    expect(ask('b')).not.toBe(b);
    const long = 'k'.repeat(2_000);
    expect(ask(long)).not.toBe(ask(long));
  });
});
