import {
  enumValue,
  type LongshoreBuilder,
  named,
  origin,
  registerEnum,
  registerKubernetesType,
  relatedRows,
  relationField,
} from 'longshore/sdk';
import { cronJobKind, cronJobTypeRef, jobKind, workloadTypeRef } from '../api.ts';
import { controlled } from '../services/find-pods.ts';

const concurrencyPolicies = { Allow: 'ALLOW', Forbid: 'FORBID', Replace: 'REPLACE' } as const;

export function registerCronJob(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ConcurrencyPolicy', 'What happens when a run is due while the last one still runs.', {
    ALLOW: 'Both run.',
    FORBID: 'The new one is skipped.',
    REPLACE: 'The new one takes the place of the last.',
    UNKNOWN: 'One that this version does not know.',
  });
  registerKubernetesType(builder, {
    ref: cronJobTypeRef,
    kind: cronJobKind,
    description: 'A Job made again and again on a schedule (batch/v1).',
    interfaces: [workloadTypeRef],
    fields: (t) => ({
      schedule: t.string({
        description: 'When, in cron syntax, e.g. `*/5 * * * *`.',
        resolve: ({ spec }) => spec?.schedule ?? '',
      }),
      timeZone: t.string({
        nullable: true,
        description: "IANA zone of the schedule, e.g. `Europe/Berlin`; null means the cluster's own, mostly UTC.",
        resolve: ({ spec }) => spec?.timeZone ?? null,
      }),
      isSuspended: t.boolean({
        description: 'Whether no further runs are made.',
        resolve: ({ spec }) => spec?.suspend === true,
      }),
      concurrencyPolicy: t.field({
        type: named('ConcurrencyPolicy'),
        description: 'What happens when a run is due while the last one still runs.',
        resolve: ({ spec }) => enumValue(concurrencyPolicies, spec?.concurrencyPolicy ?? 'Allow') as never,
      }),
      rawConcurrencyPolicy: t.string({
        description: 'The concurrency policy as Kubernetes writes it.',
        resolve: ({ spec }) => spec?.concurrencyPolicy ?? 'Allow',
      }),
      startingDeadlineSeconds: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Seconds by which a run may be late before it is skipped; null means any.',
        resolve: ({ spec }) => spec?.startingDeadlineSeconds ?? null,
      }),
      successfulJobsHistoryLimit: t.int({
        description: 'Jobs kept that have succeeded.',
        resolve: ({ spec }) => spec?.successfulJobsHistoryLimit ?? 3,
      }),
      failedJobsHistoryLimit: t.int({
        description: 'Jobs kept that have failed.',
        resolve: ({ spec }) => spec?.failedJobsHistoryLimit ?? 1,
      }),
      activeJobCount: t.int({
        description: 'Jobs of it that run.',
        resolve: ({ status }) => status?.active?.length ?? 0,
      }),
      lastScheduledAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When a run was last made.',
        resolve: ({ status }) => status?.lastScheduleTime ?? null,
      }),
      lastSuccessfulAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When a run last succeeded.',
        resolve: ({ status }) => status?.lastSuccessfulTime ?? null,
      }),
      jobs: relationField(builder, t, {
        description: 'Its Jobs that are kept, the newest first.',
        of: 'Job',
        rows: (cronJob, context) =>
          relatedRows(context, cronJob[origin].cluster, (reader) => controlled(reader, jobKind, cronJob.metadata.uid)),
      }),
    }),
  });
}
