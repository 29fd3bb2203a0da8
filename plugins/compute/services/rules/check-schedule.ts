import { scheduleProblem, timeZoneProblem } from './cron-schedule.ts';
import { valueAt, type WorkloadRule } from './seen-workload.ts';

/** What is wrong is told with so much of it. */
const shownOfValue = 100;

/** CMP-66: when Jobs start, as the cluster reads it. */
export const checkSchedule: WorkloadRule = ({ object, word }) => {
  if (word !== 'CRON_JOB') return [];
  const schedule = valueAt(object, ['spec', 'schedule']);
  const timeZone = valueAt(object, ['spec', 'timeZone']);
  const problem = typeof schedule === 'string' ? scheduleProblem(schedule) : undefined;
  const zoneProblem = typeof timeZone === 'string' ? timeZoneProblem(timeZone) : undefined;
  return [
    ...(problem === undefined
      ? []
      : [
          {
            path: ['spec', 'schedule'],
            code: 'invalid_schedule',
            message: `schedule ${problem}, got '${String(schedule).slice(0, shownOfValue)}'`,
          },
        ]),
    ...(zoneProblem === undefined
      ? []
      : [
          {
            path: ['spec', 'timeZone'],
            code: 'invalid_time_zone',
            message: `timeZone ${zoneProblem}, got '${String(timeZone).slice(0, shownOfValue)}'`,
          },
        ]),
  ];
};
