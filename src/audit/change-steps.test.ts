import { describe, expect, it } from 'vitest';
import { changeStep, nextStep, planSteps, type StepChange } from './change-steps.ts';
import type { OperationStep, StepStatus } from './operation-steps.ts';

const now = new Date('2026-01-31T12:00:00Z');
const by = { id: 'dev:ann', name: 'ann', impersonatedBy: null };
const error = { code: 'UPSTREAM', message: 'the cluster does not answer' };
const as = (status: StepStatus, more: Partial<OperationStep> = {}): readonly OperationStep[] =>
  planSteps(['prepare', 'install']).map((step) => (step.name === 'prepare' ? { ...step, status, ...more } : step));
const changed = (status: StepStatus, change: StepChange, more: Partial<OperationStep> = {}) =>
  changeStep(as(status, more), 'prepare', change, now)[0];

describe('changeStep', () => {
  it.each<{ from: StepStatus; do: 'begin' | 'finish' | 'retry'; to: StepStatus }>([
    { from: 'NOT_EXECUTED', do: 'begin', to: 'RUNNING' },
    { from: 'RUNNING', do: 'begin', to: 'RUNNING' },
    { from: 'SUCCESS', do: 'begin', to: 'SUCCESS' },
    { from: 'ERROR', do: 'begin', to: 'ERROR' },
    { from: 'RUNNING', do: 'finish', to: 'SUCCESS' },
    { from: 'SUCCESS', do: 'finish', to: 'SUCCESS' },
    { from: 'ERROR', do: 'finish', to: 'ERROR' },
    { from: 'ERROR', do: 'retry', to: 'NOT_EXECUTED' },
  ])('makes $to of $from by $do (CORE-23)', ({ from, do: what, to }) => {
    expect(changed(from, { do: what, by })?.status).toBe(to);
  });

  it('keeps when it began and why it failed, and counts attempts', () => {
    const failed = changed('RUNNING', { do: 'fail', error }, { startedAt: '2026-01-31T11:00:00.000Z', attempts: 1 });
    expect(failed).toMatchObject({ status: 'ERROR', startedAt: '2026-01-31T11:00:00.000Z', error });
    expect(failed?.finishedAt).toBe(now.toISOString());
    const again = changeStep([failed as OperationStep], 'prepare', { do: 'retry', by }, now);
    expect(again[0]).toMatchObject({ status: 'NOT_EXECUTED', error });
    expect(changeStep(again, 'prepare', { do: 'begin' }, now)[0]).toMatchObject({ attempts: 2, error: null });
  });

  it('goes on behind an ignored step', () => {
    const ignored = changeStep(as('ERROR'), 'prepare', { do: 'ignore', by }, now);
    expect(ignored[0]).toMatchObject({ status: 'ERROR', isIgnored: true });
    expect(nextStep(ignored)?.name).toBe('install');
  });

  it.each<{ from: StepStatus; do: 'retry' | 'ignore'; more?: Partial<OperationStep> }>([
    { from: 'NOT_EXECUTED', do: 'retry' },
    { from: 'RUNNING', do: 'retry' },
    { from: 'SUCCESS', do: 'ignore' },
    { from: 'RUNNING', do: 'ignore' },
    { from: 'ERROR', do: 'retry', more: { isIgnored: true } },
    { from: 'ERROR', do: 'ignore', more: { isIgnored: true } },
  ])('refuses to $do a step that is $from $more (CORE-23, refused)', ({ from, do: what, more }) => {
    expect(() => changed(from, { do: what, by }, more)).toThrow(expect.objectContaining({ reason: 'STEP_NOT_FAILED' }));
  });

  it('does not know a step that was not planned (refused)', () => {
    expect(() => changeStep(as('ERROR'), 'other', { do: 'retry', by }, now)).toThrow("has no step 'other'");
  });
});

describe('planSteps', () => {
  it.each([
    { names: [], says: 'has 1 to 64 steps, got 0' },
    { names: Array.from({ length: 65 }, (_, index) => `step-${index}`), says: 'got 65' },
    { names: ['a', 'a'], says: 'named twice' },
    { names: [''], says: '1 to 100 characters' },
  ])('refuses $says', ({ names, says }) => {
    expect(() => planSteps(names)).toThrow(says);
  });
});
