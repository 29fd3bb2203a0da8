import { type OperationPosition, RequestError } from 'longshore/sdk';

/** A cursor carries the record's own place, so that newer records never shift a page. */
export function encodeOperationCursor({ createdAt, id }: OperationPosition): string {
  return Buffer.from(JSON.stringify(['operations', createdAt.toISOString(), id]), 'utf8').toString('base64url');
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws `BAD_USER_INPUT` for what is not a cursor of this list. */
export function parseOperationCursor(cursor: string): OperationPosition {
  const parsed = decode(cursor);
  if (Array.isArray(parsed) && parsed.length === 3 && parsed[0] === 'operations') {
    const [, at, id] = parsed as [string, unknown, unknown];
    const createdAt = new Date(typeof at === 'string' ? at : Number.NaN);
    if (!Number.isNaN(createdAt.getTime()) && typeof id === 'string' && uuid.test(id)) return { createdAt, id };
  }
  throw new RequestError('BAD_USER_INPUT', 'The cursor is invalid: it is not one of operationRecords');
}

function decode(cursor: string): unknown {
  if (cursor.length > 512 || !/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

export const isOperationId = (id: string): boolean => uuid.test(id);
