import type { ClusterClock, LogLine } from '../../store/types.ts';
import type { LogScript, ScriptedLine } from './log-script.ts';

/** So many lines of one container instance are kept. */
export const keptLines = 2_000;
/** After so many lines of a long silence what lies between them and the lines to be kept is skipped. */
const catchUpLimit = 4_000;

/**
 * The log of one container instance. It is written lazily: nothing happens while nobody looks, not even when the
 * container ends, and a look writes what would be kept of everything until now. Only a follower makes it keep pace
 * with the clock.
 */
export class ContainerLog {
  readonly #script: LogScript;
  readonly #clock: ClusterClock;
  readonly #speed: number;
  readonly #followers = new Set<Follower>();
  #lines: LogLine[] = [];
  #pending: ScriptedLine | undefined;
  /** When the pending line is written. */
  #pendingAtMs = 0;
  #lastNanos = 0n;
  #end: { readonly atMs: number; readonly lastWords: readonly ScriptedLine[] } | undefined;
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
    return this.#lines.slice(-keptLines);
  }

  /**
   * Delivers lines written from now on, after those kept behind `behindTime` where it is given; `ended` is called once,
   * when the container ends.
   */
  follow(listener: (line: LogLine) => void, ended: () => void, behindTime?: string): () => void {
    this.#catchUp();
    if (behindTime !== undefined) {
      // The clock may have moved since the caller read: what was written between belongs to neither otherwise.
      for (const line of this.lines()) if (line.time > behindTime) listener(line);
    }
    const follower: Follower = { listener, ended };
    if (this.#end !== undefined) return this.#clock.schedule(0, ended);
    this.#followers.add(follower);
    this.#arm();
    return () => {
      this.#followers.delete(follower);
      if (this.#followers.size === 0) this.#cancelTimer();
    };
  }

  /** The container has ended, with these last words. Nothing is written any more. */
  close(lastWords: readonly ScriptedLine[]): void {
    if (this.#end !== undefined) return;
    const followers = [...this.#followers];
    if (followers.length > 0) this.#catchUp();
    this.#end = { atMs: this.#clock.now(), lastWords };
    if (followers.length > 0) this.#catchUp();
    this.#cancelTimer();
    this.#followers.clear();
    for (const { ended } of followers) ended();
  }

  #catchUp(): void {
    const untilMs = this.#end?.atMs ?? this.#clock.now();
    const firstAtMs = this.#pendingAtMs;
    // Only lines that are kept are worth their text.
    let due: { readonly atMs: number; readonly scripted: ScriptedLine }[] = [];
    for (let count = 1; this.#pending !== undefined && this.#pendingAtMs <= untilMs; count += 1) {
      const atMs = this.#pendingAtMs;
      due.push({ atMs, scripted: this.#pending });
      if (due.length >= 2 * keptLines) due = due.slice(-keptLines);
      this.#take(atMs);
      if (count === catchUpLimit) {
        const gapMs = (atMs - firstAtMs) / count;
        this.#pendingAtMs = Math.max(this.#pendingAtMs, untilMs - gapMs * keptLines);
      } else if (count === 2 * catchUpLimit) this.#pendingAtMs = Math.max(this.#pendingAtMs, untilMs);
    }
    for (const { atMs, scripted } of due.slice(-keptLines)) this.#write(atMs, scripted);
    if (this.#end === undefined) return;
    const { atMs, lastWords } = this.#end;
    this.#end = { atMs, lastWords: [] };
    this.#pending = undefined;
    for (const scripted of lastWords) this.#write(atMs, scripted);
  }

  #take(afterMs: number): void {
    const next = this.#script.next();
    this.#pending = next.done === true ? undefined : next.value;
    if (this.#pending !== undefined) this.#pendingAtMs = afterMs + this.#pending.afterMs / this.#speed;
  }

  #write(atMs: number, scripted: ScriptedLine): void {
    const line: LogLine = { time: this.#nextTime(atMs), text: scripted.text(atMs) };
    this.#lines.push(line);
    // Trimmed in blocks, so that a full log costs nothing per line.
    if (this.#lines.length >= 2 * keptLines) this.#lines = this.#lines.slice(-keptLines);
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
