import { NotFoundError, PreconditionError } from '../kernel/answer-error.ts';
import type { OperationActor } from './operation-actor.ts';
import type { OperationStep } from './operation-steps.ts';

/** What happens to one step. */
export type StepChange =
  | { readonly do: 'begin' | 'finish' }
  | { readonly do: 'retry' | 'ignore'; readonly by: OperationActor }
  | { readonly do: 'fail'; readonly error: { readonly code: string; readonly message: string } };

const mostSteps = 64;
const longestName = 100;
const longestError = 1_000;

/** The steps of a new long operation. Throws on none, on too many, on a name twice: faults of the code. */
export function planSteps(names: readonly string[]): readonly OperationStep[] {
  if (names.length === 0 || names.length > mostSteps) {
    throw new Error(`a long operation has 1 to ${mostSteps} steps, got ${names.length}`);
  }
  if (new Set(names).size < names.length) throw new Error(`a step is named twice: ${names.join(', ')}`);
  const bad = names.find((name) => name.length === 0 || name.length > longestName);
  if (bad !== undefined) throw new Error(`the name of a step has 1 to ${longestName} characters, got '${bad}'`);
  return names.map((name) => ({
    name,
    status: 'NOT_EXECUTED',
    isIgnored: false,
    attempts: 0,
    startedAt: null,
    finishedAt: null,
    error: null,
  }));
}

/** NOT_EXECUTED → RUNNING → SUCCESS or ERROR, from where it is retried or ignored (Appendix C). */
export function changeStep(
  steps: readonly OperationStep[],
  name: string,
  change: StepChange,
  now: Date,
): readonly OperationStep[] {
  const step = steps.find((each) => each.name === name);
  if (!step) throw new NotFoundError(`The operation has no step '${name.slice(0, longestName)}'`);
  const changed = changeOne(step, change, now.toISOString());
  return changed === step ? steps : steps.map((each) => (each === step ? changed : each));
}

/** The first step that is still to be done; undefined where all are done or ignored. */
export const nextStep = (steps: readonly OperationStep[]): OperationStep | undefined =>
  steps.find(({ status, isIgnored }) => status !== 'SUCCESS' && !isIgnored);

function changeOne(step: OperationStep, change: StepChange, now: string): OperationStep {
  const { status } = step;
  switch (change.do) {
    case 'begin':
      if (status !== 'NOT_EXECUTED') return step;
      return { ...step, status: 'RUNNING', attempts: step.attempts + 1, startedAt: now, finishedAt: null, error: null };
    case 'finish':
      if (status === 'SUCCESS' || status === 'ERROR') return step;
      return { ...step, status: 'SUCCESS', startedAt: step.startedAt ?? now, finishedAt: now, error: null };
    case 'fail': {
      if (status === 'SUCCESS' || status === 'ERROR') return step;
      const message = change.error.message.slice(0, longestError).toWellFormed();
      const error = { code: change.error.code, message };
      return { ...step, status: 'ERROR', startedAt: step.startedAt ?? now, finishedAt: now, error };
    }
    case 'retry':
      refuseUnlessFailed(step);
      // What failed the last time stays to be read until it begins again.
      return { ...step, status: 'NOT_EXECUTED', decidedBy: change.by };
    case 'ignore':
      refuseUnlessFailed(step);
      return { ...step, isIgnored: true, decidedBy: change.by };
  }
}

function refuseUnlessFailed({ name, status, isIgnored }: OperationStep): void {
  if (status === 'ERROR' && !isIgnored) return;
  const found = isIgnored ? 'ignored already' : status;
  throw new PreconditionError('STEP_NOT_FAILED', `Only a failed step can be retried or ignored; '${name}' is ${found}`);
}
