import { describe, expect, it } from 'vitest';
import type { WorkloadObject } from '../api.ts';
import {
  type Draft,
  makeCronJob,
  makeDaemonSet,
  makeDeployment,
  makeJob,
  makeReplicaSet,
  makeStatefulSet,
} from '../testing/make-objects.ts';
import { type WorkloadStatus, workloadStatus } from './workload-status.ts';

type Case = readonly [name: string, workload: WorkloadObject, status: WorkloadStatus];

const seen = { metadata: { generation: 2 } };
const condition = (type: string, status: string, reason?: string) => ({ type, status, reason });
const done = [condition('Progressing', 'True', 'NewReplicaSetAvailable'), condition('Available', 'True')];
const rolling = [condition('Progressing', 'True', 'ReplicaSetUpdated'), condition('Available', 'True')];

function deployment(spec: object, status: object, more: Draft = seen): WorkloadObject {
  return makeDeployment({ ...more, spec, status: { observedGeneration: 2, conditions: done, ...status } });
}
const full = { replicas: 3, updatedReplicas: 3, availableReplicas: 3 };

const deployments: Case[] = [
  ['all is there', deployment({ replicas: 3 }, full), 'RUNNING'],
  [
    'one is wanted where nothing is said',
    deployment({}, { replicas: 1, updatedReplicas: 1, availableReplicas: 1 }),
    'RUNNING',
  ],
  ['it was never seen', makeDeployment({ ...seen, spec: { replicas: 3 } }), 'DEPLOYING'],
  ['the last change was not seen', deployment({ replicas: 3 }, { ...full, observedGeneration: 1 }), 'DEPLOYING'],
  ['pods of the new version are missing', deployment({ replicas: 3 }, { ...full, updatedReplicas: 1 }), 'DEPLOYING'],
  ['old pods are left', deployment({ replicas: 3 }, { ...full, replicas: 4 }), 'DEPLOYING'],
  [
    'new pods start in a rollout',
    deployment({ replicas: 3 }, { ...full, availableReplicas: 1, conditions: rolling }),
    'DEPLOYING',
  ],
  ['few are missing after a rollout', deployment({ replicas: 3 }, { ...full, availableReplicas: 2 }), 'DEPLOYING'],
  [
    'too many are missing after a rollout',
    deployment(
      { replicas: 3 },
      { ...full, availableReplicas: 1, conditions: [done[0], condition('Available', 'False')] },
    ),
    'NOT_READY',
  ],
  [
    'the rollout exceeds its deadline',
    deployment(
      { replicas: 3 },
      { ...full, updatedReplicas: 1, conditions: [condition('Progressing', 'False', 'ProgressDeadlineExceeded')] },
    ),
    'FAILED',
  ],
  [
    'pods cannot be made',
    deployment({ replicas: 3 }, { ...full, updatedReplicas: 1, conditions: [condition('ReplicaFailure', 'True')] }),
    'FAILED',
  ],
  ['it is scaled to 0', deployment({ replicas: 0 }, {}), 'STOPPED'],
  ['it is scaled to 0 and pods are left', deployment({ replicas: 0 }, { replicas: 1 }), 'DEPLOYING'],
  ['it is paused', deployment({ replicas: 3, paused: true }, full), 'PAUSED'],
  ['it is paused and scaled to 0', deployment({ replicas: 0, paused: true }, {}), 'STOPPED'],
  [
    'it is paused, scaled to 0, and pods are left',
    deployment({ replicas: 0, paused: true }, { replicas: 1 }),
    'PAUSED',
  ],
];

function statefulSet(spec: object, status: object): WorkloadObject {
  const revisions = { currentRevision: 'db-1', updateRevision: 'db-1' };
  return makeStatefulSet({ ...seen, spec, status: { observedGeneration: 2, ...revisions, ...status } });
}
const partition = (number: number) => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: number } },
});

const statefulSets: Case[] = [
  ['all is there', statefulSet({ replicas: 2 }, { replicas: 2, readyReplicas: 2 }), 'RUNNING'],
  [
    'the last change was not seen',
    statefulSet({ replicas: 2 }, { replicas: 2, readyReplicas: 2, observedGeneration: 1 }),
    'DEPLOYING',
  ],
  ['pods are still to be made', statefulSet({ replicas: 3 }, { replicas: 2, readyReplicas: 2 }), 'DEPLOYING'],
  ['a pod is not ready', statefulSet({ replicas: 2 }, { replicas: 2, readyReplicas: 1 }), 'NOT_READY'],
  [
    'a rollout is under way',
    statefulSet({ replicas: 2 }, { replicas: 2, readyReplicas: 2, updateRevision: 'db-2' }),
    'DEPLOYING',
  ],
  [
    'pods are replaced by hand only',
    statefulSet(
      { replicas: 2, updateStrategy: { type: 'OnDelete' } },
      { replicas: 2, readyReplicas: 2, updateRevision: 'db-2' },
    ),
    'RUNNING',
  ],
  [
    'a rollout has reached its partition',
    statefulSet(
      { replicas: 3, ...partition(2) },
      { replicas: 3, readyReplicas: 3, updatedReplicas: 1, updateRevision: 'db-2' },
    ),
    'RUNNING',
  ],
  [
    'a rollout has not reached its partition',
    statefulSet(
      { replicas: 3, ...partition(1) },
      { replicas: 3, readyReplicas: 3, updatedReplicas: 1, updateRevision: 'db-2' },
    ),
    'DEPLOYING',
  ],
  ['it is scaled to 0', statefulSet({ replicas: 0 }, { replicas: 0 }), 'STOPPED'],
  ['it is scaled to 0 and pods are left', statefulSet({ replicas: 0 }, { replicas: 1 }), 'DEPLOYING'],
];

