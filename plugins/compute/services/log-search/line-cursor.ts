import { RequestError } from 'longshore/sdk';
import type { LinePosition } from './search-logs.ts';

export function encodeLineCursor({ ns, ordinal }: LinePosition): string {
  return Buffer.from(JSON.stringify(['lines', ns, ordinal]), 'utf8').toString('base64url');
}

/** Throws `BAD_USER_INPUT` for what is not a cursor of collected lines. */
export function parseLineCursor(cursor: string): LinePosition {
  const parsed = decode(cursor);
  if (Array.isArray(parsed) && parsed.length === 3 && parsed[0] === 'lines') {
    const [, ns, ordinal] = parsed as unknown[];
    const isNs = typeof ns === 'string' && /^\d{19}$/.test(ns);
    if (isNs && typeof ordinal === 'number' && Number.isSafeInteger(ordinal) && ordinal >= 0) return { ns, ordinal };
  }
  throw new RequestError('BAD_USER_INPUT', 'The cursor is invalid: it is not one of logSearch');
}

function decode(cursor: string): unknown {
  if (cursor.length > 256 || !/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
