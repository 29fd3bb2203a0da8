import { asObject, asString, ensureObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { validateCount } from '../pod-spec/validate-pod-template.ts';
import { cronJobTable } from '../tables/batch-tables.ts';
import { problemOfCronSchedule } from './cron-schedule.ts';
import { defaultJobSpec, validateJobSpec } from './job.ts';

const policies = ['Allow', 'Forbid', 'Replace'];
const maxNameLength = 52;

export const cronJobs = defineResource(
  {
    group: 'batch',
    version: 'v1',
    kind: 'CronJob',
    plural: 'cronjobs',
    shortNames: ['cj'],
    categories: ['all'],
    subresources: ['status'],
  },
  {
    generation: 'spec',
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'concurrencyPolicy', 'Allow');
      setDefault(spec, 'suspend', false);
      setDefault(spec, 'successfulJobsHistoryLimit', 3);
      setDefault(spec, 'failedJobsHistoryLimit', 1);
      const template = ensureObject(spec, 'jobTemplate');
      ensureObject(template, 'metadata');
      const jobSpec = ensureObject(template, 'spec');
      const had = { completions: jobSpec.completions, parallelism: jobSpec.parallelism };
      defaultJobSpec(jobSpec);
      // A template keeps what only a real Job gets filled in.
      for (const [key, value] of Object.entries(had)) if (value === undefined) delete jobSpec[key];
      for (const key of ['backoffLimit', 'completionMode', 'suspend', 'podReplacementPolicy']) {
        if (jobSpec[key] === defaults[key]) delete jobSpec[key];
      }
    },
    prepareForCreate(draft) {
      draft.status = {};
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      const name = asString(draft.metadata.name) ?? '';
      if (name.length > maxNameLength) {
        errors.invalid('metadata.name', name, `must be no more than ${maxNameLength} characters`);
      }
      const schedule = asString(spec.schedule) ?? '';
      if (schedule === '') errors.required('spec.schedule');
      else {
        const problem = problemOfCronSchedule(schedule);
        if (problem !== undefined) errors.invalid('spec.schedule', schedule, problem);
        if (schedule.includes('TZ')) {
          errors.invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead');
        }
      }
      if (!policies.includes(String(spec.concurrencyPolicy))) {
        errors.notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy, policies);
      }
      const zone = asString(spec.timeZone);
      if (zone !== undefined) {
        const problem = problemOfTimeZone(zone);
        if (problem !== undefined) errors.invalid('spec.timeZone', zone, problem);
      }
      for (const count of ['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit']) {
        validateCount(spec[count], `spec.${count}`, errors);
      }
      const jobSpec = asObject(asObject(spec.jobTemplate)?.spec) ?? {};
      validateJobSpec({ ...defaults, ...jobSpec }, 'spec.jobTemplate.spec', errors);
    },
    table: cronJobTable,
  },
);

const defaults: Readonly<Record<string, unknown>> = {
  backoffLimit: 6,
  completionMode: 'NonIndexed',
  suspend: false,
  podReplacementPolicy: 'TerminatingOrFailed',
};

function problemOfTimeZone(zone: string): string | undefined {
  if (zone === '') return 'timeZone must be nil or non-empty string';
  if (zone.toLowerCase() === 'local') {
    return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  }
  return isTimeZone(zone) ? undefined : `unknown time zone ${zone}`;
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
}
