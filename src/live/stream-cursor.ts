import { RequestError } from '../kernel/request-error.ts';

/** Longest cursor that is looked at, in characters: room for several hundred positions. */
const maxCursorLength = 32_768;
const formatVersion = 1;

/** Where a subscriber stands in a stream. */
export interface StreamCursor {
  /** The stream it belongs to; of no use to another. */
  readonly topic: string;
  /** One life of the memory behind the positions; a position of another epoch has expired. */
  readonly epoch: string;
  /** What the subscriber could see; a position taken under another filter or other rights has expired. */
  readonly scope: string;
  /** One position per source (cluster, or cluster and kind); what is not in it was not delivered yet. */
  readonly positions: ReadonlyMap<string, string>;
}

/** Opaque to clients: base64url of version, topic, epoch, scope and then source and position by turns. */
export function encodeStreamCursor(cursor: StreamCursor): string {
  const parts: (string | number)[] = [formatVersion, cursor.topic, cursor.epoch, cursor.scope];
  for (const [source, position] of cursor.positions) parts.push(source, position);
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');
}

/** Throws `BAD_USER_INPUT` for what is no cursor or belongs to another stream. */
export function parseStreamCursor(text: string, topic: string): StreamCursor {
  const cursor = decode(text);
  if (!cursor) throw new RequestError('BAD_USER_INPUT', 'The cursor is not one that a stream of this gateway sent.');
  if (cursor.topic !== topic) throw new RequestError('BAD_USER_INPUT', 'The cursor belongs to another stream.');
  return cursor;
}

function decode(text: string): StreamCursor | undefined {
  if (text.length > maxCursorLength || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const parts = parseStrings(Buffer.from(text, 'base64url').toString('utf8'));
  if (!parts) return undefined;
  const [topic, epoch, scope, ...flat] = parts;
  if (topic === undefined || epoch === undefined || scope === undefined || flat.length % 2 !== 0) return undefined;
  const positions = new Map<string, string>();
  for (let index = 0; index < flat.length; index += 2) positions.set(flat[index] ?? '', flat[index + 1] ?? '');
  const cursor = { topic, epoch, scope, positions };
  // One spelling per cursor: what decodes but was written differently is not ours.
  return encodeStreamCursor(cursor) === text ? cursor : undefined;
}

function parseStrings(json: string): string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value[0] !== formatVersion) return undefined;
  const parts: unknown[] = value.slice(1);
  return parts.every((part): part is string => typeof part === 'string') ? parts : undefined;
}
