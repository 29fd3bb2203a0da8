import type { OperationStep } from 'longshore/sdk';
import { type StackAppPlan, stepNames } from './stack-plan.ts';

/** How an application of a stack is on its way. */
export type AppProgress = 'ready' | 'waiting' | 'failed';

/** From the status of its workload (`WorkloadStatus`); a Job is ready once it has succeeded. */
export function progressOf(status: string | undefined, kind: string): AppProgress {
  if (status === 'FAILED') return 'failed';
  if (status === 'STOPPED' || status === 'COMPLETED' || status === 'PAUSED') return 'ready';
  return status === 'RUNNING' && kind !== 'Job' ? 'ready' : 'waiting';
}

/**
 * Which applications may be written now: those whose dependencies are ready, done or ignored, in their order. A failed step holds up what
 * depends on it until somebody ignores it.
 */
export function startable(
  apps: readonly Pick<StackAppPlan, 'name' | 'dependsOn'>[],
  steps: readonly Pick<OperationStep, 'name' | 'status' | 'isIgnored'>[],
  isReady: (app: string) => boolean,
): readonly string[] {
  const isOver = new Set(
    steps.filter(({ status, isIgnored }) => status === 'SUCCESS' || isIgnored).map(({ name }) => name),
  );
  const isDone = (app: string): boolean =>
    isOver.has(stepNames.start(app)) || isOver.has(stepNames.update(app)) || isReady(app);
  return apps.filter(({ dependsOn }) => dependsOn.every(isDone)).map(({ name }) => name);
}
