const rfc3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Compares two RFC 3339 times to the nanosecond: below 0 where `a` is earlier. Container runtimes write up to nine
 * digits and the zone of their node; a JavaScript date would lose six of them. What is no time comes first.
 */
export function compareLogTimes(a: string, b: string): number {
  return compareReadTimes(readLogTime(a), readLogTime(b));
}

/** A time that was read once, where it is compared often. */
export type LogTime = readonly [seconds: number, nanos: number];

export function compareReadTimes([aSeconds, aNanos]: LogTime, [bSeconds, bNanos]: LogTime): number {
  return aSeconds - bSeconds || aNanos - bNanos;
}

export function readLogTime(time: string): LogTime {
  const match = rfc3339.exec(time);
  if (!match) return [0, 0];
  const [, whole = '', fraction = '', zone = ''] = match;
  return [Date.parse(`${whole}${zone}`) / 1_000, Number(fraction.padEnd(9, '0'))];
}
