import { describe, expect, it } from 'vitest';
import { encodeLogCursor, type LogSource, parseLogCursor } from './pod-log-cursor.ts';

const source: LogSource = { cluster: 'c1', namespace: 'shop', pod: 'vote-0', container: 'web' };
const position = { time: '2026-01-01T00:00:00.123456789Z', count: 2 };
const raw = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('parseLogCursor', () => {
  it('reads what was encoded', () => {
    expect(parseLogCursor(source, encodeLogCursor(source, position))).toEqual(position);
  });
  it('reads the place before the first line', () => {
    const start = { time: '', count: 0 };
    expect(parseLogCursor(source, encodeLogCursor(source, start))).toEqual(start);
  });
  it.each([
    ['text', 'hello', 'it is not one of this stream'],
    ['the cursor of a list', raw(['Pod', [], 'c1', 'shop', 'vote']), 'it is not one of this stream'],
    [
      'a cursor with a false time',
      raw(['podLogLines', 'c1', 'shop', 'vote-0', 'web', 'soon', 1]),
      'it is not one of this stream',
    ],
    [
      'a cursor with a false count',
      raw(['podLogLines', 'c1', 'shop', 'vote-0', 'web', '', -1]),
      'it is not one of this stream',
    ],
    [
      'the cursor of another container',
      encodeLogCursor({ ...source, container: 'proxy' }, position),
      'it belongs to another log',
    ],
  ])('refuses %s', (_name, cursor, reason) => {
    expect(() => parseLogCursor(source, cursor)).toThrow(`The cursor is invalid: ${reason}`);
  });
});
