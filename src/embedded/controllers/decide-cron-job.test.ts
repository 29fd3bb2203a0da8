import { describe, expect, it } from 'vitest';
import { type CronJobInput, decideCronJob } from './decide-cron-job.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 0, 1, 12, 0, 0);
const base: CronJobInput = {
  schedule: '*/15 * * * *',
  timeZone: undefined,
  isSuspended: false,
  sinceMs: noon,
  nowMs: noon + 5 * minute,
  startingDeadlineMs: undefined,
  concurrencyPolicy: 'Allow',
  hasActive: false,
};

describe('decideCronJob', () => {
  it.each([
    { name: 'waits for its next time', input: {}, decision: { againMs: 10 * minute } },
    {
      name: 'starts when a time has passed',
      input: { nowMs: noon + 15 * minute },
      decision: { startForMs: noon + 15 * minute, againMs: 15 * minute },
    },
    {
      name: 'makes up only for the newest of several missed times',
      input: { nowMs: noon + 50 * minute },
      decision: { startForMs: noon + 45 * minute, againMs: 10 * minute },
    },
    {
      name: 'finds the newest time after a very long absence',
      input: { schedule: '* * * * *', nowMs: noon + 100_000 * minute },
      decision: { startForMs: noon + 100_000 * minute, hasMissedMany: true, againMs: minute },
    },
    {
      name: 'lets a time pass whose deadline is over (refused)',
      input: { nowMs: noon + 20 * minute, startingDeadlineMs: minute },
      decision: { againMs: 10 * minute },
    },
    {
      name: 'does not start beside a running job when that is forbidden (refused)',
      input: { nowMs: noon + 15 * minute, concurrencyPolicy: 'Forbid', hasActive: true } as const,
      decision: { dueMs: noon + 15 * minute, skipped: 'JobAlreadyActive', againMs: 15 * minute },
    },
    {
      name: 'replaces the running job when told to',
      input: { nowMs: noon + 15 * minute, concurrencyPolicy: 'Replace', hasActive: true } as const,
      decision: { startForMs: noon + 15 * minute, replacesActive: true, againMs: 15 * minute },
    },
    { name: 'sleeps while suspended (refused)', input: { isSuspended: true, nowMs: noon + 50 * minute }, decision: {} },
    {
      name: 'reads the schedule in its zone',
      input: { schedule: '30 8 * * *', timeZone: 'America/New_York', nowMs: noon + minute },
      decision: { againMs: 89 * minute },
    },
  ])('$name', ({ input, decision }) => {
    const nothing = {
      dueMs: decision.startForMs,
      startForMs: undefined,
      replacesActive: false,
      skipped: undefined,
      hasMissedMany: false,
      againMs: undefined,
    };
    expect(decideCronJob({ ...base, ...input })).toEqual({ ...nothing, ...decision });
  });

  it('throws on a schedule that is none (refused)', () => {
    expect(() => decideCronJob({ ...base, schedule: 'every day' })).toThrow();
  });
});
