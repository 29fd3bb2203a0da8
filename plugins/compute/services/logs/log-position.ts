import type { PodLogLine } from 'longshore/sdk';
import { compareLogTimes } from './log-time.ts';

/** Behind which line to go on: its time, and how many lines of that very time had been sent. */
export interface LogPosition {
  /** RFC 3339 with up to nanoseconds; the empty string stands before the first line. */
  readonly time: string;
  readonly count: number;
}

export const logBeginning: LogPosition = { time: '', count: 0 };

/** The position behind one more line of this time. */
export function advance(position: LogPosition, time: string): LogPosition {
  return time === position.time ? { time, count: position.count + 1 } : { time, count: 1 };
}

/** The cluster answers from a whole second on: what had been sent before is told apart here, to the nanosecond. */
export function skipSeen(after: LogPosition): (line: PodLogLine) => boolean {
  if (after.time === '') return () => true;
  let sameTime = 0;
  let isBehind = false;
  return (line) => {
    if (isBehind) return true;
    const order = compareLogTimes(line.time, after.time);
    if (order === 0) sameTime += 1;
    isBehind = order > 0 || sameTime > after.count;
    return isBehind;
  };
}
