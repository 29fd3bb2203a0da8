import { describe, expect, it } from 'vitest';
import { encodeWorkloadLogCursor, parseWorkloadLogCursor } from './workload-log-cursor.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
const since = '2026-01-01T00:00:00.000Z';

describe("a cursor of a workload's log", () => {
  it('says where each container stands', () => {
    const position = { run: 2, position: { time: '2026-01-01T00:00:00.000000001Z', count: 3 } };
    const at = { since, containers: new Map([['uid web', position]]) };
    expect(parseWorkloadLogCursor('w1', encodeWorkloadLogCursor('w1', at))).toEqual(at);
  });

  it.each([
    ['no JSON', 'hello', 'it is not one of this stream'],
    ['that of another stream', encode(['podLogLines', 'w1', since, []]), 'it is not one of this stream'],
    ['that of another workload', encode(['workloadLogLines', 'w2', since, []]), 'it belongs to another log'],
    ['one without time', encode(['workloadLogLines', 'w1', 'soon', []]), 'it is not one of this stream'],
    ['a row that is none', encode(['workloadLogLines', 'w1', since, [['k', -1, '', 0]]]), 'it is not one of this'],
    ['a time that is none', encode(['workloadLogLines', 'w1', since, [['k', 0, 'x', 0]]]), 'it is not one of this'],
    ['too many rows', encode(['workloadLogLines', 'w1', since, Array(1_001).fill(['k', 0, '', 0])]), 'not one of'],
  ])('is refused where it is %s (refused)', (_name, cursor, message) => {
    expect(() => parseWorkloadLogCursor('w1', cursor)).toThrow(message);
  });
});
