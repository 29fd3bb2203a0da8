import type { ApplicationState, ApplicationWorkloadCounts, ObservedApplication, WorkloadObject } from '../../api.ts';
import { desiredReplicasOf, readyReplicasOf } from '../workload-facts.ts';
import { workloadStatus } from '../workload-status.ts';

/** How one workload counts for its application. */
export type WorkloadStanding = 'RUNNING' | 'STOPPED' | 'NOT_READY' | 'PROCESSING' | 'FINISHED';

/** From the workload alone: the same object always stands the same. */
export function standingOf(workload: WorkloadObject): WorkloadStanding {
  const status = workloadStatus(workload);
  switch (status) {
    case 'RUNNING':
    case 'STOPPED':
    case 'NOT_READY':
      return status;
    case 'COMPLETED':
      return 'FINISHED';
    case 'FAILED':
      return 'NOT_READY';
    case 'PAUSED':
      return whilePaused(workload);
    case 'DEPLOYING':
    case 'UNKNOWN':
      return 'PROCESSING';
  }
}

/** The pods of a paused Deployment go on. */
function whilePaused(workload: WorkloadObject): WorkloadStanding {
  const wanted = desiredReplicasOf(workload) ?? 0;
  const ready = readyReplicasOf(workload) ?? 0;
  if (wanted === 0) return 'PROCESSING';
  return ready >= wanted ? 'RUNNING' : 'NOT_READY';
}

/**
 * CMP-39: all of one kind, or PROCESSING. A Job that has succeeded is neither running nor stopped, so it does not count;
 * where there are only such, nothing runs any more: STOPPED.
 */
export function applicationState({ total, ...counts }: ApplicationWorkloadCounts): ApplicationState {
  if (total === 0) return 'NO_WORKLOAD';
  const { running, stopped, notReady, processing } = counts;
  const counted = running + stopped + notReady + processing;
  if (counted === stopped) return 'STOPPED';
  if (counted === running) return 'RUNNING';
  return counted === notReady ? 'NOT_READY' : 'PROCESSING';
}

export function observeWorkloads(workloads: Iterable<WorkloadObject>): ObservedApplication {
  const counted = { RUNNING: 0, STOPPED: 0, NOT_READY: 0, PROCESSING: 0, FINISHED: 0 };
  let total = 0;
  for (const workload of workloads) {
    counted[standingOf(workload)] += 1;
    total += 1;
  }
  const { RUNNING: running, STOPPED: stopped, NOT_READY: notReady, PROCESSING: processing } = counted;
  const counts = { total, running, stopped, notReady, processing };
  return { state: applicationState(counts), counts };
}
