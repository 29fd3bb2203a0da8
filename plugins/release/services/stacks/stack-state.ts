/** How the applications of a stack do, together; the enum `StackState`. */
export type StackState = 'RUNNING' | 'PROCESSING' | 'NOT_READY' | 'FAILED' | 'STOPPED' | 'MISSING';

/** From the status of each workload (`WorkloadStatus`), undefined for one that is not there. Pure. */
export function stackState(statuses: readonly (string | undefined)[]): StackState {
  const has = (...words: readonly (string | undefined)[]): boolean => statuses.some((status) => words.includes(status));
  const are = (...words: readonly (string | undefined)[]): boolean =>
    statuses.every((status) => words.includes(status));
  if (are(undefined)) return 'MISSING';
  if (has('FAILED')) return 'FAILED';
  if (has(undefined, 'DEPLOYING', 'UNKNOWN')) return 'PROCESSING';
  if (has('NOT_READY')) return 'NOT_READY';
  return are('STOPPED') ? 'STOPPED' : 'RUNNING';
}
