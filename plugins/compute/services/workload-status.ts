import type {
  CronJobObject,
  DaemonSetObject,
  DeploymentObject,
  JobObject,
  ReplicaSetObject,
  StatefulSetObject,
  WorkloadObject,
} from '../api.ts';
import { tagWorkload } from './workload-kinds.ts';

/** How a workload does, in one word that means the same for every kind. */
export const workloadStatuses = {
  HEALTHY: 'Everything wanted is there, ready and of the newest version. A CronJob that is not suspended.',
  PROGRESSING:
    'On its way: a rollout, a scaling or a Job is under way, or its controller has not seen the last change.',
  DEGRADED:
    'Rolled out, but fewer pods are ready than wanted; or a rollout that has exceeded its deadline or cannot make pods.',
  STOPPED: 'Scaled to 0, and no pod is left; a DaemonSet that no node matches.',
  COMPLETED: 'A Job that has succeeded.',
  FAILED: 'A Job that has failed for good.',
  SUSPENDED: 'A paused Deployment, a suspended Job or CronJob.',
  UNKNOWN: 'It cannot be told.',
} as const;
export type WorkloadStatus = keyof typeof workloadStatuses;

/** From spec, status and conditions alone: the same object has the same status whenever it is asked. */
export function workloadStatus(object: WorkloadObject): WorkloadStatus {
  const workload = tagWorkload(object);
  switch (workload.kind) {
    case 'DEPLOYMENT':
      return deploymentStatus(workload.object);
    case 'STATEFUL_SET':
      return statefulSetStatus(workload.object);
    case 'DAEMON_SET':
      return daemonSetStatus(workload.object);
    case 'REPLICA_SET':
      return replicaSetStatus(workload.object);
    case 'JOB':
      return jobStatus(workload.object);
    case 'CRON_JOB':
      return cronJobStatus(workload.object);
  }
}

/** The conditions of `kubectl rollout status`, and availability once the rollout is done. */
function deploymentStatus({ spec, status, metadata }: DeploymentObject): WorkloadStatus {
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions } = status ?? {};
  const progressing = conditions?.find(({ type }) => type === 'Progressing');
  if (spec?.paused) return 'SUSPENDED';
  if (isUnseen(metadata.generation, status?.observedGeneration)) return 'PROGRESSING';
  if (wanted === 0) return replicas === 0 ? 'STOPPED' : 'PROGRESSING';
  if (progressing?.reason === 'ProgressDeadlineExceeded' || isTrue(conditions, 'ReplicaFailure')) return 'DEGRADED';
  if (updatedReplicas < wanted || replicas > updatedReplicas) return 'PROGRESSING';
  if (availableReplicas >= wanted) return 'HEALTHY';
  const isRolledOut = progressing?.reason === 'NewReplicaSetAvailable';
  return isRolledOut && !isTrue(conditions, 'Available') ? 'DEGRADED' : 'PROGRESSING';
}

function statefulSetStatus({ spec, status, metadata }: StatefulSetObject): WorkloadStatus {
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, readyReplicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = status ?? {};
  if (isUnseen(metadata.generation, status?.observedGeneration)) return 'PROGRESSING';
  if (wanted === 0) return replicas === 0 ? 'STOPPED' : 'PROGRESSING';
  if (replicas !== wanted) return 'PROGRESSING';
  if (spec?.updateStrategy?.type !== 'OnDelete') {
    const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    if (partition > 0 && updatedReplicas < wanted - partition) return 'PROGRESSING';
    if (partition === 0 && updateRevision !== currentRevision) return 'PROGRESSING';
  }
  return readyReplicas < wanted ? 'DEGRADED' : 'HEALTHY';
}

function daemonSetStatus({ spec, status, metadata }: DaemonSetObject): WorkloadStatus {
  if (isUnseen(metadata.generation, status?.observedGeneration)) return 'PROGRESSING';
  const wanted = status?.desiredNumberScheduled ?? 0;
  const present = status?.currentNumberScheduled ?? 0;
  if (wanted === 0) return present === 0 ? 'STOPPED' : 'PROGRESSING';
  if (present < wanted) return 'PROGRESSING';
  const isRolling = spec?.updateStrategy?.type !== 'OnDelete';
  if (isRolling && (status?.updatedNumberScheduled ?? 0) < wanted) return 'PROGRESSING';
  return (status?.numberAvailable ?? 0) < wanted ? 'DEGRADED' : 'HEALTHY';
}

function replicaSetStatus({ spec, status, metadata }: ReplicaSetObject): WorkloadStatus {
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, availableReplicas = 0, conditions } = status ?? {};
  if (isUnseen(metadata.generation, status?.observedGeneration)) return 'PROGRESSING';
  if (wanted === 0) return replicas === 0 ? 'STOPPED' : 'PROGRESSING';
  if (isTrue(conditions, 'ReplicaFailure')) return 'DEGRADED';
  if (replicas !== wanted) return 'PROGRESSING';
  return availableReplicas < wanted ? 'DEGRADED' : 'HEALTHY';
}

function jobStatus({ spec, status }: JobObject): WorkloadStatus {
  const conditions = status?.conditions;
  if (isTrue(conditions, 'Complete')) return 'COMPLETED';
  if (isTrue(conditions, 'Failed')) return 'FAILED';
  return spec?.suspend ? 'SUSPENDED' : 'PROGRESSING';
}

function cronJobStatus({ spec }: CronJobObject): WorkloadStatus {
  return spec?.suspend ? 'SUSPENDED' : 'HEALTHY';
}

/** Whether its controller has not yet looked at the newest spec; status then speaks of an older one. */
function isUnseen(generation: number | undefined, observed: number | undefined): boolean {
  return generation !== undefined && (observed === undefined || observed < generation);
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}
