import {
  defineKubernetesList,
  type LongshoreBuilder,
  mapMaybe,
  origin,
  readObject,
  registerKubernetesType,
} from 'longshore/sdk';
import { cronJobKind, cronJobTypeRef, jobKind, jobTypeRef, workloadTypeRef } from '../api.ts';
import { controllerOf, workloadKindOfOwner } from '../services/workload-kinds.ts';
import { workloadStatus } from '../services/workload-status.ts';

export function registerJob(builder: LongshoreBuilder): void {
  defineKubernetesList(builder, {
    name: 'Job',
    node: jobTypeRef,
    plural: 'Jobs',
    isNamespaced: true,
    defaultOrder: [{ field: 'CREATED_AT', direction: 'DESC' }],
    orders: {
      STATUS: { description: 'By status.', value: workloadStatus },
      STARTED_AT: { description: 'By time of its start.', value: (job) => job.status?.startTime },
      COMPLETED_AT: { description: 'By time of its success.', value: (job) => job.status?.completionTime },
    },
  });
  registerKubernetesType(builder, {
    ref: jobTypeRef,
    kind: jobKind,
    description: 'Pods that run until enough of them have succeeded (batch/v1).',
    interfaces: [workloadTypeRef],
    fields: (t) => ({
      completions: t.int({
        nullable: true,
        description: 'Pods that must succeed; null where the success of any one is enough.',
        resolve: ({ spec }) => spec?.completions ?? null,
      }),
      parallelism: t.int({ description: 'Pods that run at a time.', resolve: ({ spec }) => spec?.parallelism ?? 1 }),
      backoffLimit: t.int({
        description: 'Failures after which it has failed.',
        resolve: ({ spec }) => spec?.backoffLimit ?? 6,
      }),
      activeDeadlineSeconds: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Seconds after its start at which all its pods are stopped; null means never.',
        resolve: ({ spec }) => spec?.activeDeadlineSeconds ?? null,
      }),
      ttlSecondsAfterFinished: t.int({
        nullable: true,
        description: 'Seconds after its end at which it is deleted; null means never.',
        resolve: ({ spec }) => spec?.ttlSecondsAfterFinished ?? null,
      }),
      isSuspended: t.boolean({
        description: 'Whether it is held: no pods are made.',
        resolve: ({ spec }) => spec?.suspend === true,
      }),
      activePods: t.int({ description: 'Pods that wait or run.', resolve: ({ status }) => status?.active ?? 0 }),
      succeededPods: t.int({
        description: 'Pods that have succeeded.',
        resolve: ({ status }) => status?.succeeded ?? 0,
      }),
      failedPods: t.int({ description: 'Pods that have failed.', resolve: ({ status }) => status?.failed ?? 0 }),
      startedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it started, or last went on after being held.',
        resolve: ({ status }) => status?.startTime ?? null,
      }),
      completedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it had succeeded; null unless it has.',
        resolve: ({ status }) => status?.completionTime ?? null,
      }),
      cronJob: t.field({
        type: cronJobTypeRef,
        nullable: true,
        description: 'The CronJob that made it; null for a bare one.',
        resolve: (job, _args, context) => {
          const owner = controllerOf(job);
          if (!owner || workloadKindOfOwner(owner) !== 'CRON_JOB') return null;
          const found = readObject(context, cronJobKind, job[origin].cluster, job.metadata.namespace, owner.name);
          return mapMaybe(found, (cronJob) => (cronJob?.metadata.uid === owner.uid ? cronJob : null));
        },
      }),
    }),
  });
}
