import { RequestError, type TimelineEntry, type TimelinePage } from 'longshore/sdk';

/** An entry with the source it comes from. */
export interface SourcedEntry extends TimelineEntry {
  readonly source: string;
}

/** The place of an entry in the order of all sources: newest first, then by source, then the greater key first. */
export interface TimelinePosition {
  readonly at: Date;
  readonly source: string;
  readonly key: string;
}

/** From where on one source has to tell, so that nothing is repeated or skipped behind a position. */
export function behindOf(source: string, position: TimelinePosition | undefined): TimelinePage['behind'] {
  if (!position) return undefined;
  if (source === position.source) return { at: position.at, key: position.key };
  // Sources of one moment come in the order of their names: those after it still have that moment before them.
  const at = source > position.source ? new Date(position.at.getTime() + 1) : position.at;
  return { at, key: undefined };
}

/** The first entries of all sources, each of which gave its own first ones. */
export function mergeTimeline(
  bySource: ReadonlyMap<string, readonly TimelineEntry[]>,
  first: number,
): { readonly entries: readonly SourcedEntry[]; readonly hasMore: boolean } {
  const all = [...bySource].flatMap(([source, entries]) => entries.map((entry) => ({ ...entry, source })));
  all.sort(
    (one, other) =>
      other.at.getTime() - one.at.getTime() || compare(one.source, other.source) || compare(other.key, one.key),
  );
  return { entries: all.slice(0, first), hasMore: all.length > first };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

export function encodeTimelineCursor({ at, source, key }: TimelinePosition): string {
  return Buffer.from(JSON.stringify(['timeline', at.toISOString(), source, key]), 'utf8').toString('base64url');
}

/** Throws `BAD_USER_INPUT` for what is no cursor of a timeline. */
export function parseTimelineCursor(cursor: string): TimelinePosition {
  const parsed = decode(cursor);
  if (Array.isArray(parsed) && parsed.length === 4 && parsed[0] === 'timeline') {
    const [, time, source, key] = parsed as unknown[];
    const at = new Date(typeof time === 'string' ? time : Number.NaN);
    if (!Number.isNaN(at.getTime()) && typeof source === 'string' && typeof key === 'string')
      return { at, source, key };
  }
  throw new RequestError('BAD_USER_INPUT', 'The cursor is invalid: it is not one of a timeline');
}

function decode(cursor: string): unknown {
  if (cursor.length > 1024 || !/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
