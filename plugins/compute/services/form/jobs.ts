import type { Draft } from './draft.ts';
import type { Maybe } from './maybe.ts';

/** CMP-65. */
export interface JobForm {
  readonly completions?: Maybe<number>;
  readonly parallelism?: Maybe<number>;
  readonly backoffLimit?: Maybe<number>;
  readonly activeDeadlineSeconds?: Maybe<number>;
  readonly ttlSecondsAfterFinished?: Maybe<number>;
  readonly isSuspended?: Maybe<boolean>;
}

/** CMP-66; what the words mean is Kubernetes' (CON-14). */
export interface CronJobForm {
  readonly schedule?: Maybe<string>;
  readonly timeZone?: Maybe<string>;
  readonly concurrencyPolicy?: Maybe<'ALLOW' | 'FORBID' | 'REPLACE'>;
  readonly startingDeadlineSeconds?: Maybe<number>;
  readonly isSuspended?: Maybe<boolean>;
  readonly successfulJobsHistoryLimit?: Maybe<number>;
  readonly failedJobsHistoryLimit?: Maybe<number>;
  readonly job?: Maybe<JobForm>;
}

export const concurrencyPolicies = { ALLOW: 'Allow', FORBID: 'Forbid', REPLACE: 'Replace' } as const;

export function writeJobSpec(spec: Draft, form: JobForm): void {
  spec.take(form, 'completions', 'parallelism', 'backoffLimit', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished');
  spec.set('suspend', form.isSuspended, ['isSuspended']);
}

export function writeCronJobSpec(spec: Draft, form: CronJobForm): void {
  spec.take(form, 'schedule', 'timeZone', 'startingDeadlineSeconds');
  spec.take(form, 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit');
  if (!form.schedule && (spec.sheet.isNew || form.schedule === null)) {
    spec.refuse(['schedule'], 'required', 'schedule must say when Jobs start, e.g. 0 3 * * *');
  }
  spec.choose('concurrencyPolicy', form.concurrencyPolicy, concurrencyPolicies);
  spec.set('suspend', form.isSuspended, ['isSuspended']);
  const { job } = form;
  if (!job) return;
  spec.inside('jobTemplate', ['job'], (template) => {
    template.inside('spec', [], (inner) => writeJobSpec(inner, job));
  });
}
