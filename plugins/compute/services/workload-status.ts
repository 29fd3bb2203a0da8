import type {
  AdvancedStatefulSetObject,
  CloneSetObject,
  CronJobObject,
  DaemonSetObject,
  DeploymentObject,
  JobObject,
  ReplicaSetObject,
  StatefulSetObject,
  WorkloadObject,
} from '../api.ts';
import { isPausedInstanceSet, keptByPartition } from './instances/instance-set.ts';
import { tagWorkload } from './workload-kinds.ts';

/** How a workload does, in one word that means the same for every kind (Appendix C, CMP-69, CMP-70, CMP-72). */
export const workloadStatuses = {
  RUNNING: 'Everything wanted is there, ready and of the newest version. A Job with pods, a CronJob with its schedule.',
  DEPLOYING:
    'On its way: it was just made, a rollout or a scaling is under way, or its controller has not seen the last change.',
  NOT_READY: 'Rolled out, but fewer pods are ready than wanted.',
  STOPPED: 'Scaled to 0 and no pod is left; a DaemonSet that no node matches; a Job or CronJob that is suspended.',
  PAUSED: 'Its rollout is paused: its pods run on, changes of its template wait.',
  COMPLETED: 'A Job that has succeeded.',
  FAILED: 'A rollout that has exceeded its deadline or cannot make pods; a Job that has failed for good.',
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
    case 'CLONE_SET':
    case 'ADVANCED_STATEFUL_SET':
      return instanceSetStatus(workload.object);
  }
}

/** The conditions of `kubectl rollout status`, and availability once the rollout is done. */
function deploymentStatus({ spec, status, metadata }: DeploymentObject): WorkloadStatus {
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions } = status ?? {};
  const progressing = conditions?.find(({ type }) => type === 'Progressing');
  // A paused one is still scaled: what is stopped is stopped.
  if (spec?.paused && (wanted > 0 || replicas > 0)) return 'PAUSED';
  if (isUnseen(metadata.generation, status?.observedGeneration)) return 'DEPLOYING';
  if (wanted === 0) return replicas === 0 ? 'STOPPED' : 'DEPLOYING';
  if (progressing?.reason === 'ProgressDeadlineExceeded' || isTrue(conditions, 'ReplicaFailure')) return 'FAILED';
  if (updatedReplicas < wanted || replicas > updatedReplicas) return 'DEPLOYING';
  if (availableReplicas >= wanted) return 'RUNNING';
  const isRolledOut = progressing?.reason === 'NewReplicaSetAvailable';
  return isRolledOut && !isTrue(conditions, 'Available') ? 'NOT_READY' : 'DEPLOYING';
}

function statefulSetStatus({ spec, status, metadata }: StatefulSetObject): WorkloadStatus {
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, readyReplicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = status ?? {};
  if (isUnseen(metadata.generation, status?.observedGeneration)) return 'DEPLOYING';
  if (wanted === 0) return replicas === 0 ? 'STOPPED' : 'DEPLOYING';
  if (replicas !== wanted) return 'DEPLOYING';
  if (spec?.updateStrategy?.type !== 'OnDelete') {
    const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    if (partition > 0 && updatedReplicas < wanted - partition) return 'DEPLOYING';
    if (partition === 0 && updateRevision !== currentRevision) return 'DEPLOYING';
  }
  return readyReplicas < wanted ? 'NOT_READY' : 'RUNNING';
}

function daemonSetStatus({ spec, status, metadata }: DaemonSetObject): WorkloadStatus {
  if (isUnseen(metadata.generation, status?.observedGeneration)) return 'DEPLOYING';
  const wanted = status?.desiredNumberScheduled ?? 0;
  const present = status?.currentNumberScheduled ?? 0;
  if (wanted === 0) return present === 0 ? 'STOPPED' : 'DEPLOYING';
  if (present < wanted) return 'DEPLOYING';
  const isRolling = spec?.updateStrategy?.type !== 'OnDelete';
  if (isRolling && (status?.updatedNumberScheduled ?? 0) < wanted) return 'DEPLOYING';
  return (status?.numberAvailable ?? 0) < wanted ? 'NOT_READY' : 'RUNNING';
}

function replicaSetStatus({ spec, status, metadata }: ReplicaSetObject): WorkloadStatus {
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, availableReplicas = 0, conditions } = status ?? {};
  if (isUnseen(metadata.generation, status?.observedGeneration)) return 'DEPLOYING';
  if (wanted === 0) return replicas === 0 ? 'STOPPED' : 'DEPLOYING';
  if (isTrue(conditions, 'ReplicaFailure')) return 'FAILED';
  if (replicas !== wanted) return 'DEPLOYING';
  return availableReplicas < wanted ? 'NOT_READY' : 'RUNNING';
}

/** A partition or pause that is reached holds a rollout: what it leaves as it was is meant to be so (OpenKruise). */
function instanceSetStatus(object: CloneSetObject | AdvancedStatefulSetObject): WorkloadStatus {
  const { spec, status, metadata } = object;
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, readyReplicas = 0, updatedReplicas = 0, conditions } = status ?? {};
  if (isPausedInstanceSet(object) && (wanted > 0 || replicas > 0)) return 'PAUSED';
  if (isUnseen(metadata.generation, status?.observedGeneration)) return 'DEPLOYING';
  if (wanted === 0) return replicas === 0 ? 'STOPPED' : 'DEPLOYING';
  const progressing = conditions?.find(({ type }) => type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return 'FAILED';
  if (replicas !== wanted || updatedReplicas < wanted - keptByPartition(object)) return 'DEPLOYING';
  return readyReplicas < wanted ? 'NOT_READY' : 'RUNNING';
}

function jobStatus({ spec, status }: JobObject): WorkloadStatus {
  const conditions = status?.conditions;
  if (isTrue(conditions, 'Complete')) return 'COMPLETED';
  if (isTrue(conditions, 'Failed')) return 'FAILED';
  if (spec?.suspend) return 'STOPPED';
  return (status?.active ?? 0) > 0 ? 'RUNNING' : 'DEPLOYING';
}

function cronJobStatus({ spec }: CronJobObject): WorkloadStatus {
  return spec?.suspend ? 'STOPPED' : 'RUNNING';
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