function daemonSet(status: object, spec: object = {}): WorkloadObject {
  return makeDaemonSet({ ...seen, spec, status: { observedGeneration: 2, ...status } });
}
const everywhere = {
  desiredNumberScheduled: 2,
  currentNumberScheduled: 2,
  updatedNumberScheduled: 2,
  numberAvailable: 2,
};

const daemonSets: Case[] = [
  ['it runs on every node', daemonSet(everywhere), 'RUNNING'],
  ['the last change was not seen', daemonSet({ ...everywhere, observedGeneration: 1 }), 'DEPLOYING'],
  ['a node has no pod yet', daemonSet({ ...everywhere, currentNumberScheduled: 1 }), 'DEPLOYING'],
  ['a node has the old pod', daemonSet({ ...everywhere, updatedNumberScheduled: 1 }), 'DEPLOYING'],
  [
    'a node has the old pod and pods are replaced by hand only',
    daemonSet({ ...everywhere, updatedNumberScheduled: 1 }, { updateStrategy: { type: 'OnDelete' } }),
    'RUNNING',
  ],
  ['a pod is not available', daemonSet({ ...everywhere, numberAvailable: 1 }), 'NOT_READY'],
  ['no node matches', daemonSet({ desiredNumberScheduled: 0, currentNumberScheduled: 0 }), 'STOPPED'],
  [
    'no node matches and pods are left',
    daemonSet({ desiredNumberScheduled: 0, currentNumberScheduled: 1 }),
    'DEPLOYING',
  ],
];

function replicaSet(spec: object, status: object): WorkloadObject {
  return makeReplicaSet({ ...seen, spec, status: { observedGeneration: 2, ...status } });
}

const replicaSets: Case[] = [
  ['all is there', replicaSet({ replicas: 2 }, { replicas: 2, availableReplicas: 2 }), 'RUNNING'],
  [
    'the last change was not seen',
    replicaSet({ replicas: 2 }, { replicas: 2, availableReplicas: 2, observedGeneration: 1 }),
    'DEPLOYING',
  ],
  ['pods are still to be made', replicaSet({ replicas: 2 }, { replicas: 1 }), 'DEPLOYING'],
  ['a pod is not available', replicaSet({ replicas: 2 }, { replicas: 2, availableReplicas: 1 }), 'NOT_READY'],
  [
    'pods cannot be made',
    replicaSet({ replicas: 2 }, { replicas: 1, conditions: [condition('ReplicaFailure', 'True')] }),
    'FAILED',
  ],
  ['it is scaled to 0', replicaSet({ replicas: 0 }, { replicas: 0 }), 'STOPPED'],
];

const jobs: Case[] = [
  ['it has succeeded', makeJob({ status: { conditions: [condition('Complete', 'True')] } }), 'COMPLETED'],
  ['it has failed', makeJob({ status: { conditions: [condition('Failed', 'True')] } }), 'FAILED'],
  ['it was just made', makeJob({}), 'DEPLOYING'],
  ['it runs', makeJob({ status: { active: 1 } }), 'RUNNING'],
  ['it goes on after a failed pod', makeJob({ status: { active: 1, failed: 2 } }), 'RUNNING'],
  ['it is held', makeJob({ spec: { suspend: true } }), 'STOPPED'],
  [
    'it was held after it had succeeded',
    makeJob({ spec: { suspend: true }, status: { conditions: [condition('Complete', 'True')] } }),
    'COMPLETED',
  ],
];

const cronJobs: Case[] = [
  ['it keeps its schedule', makeCronJob({ spec: { schedule: '* * * * *' } }), 'RUNNING'],
  ['it is suspended', makeCronJob({ spec: { suspend: true } }), 'STOPPED'],
];

describe('workloadStatus', () => {
  it.each(deployments)('of a Deployment when %s (CMP-70, CMP-72)', (_name, workload, status) => {
    expect(workloadStatus(workload)).toBe(status);
  });
  it.each(statefulSets)('of a StatefulSet when %s (CMP-70, CMP-72)', (_name, workload, status) => {
    expect(workloadStatus(workload)).toBe(status);
  });
  it.each(daemonSets)('of a DaemonSet when %s (CMP-70, CMP-72)', (_name, workload, status) => {
    expect(workloadStatus(workload)).toBe(status);
  });
  it.each(replicaSets)('of a ReplicaSet when %s (CMP-70, CMP-72)', (_name, workload, status) => {
    expect(workloadStatus(workload)).toBe(status);
  });
  it.each(jobs)('of a Job when %s (CMP-70, CMP-72)', (_name, workload, status) => {
    expect(workloadStatus(workload)).toBe(status);
  });
  it.each(cronJobs)('of a CronJob when %s (CMP-70, CMP-72)', (_name, workload, status) => {
    expect(workloadStatus(workload)).toBe(status);
  });
});
