/** Bounds of every stream; each has one, none can be "unlimited". */
export interface StreamLimits {
  /** Unread messages per subscriber. */
  readonly queueMessages: number;
  /** Unread bytes per subscriber, by the size of the objects as JSON. A single larger object still passes. */
  readonly queueBytes: number;
  /** Changes remembered per source (cluster and kind, or topic) for subscribers that return. */
  readonly ringEvents: number;
  /** How long a subscriber whose queue overflowed may go on not reading before it is closed, in milliseconds. */
  readonly slowReaderMs: number;
  /** Silence after which a HEARTBEAT is sent, in milliseconds. */
  readonly heartbeatMs: number;
  /** How long a snapshot waits for clusters that have not answered yet, in milliseconds. */
  readonly snapshotWaitMs: number;
  /** How long a source is followed after its last subscriber left, so that one who returns can resume, in milliseconds. */
  readonly lingerMs: number;
  /** Pause before a source that could not be followed is tried again, in milliseconds. */
  readonly retryMs: number;
  /** How often the journal is looked at though nobody told of anything new, in milliseconds. */
  readonly journalPollMs: number;
}

export const defaultStreamLimits: StreamLimits = {
  queueMessages: 1_000,
  queueBytes: 1_048_576,
  ringEvents: 1_000,
  slowReaderMs: 30_000,
  heartbeatMs: 30_000,
  snapshotWaitMs: 2_000,
  lingerMs: 60_000,
  retryMs: 15_000,
  journalPollMs: 5_000,
};
