import { compareVersions } from '../kube/compare-versions.ts';

/**
 * A place in the changes of one source. Several changes can share a version (deletions that a relist inferred), so the
 * ordinal counts them from 1; 0 stands before the first of them.
 */
export interface StreamPosition {
  readonly version: string;
  readonly ordinal: number;
  /** The reader was told newer states already, which were merged: what it is told behind this must not take it back to older ones. */
  readonly isPassed?: boolean;
}

const passed = '~+';

/** `1234`, or `1234~2` for any ordinal but 1. */
export function printPosition(position: StreamPosition): string {
  return position.ordinal === 1 ? position.version : `${position.version}~${position.ordinal}`;
}

/** The same place, of a reader who was told more than lies before it. */
export const printPassed = (printed: string): string => (printed.endsWith(passed) ? printed : `${printed}${passed}`);

export function parsePosition(text: string): StreamPosition | undefined {
  const [, version, ordinal, isPassed] = /^([^~]{1,128})(?:~(0|[1-9]\d{0,8}))?(~\+)?$/.exec(text) ?? [];
  if (version === undefined) return undefined;
  const position = { version, ordinal: ordinal === undefined ? 1 : Number(ordinal) };
  return isPassed === undefined ? position : { ...position, isPassed: true };
}

/** Negative, zero or positive; undefined where the versions cannot be ordered. */
export function comparePositions(one: StreamPosition, other: StreamPosition): number | undefined {
  const order = compareVersions(one.version, other.version);
  return order === 0 ? one.ordinal - other.ordinal : order;
}
