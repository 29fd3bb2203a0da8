import { compareVersions } from '../kube/compare-versions.ts';

/**
 * A place in the changes of one source. Several changes can share a version (deletions that a relist inferred), so the
 * ordinal counts them from 1; 0 stands before the first of them.
 */
export interface StreamPosition {
  readonly version: string;
  readonly ordinal: number;
}

/** `1234`, or `1234~2` for any ordinal but 1. */
export function printPosition(position: StreamPosition): string {
  return position.ordinal === 1 ? position.version : `${position.version}~${position.ordinal}`;
}

export function parsePosition(text: string): StreamPosition | undefined {
  const [, version, ordinal] = /^([^~]{1,128})(?:~(0|[1-9]\d{0,8}))?$/.exec(text) ?? [];
  return version === undefined ? undefined : { version, ordinal: ordinal === undefined ? 1 : Number(ordinal) };
}

/** Negative, zero or positive; undefined where the versions cannot be ordered. */
export function comparePositions(one: StreamPosition, other: StreamPosition): number | undefined {
  const order = compareVersions(one.version, other.version);
  return order === 0 ? one.ordinal - other.ordinal : order;
}
