import { RequestError } from 'longshore/sdk';
import type { EventPosition } from './event-history.ts';

/** A cursor carries the row's own place, so that newer events never shift a page. */
export function encodeEventCursor({ lastSeenAt, cluster, uid }: EventPosition): string {
  return Buffer.from(JSON.stringify(['events', lastSeenAt.toISOString(), cluster, uid]), 'utf8').toString('base64url');
}

/** Throws `BAD_USER_INPUT` for what is not a cursor of this list. */
export function parseEventCursor(cursor: string): EventPosition {
  const parsed = decode(cursor);
  if (Array.isArray(parsed) && parsed.length === 4 && parsed.every((part) => typeof part === 'string')) {
    const [of, at = '', cluster = '', uid = ''] = parsed as string[];
    const lastSeenAt = new Date(at);
    const isText = !`${cluster}${uid}`.includes('\0');
    if (of === 'events' && isText && !Number.isNaN(lastSeenAt.getTime())) return { lastSeenAt, cluster, uid };
  }
  throw new RequestError('BAD_USER_INPUT', 'The cursor is invalid: it is not one of kubernetesEventHistory');
}

function decode(cursor: string): unknown {
  if (cursor.length > 2_048 || !/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
