import { RequestError } from 'longshore/sdk';
import type { ContainerPosition } from './follow-container.ts';
import type { LineSource } from './log-entry.ts';

/** Where a merged log stands. */
export interface WorkloadLogPosition {
  /** RFC 3339: since when containers are read of which nothing was sent yet; the empty string: from their first line on. */
  readonly since: string;
  /** By `containerKey`: behind which line those stand of which something was sent. */
  readonly containers: ReadonlyMap<string, ContainerPosition>;
}

const topic = 'workloadLogLines';
/** More containers than a stream can have were never in a cursor of ours. */
const maxContainers = 1_000;

/** Of a pod, and not of another that has its name later. */
export function containerKey({ uid, container }: Pick<LineSource, 'uid' | 'container'>): string {
  return `${uid} ${container}`;
}

export function encodeWorkloadLogCursor(workload: string, { since, containers }: WorkloadLogPosition): string {
  const rows = [...containers].map(([key, { run, position }]) => [key, run, position.time, position.count]);
  return Buffer.from(JSON.stringify([topic, workload, since, rows]), 'utf8').toString('base64url');
}

/** Throws `BAD_USER_INPUT` for what is not a cursor of this workload's log. */
export function parseWorkloadLogCursor(workload: string, cursor: string): WorkloadLogPosition {
  const parts = decode(cursor);
  if (!Array.isArray(parts) || parts.length !== 4 || parts[0] !== topic) throw invalid('it is not one of this stream');
  const [, of, since, rows] = parts as [unknown, unknown, unknown, unknown];
  if (of !== workload) throw invalid('it belongs to another log');
  if (!(since === '' || isTime(since)) || !Array.isArray(rows) || rows.length > maxContainers)
    throw invalid('it is not one of this stream');
  return { since, containers: new Map(rows.map(parseRow)) };
}

function parseRow(row: unknown): [string, ContainerPosition] {
  if (Array.isArray(row) && row.length === 4) {
    const [key, run, time, count] = row as [unknown, unknown, unknown, unknown];
    if (typeof key === 'string' && isCount(run) && (time === '' || isTime(time)) && isCount(count)) {
      return [key, { run, position: { time: time as string, count } }];
    }
  }
  throw invalid('it is not one of this stream');
}

const isTime = (value: unknown): value is string => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function invalid(reason: string): RequestError {
  return new RequestError('BAD_USER_INPUT', `The cursor is invalid: ${reason}`);
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
