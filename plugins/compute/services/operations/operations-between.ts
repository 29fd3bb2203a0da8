import type { Profile } from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { isGiven, type Path, valueAt } from '../rules/seen-workload.ts';
import { tagWorkload, type WorkloadKindName } from '../workload-kinds.ts';
import { replicasToStart, stoppedNodeLabel } from './stopped-state.ts';
import type { WorkloadOperation } from './workload-operations.ts';

/** Something that a changed text does to a workload, as a mutation of its own would, and the field that does it. */
export interface DoneByText {
  readonly operation: Extract<WorkloadOperation, 'START' | 'STOP' | 'SCALE' | 'PAUSE' | 'RESUME'>;
  readonly path: Path;
}

/**
 * What becomes of a workload by a text besides a change of its fields; `next` is the whole object as it would be, and may be anything.
 * Of a stopped one as many pods as it had are a start, any other number is a scaling. Pure.
 */
export function operationsBetween(existing: WorkloadObject, next: unknown, profile: Profile): readonly DoneByText[] {
  const { kind } = tagWorkload(existing);
  const path = pausePaths[kind];
  const wasPaused = path !== undefined && valueAt(existing, path) === true;
  const isPaused = path !== undefined && valueAt(next, path) === true;
  return [
    ...runningOf(kind, existing, next, profile),
    ...(path === undefined || wasPaused === isPaused
      ? []
      : [{ operation: isPaused ? 'PAUSE' : 'RESUME', path } as const]),
  ];
}

const pausePaths: Readonly<Partial<Record<WorkloadKindName, Path>>> = {
  DEPLOYMENT: ['spec', 'paused'],
  CLONE_SET: ['spec', 'updateStrategy', 'paused'],
  ADVANCED_STATEFUL_SET: ['spec', 'updateStrategy', 'rollingUpdate', 'paused'],
};

/** Where a kind without a number of pods says that it is stopped. */
const stopPaths: Readonly<Partial<Record<WorkloadKindName, Path>>> = {
  DAEMON_SET: ['spec', 'template', 'spec', 'nodeSelector', stoppedNodeLabel],
  JOB: ['spec', 'suspend'],
  CRON_JOB: ['spec', 'suspend'],
};

function runningOf(
  kind: WorkloadKindName,
  existing: WorkloadObject,
  next: unknown,
  profile: Profile,
): readonly DoneByText[] {
  const stopPath = stopPaths[kind];
  if (stopPath) {
    const isStopped = (object: unknown): boolean => {
      const said = valueAt(object, stopPath);
      return kind === 'DAEMON_SET' ? isGiven(said) : said === true;
    };
    if (isStopped(existing) === isStopped(next)) return [];
    return [{ operation: isStopped(next) ? 'STOP' : 'START', path: stopPath }];
  }
  const path = ['spec', 'replicas'];
  // Where nothing is said, the cluster makes one.
  const before = valueAt(existing, path) ?? 1;
  const wanted = valueAt(next, path) ?? 1;
  if (wanted === before) return [];
  if (wanted === 0) return [{ operation: 'STOP', path }];
  return [{ operation: before === 0 && wanted === replicasToStart(existing, profile) ? 'START' : 'SCALE', path }];
}
