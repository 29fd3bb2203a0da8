import type { TopicEvent } from './topics.ts';

/** Something may be missing before this place: whoever passes it has to be told. */
export interface TopicGap {
  readonly type: 'GAP';
  /** Where it may be missing; undefined for what concerns the platform itself. */
  readonly cluster: string | undefined;
}

/** What stands at one place of a topic. */
export interface LoggedEvent<T> {
  readonly position: number;
  readonly atMs: number;
  readonly event: TopicEvent<T> | TopicGap;
}

/** Both are called synchronously and must only queue. */
export interface LogFollower<T> {
  /** The next one; called in order and without a hole. */
  onEvent(logged: LoggedEvent<T>): void;
  /** What was told so far cannot be continued: positions mean something else now, or some were dropped unread. */
  onReset(): void;
}

/** The events of one topic, in one order, numbered without holes: of this process alone, or of the journal. */
export interface TopicLog<T> {
  /** One life of the positions. Throws, as `head` does, before the first `refresh`. */
  readonly epoch: string;
  /** The last position that followers have heard of. */
  readonly head: number;
  /** Catches up with everything that is there when it is called; undefined where there is nothing to wait for. */
  refresh(): Promise<void> | undefined;
  /** Everything behind a position, from memory; `'older'` where it has to be read, `'expired'` where it is gone. */
  after(position: number): readonly LoggedEvent<T>[] | 'older' | 'expired';
  /** The next ones behind a position that is older than the memory, some hundreds at most. */
  read(position: number): Promise<readonly LoggedEvent<T>[] | 'expired'>;
  /** The position before everything of a moment and later. */
  positionAt(sinceMs: number): Promise<number>;
  /** Hears of everything from now on; the returned function ends it. */
  join(follower: LogFollower<T>): () => void;
}
