import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../kernel/request-error.ts';
import { cutPage, type Page, type RowOrder } from './cut-page.ts';
import { encodeListCursor, parseListCursor } from './list-cursor.ts';
import { type PlacedRow, sortRows } from './sort-rows.ts';

const order: RowOrder = { key: 'Pod,RESTARTS:DESC', directions: ['DESC'] };

const rows = fc.uniqueArray(
  fc.record({
    restarts: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
    namespace: fc.constantFrom('a', 'b'),
    name: fc.string({ minLength: 1, maxLength: 3 }),
  }),
  { selector: (row) => `${row.namespace}/${row.name}`, maxLength: 40 },
);

function place(row: { restarts: number | null; namespace: string; name: string }): PlacedRow<string> {
  return {
    row: `${row.namespace}/${row.name}`,
    position: { values: [row.restarts], cluster: 'c', namespace: row.namespace, name: row.name },
  };
}

const nodes = (page: Page<string>): string[] => page.edges.map((edge) => edge.node);

describe('cutPage', () => {
  it('walks forward through every row once, in order, whatever the page size (CORE-32)', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 7 }), (given, first) => {
        const sorted = sortRows(given.map(place), order.directions);
        const seen: string[] = [];
        let after: string | undefined;
        for (let hasNext = true; hasNext; ) {
          const page = cutPage(sorted, order, { first, after });
          seen.push(...nodes(page));
          after = page.edges.at(-1)?.cursor;
          hasNext = page.hasNextPage;
        }
        expect(seen).toEqual(sorted.map((row) => row.row));
      }),
    );
  });

  it('walks backward through every row once', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 7 }), (given, last) => {
        const sorted = sortRows(given.map(place), order.directions);
        const seen: string[] = [];
        let before: string | undefined;
        for (let hasPrevious = true; hasPrevious; ) {
          const page = cutPage(sorted, order, { last, before });
          seen.unshift(...nodes(page));
          before = page.edges[0]?.cursor;
          hasPrevious = page.hasPreviousPage;
        }
        expect(seen).toEqual(sorted.map((row) => row.row));
      }),
    );
  });

  it('neither repeats nor skips a row when others come and go between two pages', () => {
    fc.assert(
      fc.property(rows, rows, fc.integer({ min: 1, max: 5 }), (given, others, first) => {
        const before = sortRows(given.map(place), order.directions);
        const page = cutPage(before, order, { first });
        const changed = new Map([...given, ...others].map((row) => [`${row.namespace}/${row.name}`, row]));
        for (const row of given) changed.set(`${row.namespace}/${row.name}`, row);
        const now = sortRows([...changed.values()].map(place), order.directions);
        const after = page.edges.at(-1)?.cursor;
        if (after === undefined) return;
        const rest = nodes(cutPage(now, order, { first: 1000, after }));
        expect(rest.filter((row) => nodes(page).includes(row))).toEqual([]);
        const unseen = before.map((row) => row.row).filter((row) => !nodes(page).includes(row));
        expect(rest.filter((row) => unseen.includes(row))).toEqual(unseen);
      }),
    );
  });

  it('puts rows without a value last in both directions', () => {
    const given = [
      { restarts: null, namespace: 'a', name: 'x' },
      { restarts: 1, namespace: 'a', name: 'y' },
    ].map(place);
    expect(sortRows([...given], ['ASC']).map((row) => row.row)).toEqual(['a/y', 'a/x']);
    expect(sortRows([...given], ['DESC']).map((row) => row.row)).toEqual(['a/y', 'a/x']);
  });

  it.each([
    { name: 'a negative size', page: { first: -1 } },
    { name: 'a size over 1000', page: { first: 1001 } },
    { name: 'first and last together', page: { first: 1, last: 1 } },
    {
      name: 'a cursor of another order',
      page: { after: encodeListCursor('Pod', { values: [], cluster: 'c', namespace: 'n', name: 'x' }) },
    },
    { name: 'a cursor that is none', page: { after: 'bm8' } },
    { name: 'a cursor that is not base64url', page: { before: '<script>' } },
  ])('refuses $name with BAD_USER_INPUT', ({ page }) => {
    expect(() => cutPage([], order, page)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});

describe('parseListCursor', () => {
  it('refuses any text it has not written, and nothing but politely (CORE-32)', () => {
    fc.assert(
      fc.property(fc.string(), (cursor) => {
        try {
          parseListCursor('Pod', cursor);
        } catch (error) {
          expect(error).toBeInstanceOf(RequestError);
        }
      }),
    );
  });
});
