import { formatAge, formatDuration } from '../../machinery/format-age.ts';
import { asList, asObject, asObjectList, asString } from '../../machinery/json.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, booleanColumn, nameColumn, numberColumn, textColumn } from './columns.ts';
import { podCells, podColumns } from './workload-tables.ts';

export const jobTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Status', 'Whether the job runs, is complete or has failed.'),
    textColumn('Completions', 'Successful pods of those wanted.'),
    textColumn('Duration', 'Time the job took or has been running.'),
    ageColumn,
    ...podColumns,
  ],
  cells(job, nowMs) {
    const spec = asObject(job.spec) ?? {};
    const status = asObject(job.status) ?? {};
    const succeeded = Number(status.succeeded ?? 0);
    const wanted = spec.completions;
    const started = Date.parse(asString(status.startTime) ?? '');
    const ended = Date.parse(asString(status.completionTime) ?? '');
    const durationMs = Number.isNaN(ended) ? nowMs - started : ended - started;
    const condition = (type: string): boolean =>
      asObjectList(status.conditions).some((each) => each.type === type && each.status === 'True');
    const state = condition('Complete')
      ? 'Complete'
      : condition('Failed')
        ? 'Failed'
        : job.metadata.deletionTimestamp !== undefined
          ? 'Terminating'
          : condition('Suspended')
            ? 'Suspended'
            : condition('FailureTarget')
              ? 'FailureTarget'
              : condition('SuccessCriteriaMet')
                ? 'SuccessCriteriaMet'
                : 'Running';
    const parallelism = Number(spec.parallelism ?? 0);
    const aim = typeof wanted === 'number' ? String(wanted) : parallelism > 1 ? `1 of ${parallelism}` : '1';
    return [
      job.metadata.name,
      state,
      `${succeeded}/${aim}`,
      Number.isNaN(started) ? '' : formatDuration(durationMs),
      formatAge(job.metadata.creationTimestamp, nowMs),
      ...podCells(spec),
    ];
  },
};

export const cronJobTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Schedule', 'When jobs are started.'),
    textColumn('Timezone', 'The zone the schedule is read in.'),
    booleanColumn('Suspend', 'Whether no jobs are started now.'),
    numberColumn('Active', 'Number of jobs that run now.'),
    textColumn('Last Schedule', 'Time since a job was last started.'),
    ageColumn,
    ...podColumns,
  ],
  cells(cron, nowMs) {
    const spec = asObject(cron.spec) ?? {};
    const status = asObject(cron.status) ?? {};
    const last = asString(status.lastScheduleTime);
    return [
      cron.metadata.name,
      asString(spec.schedule) ?? '',
      asString(spec.timeZone) ?? '<none>',
      spec.suspend === true ? 'True' : 'False',
      asList(status.active).length,
      last === undefined ? '<none>' : formatAge(last, nowMs),
      formatAge(cron.metadata.creationTimestamp, nowMs),
      ...podCells(asObject(asObject(spec.jobTemplate)?.spec) ?? {}),
    ];
  },
};
