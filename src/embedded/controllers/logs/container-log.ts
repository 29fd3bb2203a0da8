import type { ClusterClock, LogLine } from '../../store/types.ts';
import type { LogScript, ScriptedLine } from './log-script.ts';

/** So many lines of one container instance are kept. */
export const keptLines = 2_000;
/** Catching up after a long silence writes at most so many lines; time that is further back is skipped. */
const catchUpLimit = 20_000;

/**
 * The log of one container instance. It is written lazily: nothing happens while nobody looks, and a look writes
 * everything that would have been written until now. Only a follower makes it keep pace with the clock.
 */
export class ContainerLog {
  readonly #script: LogScript;
  readonly #clock: ClusterClock;
  readonly #speed: number;
  readonly #lines: LogLine[] = [];
  readonly #followers = new Set<Follower>();
  #pending: ScriptedLine | undefined;
  /** When the pending line is written. */
  #pendingAtMs = 0;
  #lastNanos = 0n;
  #isClosed = false;
  #cancelTimer: () => void = () => undefined;

  constructor(script: LogScript, clock: ClusterClock, speed: number) {
    this.#script = script;
    this.#clock = clock;
    this.#speed = speed;
    this.#take(clock.now());
  }

  /** All lines kept, oldest first, up to now. */
  lines(): readonly LogLine[] {
    this.#catchUp();
    return [...this.#lines];
  }

  /**
   * Delivers lines written from now on, after those kept behind `behindTime` where it is given; `ended` is called once,
   * when the container ends.
   */
  follow(listener: (line: LogLine) => void, ended: () => void, behindTime?: string): () => void {
    this.#catchUp();
    if (behindTime !== undefined) {
      // The clock may have moved since the caller read: what was written between belongs to neither otherwise.
      for (const line of this.#lines) if (line.time > behindTime) listener(line);
    }
    const follower: Follower = { listener, ended };
    if (this.#isClosed) return this.#clock.schedule(0, ended);
    this.#followers.add(follower);
    this.#arm();
    return () => {
      this.#followers.delete(follower);
      if (this.#followers.size === 0) this.#cancelTimer();
    };
  }

  /** The container has ended, with these last words. Nothing is written any more. */
  close(lastWords: readonly ScriptedLine[]): void {
    if (this.#isClosed) return;
    this.#catchUp();
    const now = this.#clock.now();
    for (const { text } of lastWords) this.#write(now, text(now));
    this.#isClosed = true;
    this.#pending = undefined;
    this.#cancelTimer();
    const followers = [...this.#followers];
    this.#followers.clear();
    for (const { ended } of followers) ended();
  }

  #catchUp(): void {
    const now = this.#clock.now();
    for (let count = 0; this.#pending !== undefined && this.#pendingAtMs <= now; count += 1) {
      const at = this.#pendingAtMs;
      const { text } = this.#pending;
      this.#write(at, text(at));
      this.#take(at);
      if (count >= catchUpLimit && this.#pendingAtMs < now) this.#pendingAtMs = now;
    }
  }

  #take(afterMs: number): void {
    const next = this.#script.next();
    this.#pending = next.done === true ? undefined : next.value;
    if (this.#pending !== undefined) this.#pendingAtMs = afterMs + this.#pending.afterMs / this.#speed;
  }

  #write(atMs: number, text: string): void {
    const line: LogLine = { time: this.#nextTime(atMs), text };
    this.#lines.push(line);
    if (this.#lines.length > keptLines) this.#lines.shift();
    for (const { listener } of this.#followers) listener(line);
  }

  /** Times of one log strictly rise, so that "since" is exact: lines of one moment differ in their nanoseconds. */
  #nextTime(atMs: number): string {
    const wanted = BigInt(Math.round(atMs * 1000)) * 1000n;
    this.#lastNanos = wanted > this.#lastNanos ? wanted : this.#lastNanos + 1n;
    const seconds = this.#lastNanos / 1_000_000_000n;
    const nanos = String(this.#lastNanos % 1_000_000_000n).padStart(9, '0');
    return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${nanos}Z`;
  }

  #arm(): void {
    this.#cancelTimer();
    if (this.#followers.size === 0 || this.#pending === undefined) return;
    const delayMs = Math.max(0, this.#pendingAtMs - this.#clock.now());
    this.#cancelTimer = this.#clock.schedule(delayMs, () => {
      this.#catchUp();
      this.#arm();
    });
  }
}

interface Follower {
  readonly listener: (line: LogLine) => void;
  readonly ended: () => void;
}
