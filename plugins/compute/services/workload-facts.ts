import { printLabelSelector } from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import type { ContainerSpec } from './containers.ts';

import { tagWorkload } from './workload-kinds.ts';

/** Pods wanted; undefined for a CronJob, which has none of its own. */
export function desiredReplicasOf(object: WorkloadObject): number | undefined {
  const workload = tagWorkload(object);
  switch (workload.kind) {
    case 'DEPLOYMENT':
    case 'STATEFUL_SET':
    case 'REPLICA_SET':
    case 'CLONE_SET':
    case 'ADVANCED_STATEFUL_SET':
      return workload.object.spec?.replicas ?? 1;
    case 'DAEMON_SET':
      return workload.object.status?.desiredNumberScheduled ?? 0;
    case 'JOB':
      return workload.object.spec?.parallelism ?? 1;
    case 'CRON_JOB':
      return undefined;
  }
}

/** Pods that are ready; undefined for a CronJob, which has none of its own. */
export function readyReplicasOf(object: WorkloadObject): number | undefined {
  const workload = tagWorkload(object);
  switch (workload.kind) {
    case 'DEPLOYMENT':
    case 'STATEFUL_SET':
    case 'REPLICA_SET':
    case 'CLONE_SET':
    case 'ADVANCED_STATEFUL_SET':
      return workload.object.status?.readyReplicas ?? 0;
    case 'DAEMON_SET':
      return workload.object.status?.numberReady ?? 0;
    case 'JOB':
      return workload.object.status?.ready ?? 0;
    case 'CRON_JOB':
      return undefined;
  }
}

/** Images of the main containers, without duplicates. */
export function imagesOf(object: WorkloadObject): string[] {
  const containers: readonly ContainerSpec[] = templateOf(object)?.spec?.containers ?? [];
  return [...new Set(containers.flatMap((container) => (container.image ? [container.image] : [])))];
}

/** In the syntax of `labelSelector`; undefined for a CronJob. */
export function selectorOf(object: WorkloadObject): string | undefined {
  const workload = tagWorkload(object);
  return workload.kind === 'CRON_JOB' ? undefined : printLabelSelector(workload.object.spec?.selector);
}

/** The template of its pods. */
export function templateOf(object: WorkloadObject) {
  const workload = tagWorkload(object);
  return workload.kind === 'CRON_JOB'
    ? workload.object.spec?.jobTemplate.spec?.template
    : workload.object.spec?.template;
}

/** Number of the rollout that made it, from the annotation `deployment.kubernetes.io/revision`. */
export function revisionOf(object: Pick<WorkloadObject, 'metadata'>): number | undefined {
  const revision = Number(object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? Number.NaN);
  return Number.isSafeInteger(revision) ? revision : undefined;
}
