import { type PodLogLine, type PodLogRequest, UpstreamError } from 'longshore/sdk';
import type { ContainerProgress } from '../services/logs/container-progress.ts';
import { createFollowedValue } from '../services/logs/followed-value.ts';

interface Reader {
  readonly run: Run;
  next: number;
  isDropped: boolean;
  wake: () => void;
}

interface Run {
  readonly number: number;
  readonly lines: PodLogLine[];
  /** Index of the first line that the node still has. */
  kept: number;
  hasEnded: boolean;
  isRead: boolean;
}

/** A container and what its kubelet keeps: the present file of the newest run and of the one before. */
export function createFakeContainer(startMs = Date.parse('2026-01-01T00:00:00Z')) {
  const runs: Run[] = [];
  const readers = new Set<Reader>();
  const progress = createFollowedValue<ContainerProgress>({ run: undefined, isRunning: false, isFinal: false });
  const opened: Pick<PodLogRequest, 'follow' | 'previous' | 'sinceTime' | 'tailLines'>[] = [];
  let nanos = 0n;

  const newest = (): Run | undefined => runs.at(-1);
  const wakeAll = (): void => {
    for (const reader of [...readers]) reader.wake();
  };

  function stamp(): string {
    const millis = startMs + Number(nanos / 1_000_000n);
    return `${new Date(millis).toISOString().slice(0, 19)}.${String(nanos % 1_000_000_000n).padStart(9, '0')}Z`;
  }

  return {
    progress,
    opened,
    /** All lines that were ever written, in order. */
    get written() {
      return runs.flatMap(({ lines }) => lines);
    },
    get readers() {
      return readers.size;
    },
    write(text: string, afterNanos = 1_000_000n) {
      nanos += afterNanos;
      newest()?.lines.push({ time: stamp(), text, isCut: false });
      wakeAll();
    },
    /**
     * What is in the file is moved away, where the kubelet does not look. Where nothing of this run was ever read, nobody can
     * know what was there: those lines are answered.
     */
    rotate(): readonly PodLogLine[] {
      const run = newest();
      if (!run) return [];
      run.kept = run.lines.length;
      nanos += 1_000n;
      return run.isRead ? [] : [...run.lines];
    },
    start() {
      // No container starts in the nanosecond in which another wrote its last line.
      nanos += 1_000_000n;
      runs.push({ number: runs.length, lines: [], kept: 0, hasEnded: false, isRead: false });
      progress.set({ run: runs.length - 1, isRunning: true, isFinal: false });
    },
    stop(isFinal = false) {
      const run = newest();
      if (run) run.hasEnded = true;
      progress.set({ run: runs.length - 1, isRunning: false, isFinal });
      wakeAll();
    },
    drop() {
      for (const reader of readers) reader.isDropped = true;
      wakeAll();
    },
    async *open(
      request: Pick<PodLogRequest, 'follow' | 'previous' | 'sinceTime' | 'tailLines'>,
      signal: AbortSignal,
    ): AsyncGenerator<PodLogLine, void, undefined> {
      opened.push(request);
      const run = runs.at(request.previous ? -2 : -1);
      if (!run) throw new UpstreamError('cluster', 'There is no such run.');
      // A cluster cuts times to whole seconds.
      const second = request.sinceTime?.slice(0, 19) ?? '';
      const reader: Reader = { run, next: run.kept, isDropped: false, wake: () => undefined };
      while ((run.lines[reader.next]?.time ?? '~') < second) reader.next += 1;
      if (request.tailLines !== undefined) {
        reader.next = Math.max(reader.next, run.lines.length - request.tailLines);
      }
      const abort = (): void => reader.wake();
      signal.addEventListener('abort', abort);
      readers.add(reader);
      try {
        for (;;) {
          if (signal.aborted) return;
          if (reader.isDropped) throw new UpstreamError('cluster', 'The log was cut off.');
          const line = run.lines[reader.next];
          if (line) {
            reader.next += 1;
            run.isRead = true;
            yield line;
          } else if (!request.follow || run.hasEnded) return;
          else await new Promise<void>((resolve) => (reader.wake = resolve));
        }
      } finally {
        readers.delete(reader);
        signal.removeEventListener('abort', abort);
      }
    },
  };
}
