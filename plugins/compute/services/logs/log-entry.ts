import type { LogPosition } from './log-position.ts';

/** Of which container of which pod a line is. */
export interface LineSource {
  readonly pod: string;
  /** The pod's uid: a StatefulSet makes pods of the same name again. */
  readonly uid: string;
  readonly container: string;
}

export const logEntryKinds = ['LINE', 'GAP', 'ENDED'] as const;
export type LogEntryKind = (typeof logEntryKinds)[number];

/** What a container's log tells, in order. */
export interface LogEntry {
  readonly kind: LogEntryKind;
  readonly source: LineSource;
  /** Which run of the container, 0 for the first. */
  readonly run: number;
  /** RFC 3339 with up to nanoseconds, by the clock of the container's node. For a gap: until when lines may be missing. */
  readonly time: string;
  /** The line; for ENDED why nothing more comes, in words. */
  readonly text: string;
  readonly isCut: boolean;
  /** For a gap: since when lines may be missing. */
  readonly missingSince: string | undefined;
  /** Where to go on behind this entry. */
  readonly position: LogPosition;
}
