import { RequestError } from '../../kernel/request-error.ts';
import { encodeListCursor, parseListCursor } from './list-cursor.ts';
import { firstAfter, firstNotBefore, type OrderDirection, type PlacedRow } from './sort-rows.ts';

export const defaultPageSize = 50;
export const maxPageSize = 1000;

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** An order as asked: its name guards cursors, its directions compare rows. */
export interface RowOrder {
  readonly key: string;
  readonly directions: readonly OrderDirection[];
}

export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

export interface Page<T> {
  readonly edges: readonly Edge<T>[];
  /** The key of the order that the cursors belong to; undefined where a source cuts pages by one of its own. */
  readonly order?: string;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** Relay Cursor Connections: cuts by `after` and `before`, then by `first` and `last`. */
export function cutPage<T>(sorted: readonly PlacedRow<T>[], order: RowOrder, page: PageArguments): Page<T> {
  const size = pageSize(page);
  let from = page.after ? firstAfter(sorted, parseListCursor(order.key, page.after), order.directions) : 0;
  let to = page.before
    ? firstNotBefore(sorted, parseListCursor(order.key, page.before), order.directions)
    : sorted.length;
  to = Math.max(from, to);
  if (size.first !== undefined) to = Math.min(to, from + size.first);
  if (size.last !== undefined) from = Math.max(from, to - size.last);
  return {
    edges: sorted.slice(from, to).map((placed) => edgeOf(order.key, placed)),
    order: order.key,
    hasNextPage: to < sorted.length,
    hasPreviousPage: from > 0,
  };
}

/** Most rows are listed without their cursors. */
function edgeOf<T>(order: string, { row, position }: PlacedRow<T>): Edge<T> {
  return {
    node: row,
    get cursor() {
      return encodeListCursor(order, position);
    },
  };
}

/** Throws `BAD_USER_INPUT` for sizes outside 0 to 1000 and for `first` together with `last`. */
export function pageSize(page: PageArguments): {
  readonly first: number | undefined;
  readonly last: number | undefined;
} {
  const first = page.first ?? undefined;
  const last = page.last ?? undefined;
  if (first !== undefined && last !== undefined) {
    throw new RequestError('BAD_USER_INPUT', 'Ask for either first or last, not both');
  }
  checkSize('first', first);
  checkSize('last', last);
  return first === undefined && last === undefined ? { first: defaultPageSize, last: undefined } : { first, last };
}

function checkSize(name: string, size: number | undefined): void {
  if (size !== undefined && (size < 0 || size > maxPageSize)) {
    throw new RequestError('BAD_USER_INPUT', `${name} must be 0 to ${maxPageSize}, got ${size}`);
  }
}
