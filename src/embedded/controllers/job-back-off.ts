import { endedAtMs } from './job-pods.ts';
import type { Pod } from './kubernetes-shapes.ts';

const firstBackOffMs = 10_000;
const longestBackOffMs = 600_000;

/** Failures in a row since a pod of the Job last succeeded. */
export interface JobBackOff {
  readonly failures: number;
  readonly lastFailureMs: number;
}

export const noBackOff: JobBackOff = { failures: 0, lastFailureMs: 0 };

/** The record after pods that have ended since it was made; a success clears the failures before it. */
export function countEndings(record: JobBackOff, succeeded: readonly Pod[], failed: readonly Pod[]): JobBackOff {
  const lastSuccessMs = succeeded.length === 0 ? undefined : Math.max(...succeeded.map(endedAtMs));
  const since = failed.map(endedAtMs).filter((endMs) => lastSuccessMs === undefined || endMs > lastSuccessMs);
  const start = lastSuccessMs === undefined ? record : noBackOff;
  return {
    failures: start.failures + since.length,
    lastFailureMs: Math.max(start.lastFailureMs, ...since),
  };
}

/** How long, in milliseconds, the next pod has to wait: 10 s after the first failure, doubling up to 10 minutes. */
export function backOffLeftMs({ failures, lastFailureMs }: JobBackOff, nowMs: number, speed: number): number {
  if (failures === 0) return 0;
  const delayMs = Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(failures - 1, 20)) / speed;
  return Math.max(0, lastFailureMs + delayMs - nowMs);
}
