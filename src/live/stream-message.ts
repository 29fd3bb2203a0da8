export const streamMessageTypes = ['SNAPSHOT', 'ADDED', 'MODIFIED', 'DELETED', 'RESYNC', 'HEARTBEAT'] as const;
export type StreamMessageType = (typeof streamMessageTypes)[number];

export const resyncReasons = [
  'CURSOR_EXPIRED',
  'SLOW_READER',
  'WATCH_GAP',
  'RIGHTS_CHANGED',
  'CLUSTER_REMOVED',
] as const;
export type ResyncReason = (typeof resyncReasons)[number];

/**
 * One message of any subscription. The objects of a snapshot arrive as ADDED, then one SNAPSHOT marks its end; a
 * RESYNC says why and is followed by a new snapshot on the same stream; HEARTBEAT after 30 s of silence.
 */
export interface StreamMessage<T> {
  readonly type: StreamMessageType;
  /** Where to resume after this message (`after`). */
  readonly cursor: string;
  /** Present for ADDED, MODIFIED and DELETED. */
  readonly item: T | undefined;
  /** For MODIFIED what the reader has of it until now, where that is known. */
  readonly previous?: T | undefined;
  /** Present for RESYNC. */
  readonly reason: ResyncReason | undefined;
}
