import { RequestError } from 'longshore/sdk';
import type { LogPosition } from './log-position.ts';

/** Whose lines a log stream carries; a cursor of one log is of no use to another. */
export interface LogSource {
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

const topic = 'podLogLines';

export function encodeLogCursor(source: LogSource, position: LogPosition): string {
  const { cluster, namespace, pod, container } = source;
  const parts = [topic, cluster, namespace, pod, container, position.time, position.count];
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');
}

/** Throws `BAD_USER_INPUT` for what is not a cursor of this log. */
export function parseLogCursor(source: LogSource, cursor: string): LogPosition {
  const parts = decode(cursor);
  const wanted = [topic, source.cluster, source.namespace, source.pod, source.container];
  if (!Array.isArray(parts) || parts.length !== 7 || parts[0] !== topic) throw invalid('it is not one of this stream');
  if (!wanted.every((part, index) => parts[index] === part)) throw invalid('it belongs to another log');
  const [time, count] = parts.slice(5) as [unknown, unknown];
  const isTime = typeof time === 'string' && (time === '' || !Number.isNaN(Date.parse(time)));
  const isCount = typeof count === 'number' && Number.isSafeInteger(count) && count >= 0;
  if (!isTime || !isCount) throw invalid('it is not one of this stream');
  return { time, count };
}

function invalid(reason: string): RequestError {
  return new RequestError('BAD_USER_INPUT', `The cursor is invalid: ${reason}`);
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
