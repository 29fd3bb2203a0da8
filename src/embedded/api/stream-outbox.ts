import type { ServerResponse } from 'node:http';
import { createWriteTurns } from './write-turns.ts';

export interface OutboxLimits {
  /** Lines waiting for the client beyond this cut the stream. */
  readonly maxLines: number;
  readonly maxBytes: number;
}

/** A bounded queue in front of a streaming response. */
export interface Outbox {
  /** Queues a line. Everything queued in one turn of the event loop goes out in one write. */
  push(line: string): void;
  /** Queues lines that are made as the client takes them; they do not count against the limits. */
  pushAll(lines: Iterable<string>): void;
  /** Ends the response once everything queued is out. */
  end(): void;
}

/** One write carries at most about this much, so that a slow client is noticed early. */
const batchBytes = 64 * 1024;

/** All streams share the event loop, whoever serves them: a change may go to a hundred watchers. */
const turns = createWriteTurns(setImmediate);

/**
 * Writes lines as fast as the client takes them. A client that falls behind by more than the limits is cut by
 * `onOverflow`: it has missed nothing that it cannot ask for again, and memory stays bounded.
 */
export function createOutbox(response: ServerResponse, limits: OutboxLimits, onOverflow: () => void): Outbox {
  let lines: string[] = [];
  let bytes = 0;
  const sources: Iterator<string>[] = [];
  let isScheduled = false;
  let isBlocked = false;
  let isEnding = false;
  let isOver = false;

  const schedule = (): void => {
    if (isScheduled || isBlocked || isOver) return;
    isScheduled = true;
    turns.request(pump);
  };

  const nextBatch = (): string => {
    let batch = '';
    for (let source = sources[0]; source !== undefined; source = sources[0]) {
      for (let next = source.next(); ; next = source.next()) {
        if (next.done === true) break;
        batch += next.value;
        if (batch.length >= batchBytes) return batch;
      }
      sources.shift();
    }
    let taken = 0;
    while (taken < lines.length && batch.length < batchBytes) {
      batch += lines[taken] ?? '';
      taken += 1;
    }
    if (taken === lines.length) lines = [];
    else lines.splice(0, taken);
    bytes = Math.max(0, bytes - batch.length);
    return batch;
  };

  const pump = (): void => {
    isScheduled = false;
    if (isOver || isBlocked) return;
    if (response.destroyed || response.writableEnded) {
      isOver = true;
      return;
    }
    const batch = nextBatch();
    if (batch === '') {
      if (!isEnding) return;
      isOver = true;
      response.end();
      return;
    }
    if (response.write(batch)) {
      schedule();
      return;
    }
    isBlocked = true;
    response.once('drain', () => {
      isBlocked = false;
      schedule();
    });
  };

  return {
    push(line) {
      if (isOver || isEnding) return;
      lines.push(line);
      bytes += line.length;
      if (lines.length > limits.maxLines || bytes > limits.maxBytes) {
        isOver = true;
        lines = [];
        onOverflow();
        return;
      }
      schedule();
    },
    pushAll(source) {
      sources.push(source[Symbol.iterator]());
      schedule();
    },
    end() {
      isEnding = true;
      schedule();
    },
  };
}
