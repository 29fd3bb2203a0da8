import { RequestError } from '../../kernel/request-error.ts';

/** A value that rows are ordered by; null sorts last whatever the direction. */
export type SortValue = string | number | boolean | null;

/** Where a row stands: its values in the asked order, then what makes it unique. */
export interface RowPosition {
  readonly values: readonly SortValue[];
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * A cursor carries the position itself and not an offset, so that rows that come or go before it never repeat or skip
 * another. `order` guards against using it under another ordering.
 */
export function encodeListCursor(order: string, position: RowPosition): string {
  const { values, cluster, namespace, name } = position;
  return Buffer.from(JSON.stringify([order, values, cluster, namespace, name]), 'utf8').toString('base64url');
}

/** Throws `BAD_USER_INPUT` for what is not a cursor of this order. */
export function parseListCursor(order: string, cursor: string): RowPosition {
  const parsed = decode(cursor);
  if (!isCursorTuple(parsed)) throw invalid('it is not one of this API');
  if (parsed[0] !== order) throw invalid('it belongs to another orderBy');
  return { values: parsed[1], cluster: parsed[2], namespace: parsed[3], name: parsed[4] };
}

function invalid(reason: string): RequestError {
  return new RequestError('BAD_USER_INPUT', `The cursor is invalid: ${reason}`);
}

function decode(cursor: string): unknown {
  if (cursor.length > 4096 || !/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function isCursorTuple(value: unknown): value is [string, SortValue[], string, string, string] {
  return (
    Array.isArray(value) &&
    value.length === 5 &&
    typeof value[0] === 'string' &&
    Array.isArray(value[1]) &&
    value[1].length <= 8 &&
    value[1].every((item) => item === null || ['string', 'number', 'boolean'].includes(typeof item)) &&
    value.slice(2).every((item) => typeof item === 'string')
  );
}
