import type { PodLogLine } from '../pod-logs.ts';

const stamp = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/** Splits `<time> <text>`; a line without a time (the runtime's own words) gets the one given. */
export function parseLogLine(
  line: { readonly text: string; readonly isCut: boolean },
  fallbackTime: string,
): PodLogLine {
  const space = line.text.indexOf(' ');
  const head = space < 0 ? line.text : line.text.slice(0, space);
  if (!stamp.test(head)) return { time: fallbackTime, text: withoutReturn(line.text), isCut: line.isCut };
  return { time: head, text: space < 0 ? '' : withoutReturn(line.text.slice(space + 1)), isCut: line.isCut };
}

/** A text that sorts as the time does: runtimes trim zeros and may write offsets. */
export function timeKey(time: string): string {
  const [, seconds = '', fraction = '', zone = 'Z'] = stamp.exec(time) ?? [];
  const epochSeconds = Math.floor(Date.parse(`${seconds}${zone}`) / 1_000);
  return `${String(Number.isNaN(epochSeconds) ? 0 : epochSeconds).padStart(12, '0')}.${fraction.padEnd(9, '0')}`;
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
