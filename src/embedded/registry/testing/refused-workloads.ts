import { container, object, type RefusedWrite, workload } from './refused-write.ts';

const deployments = '/apis/apps/v1/namespaces/refusals/deployments';
const statefulSets = '/apis/apps/v1/namespaces/refusals/statefulsets';
const daemonSets = '/apis/apps/v1/namespaces/refusals/daemonsets';
const replicaSets = '/apis/apps/v1/namespaces/refusals/replicasets';
const jobs = '/apis/batch/v1/namespaces/refusals/jobs';
const cronJobs = '/apis/batch/v1/namespaces/refusals/cronjobs';
const autoscalers = '/apis/autoscaling/v2/namespaces/refusals/horizontalpodautoscalers';
const budgets = '/apis/policy/v1/namespaces/refusals/poddisruptionbudgets';
const controllers = '/api/v1/namespaces/refusals/replicationcontrollers';

function deployment(extra: object = {}, podSpec: object = {}): object {
  return object('apps/v1', 'Deployment', { spec: workload(extra, podSpec) });
}

function statefulSet(extra: object = {}): object {
  return object('apps/v1', 'StatefulSet', { spec: workload({ serviceName: 'x', ...extra }) });
}

function daemonSet(extra: object = {}): object {
  return object('apps/v1', 'DaemonSet', { spec: workload(extra) });
}

function job(extra: object = {}, podSpec: object = {}): object {
  const template = { spec: { restartPolicy: 'Never', containers: [container()], ...podSpec } };
  return object('batch/v1', 'Job', { spec: { template, ...extra } });
}

function cronJob(extra: object = {}, name = 'x'): object {
  const template = { spec: { restartPolicy: 'Never', containers: [container()] } };
  const spec = { schedule: '* * * * *', jobTemplate: { spec: { template } }, ...extra };
  return object('batch/v1', 'CronJob', { metadata: { name }, spec });
}

function autoscaler(extra: object = {}): object {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' };
  return object('autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { scaleTargetRef, maxReplicas: 3, ...extra } });
}

function cpu(target: object): object {
  return { metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] };
}

function budget(spec: object): object {
  return object('policy/v1', 'PodDisruptionBudget', { spec });
}

/** Workloads, and what stands over them, with one mistake each. */
export const refusedWorkloads: readonly RefusedWrite[] = [
  { title: 'a deployment without a spec', at: deployments, body: object('apps/v1', 'Deployment') },
  { title: 'a deployment without a selector', at: deployments, body: deployment({ selector: undefined }) },
  { title: 'a deployment with an empty selector', at: deployments, body: deployment({ selector: {} }) },
  {
    title: 'a deployment whose selector misses its template',
    at: deployments,
    body: deployment({ selector: { matchLabels: { app: 'y' } } }),
  },
  {
    title: 'a deployment with an unknown selector operator',
    at: deployments,
    body: deployment({ selector: { matchExpressions: [{ key: 'app', operator: 'Like', values: ['x'] }] } }),
  },
  { title: 'a deployment of negative size', at: deployments, body: deployment({ replicas: -1 }) },
  {
    title: 'a deployment with negative numbers',
    at: deployments,
    body: deployment({ minReadySeconds: -1, revisionHistoryLimit: -1, progressDeadlineSeconds: -1 }),
  },
  {
    title: 'a deadline that is no longer than the wait for readiness',
    at: deployments,
    body: deployment({ minReadySeconds: 10, progressDeadlineSeconds: 10 }),
  },
  { title: 'an unknown deployment strategy', at: deployments, body: deployment({ strategy: { type: 'BlueGreen' } }) },
  {
    title: 'a deployment recreated in rolls',
    at: deployments,
    body: deployment({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
  },
  {
    title: 'a roll that may not move',
    at: deployments,
    body: deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
  },
  {
    title: 'a roll in words',
    at: deployments,
    body: deployment({ strategy: { rollingUpdate: { maxSurge: 'some', maxUnavailable: '150%' } } }),
  },
  { title: 'a deployment of pods that end', at: deployments, body: deployment({}, { restartPolicy: 'Never' }) },
  {
    title: 'a deployment of pods with a deadline',
    at: deployments,
    body: deployment({}, { activeDeadlineSeconds: 5 }),
  },
  {
    title: 'a deployment whose pods have no containers',
    at: deployments,
    body: deployment({}, { containers: [] }),
  },
  {
    title: 'a deployment with a bad template label',
    at: deployments,
    body: deployment({
      template: { metadata: { labels: { app: 'x', 'a b': 'c' } }, spec: { containers: [container()] } },
    }),
  },
  {
    title: 'a deployment with another selector',
    at: deployments,
    first: [{ at: deployments, body: deployment() }],
    patch: {
      spec: { selector: { matchLabels: { tier: 'y' } }, template: { metadata: { labels: { tier: 'y' } } } },
    },
    name: 'x',
  },
  {
    title: 'a replica set without a selector',
    at: replicaSets,
    body: object('apps/v1', 'ReplicaSet', { spec: workload({ selector: undefined }) }),
  },
  {
    title: 'a replica set with an empty selector',
    at: replicaSets,
    body: object('apps/v1', 'ReplicaSet', { spec: workload({ selector: {} }) }),
  },
  {
    title: 'a replica set of negative size',
    at: replicaSets,
    body: object('apps/v1', 'ReplicaSet', { spec: workload({ replicas: -1 }) }),
  },
  {
    title: 'a replica set whose selector misses its template',
    at: replicaSets,
    body: object('apps/v1', 'ReplicaSet', { spec: workload({ selector: { matchLabels: { app: 'y' } } }) }),
  },
  {
    title: 'a replica set with another selector',
    at: replicaSets,
    first: [{ at: replicaSets, body: object('apps/v1', 'ReplicaSet', { spec: workload({ replicas: 0 }) }) }],
    patch: { spec: { selector: { matchLabels: { tier: 'y' } }, template: { metadata: { labels: { tier: 'y' } } } } },
    name: 'x',
  },
  { title: 'a stateful set with an empty selector', at: statefulSets, body: statefulSet({ selector: {} }) },
  { title: 'a stateful set without a selector', at: statefulSets, body: statefulSet({ selector: undefined }) },
  {
    title: 'a stateful set with an unknown strategy',
    at: statefulSets,
    body: statefulSet({ updateStrategy: { type: 'Recreate' } }),
  },
  {
    title: 'a stateful set with an unknown order',
    at: statefulSets,
    body: statefulSet({ podManagementPolicy: 'Random' }),
  },
  {
    title: 'a stateful set with a negative partition',
    at: statefulSets,
    body: statefulSet({ updateStrategy: { rollingUpdate: { partition: -1 } } }),
  },
  {
    title: 'a stateful set of negative size',
    at: statefulSets,
    body: statefulSet({ replicas: -1, minReadySeconds: -1 }),
  },
  {
    title: 'a stateful set that keeps claims in an unknown way',
    at: statefulSets,
    body: statefulSet({ persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Maybe' } }),
  },
  { title: 'a stateful set with negative ordinals', at: statefulSets, body: statefulSet({ ordinals: { start: -1 } }) },
  {
    title: 'a stateful set with another service',
    at: statefulSets,
    first: [{ at: statefulSets, body: statefulSet({ replicas: 0 }) }],
    patch: { spec: { serviceName: 'y' } },
    name: 'x',
  },
  {
    title: 'a stateful set with another management policy',
    at: statefulSets,
    first: [{ at: statefulSets, body: statefulSet({ replicas: 0 }) }],
    patch: { spec: { podManagementPolicy: 'Parallel' } },
    name: 'x',
  },
  { title: 'a daemon set with an empty selector', at: daemonSets, body: daemonSet({ selector: {} }) },
  {
    title: 'a daemon set whose selector misses its template',
    at: daemonSets,
    body: daemonSet({ selector: { matchLabels: { app: 'y' } } }),
  },
  {
    title: 'a daemon set with an unknown strategy',
    at: daemonSets,
    body: daemonSet({ updateStrategy: { type: 'Recreate' } }),
  },
  {
    title: 'a daemon set that may not move',
    at: daemonSets,
    body: daemonSet({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }),
  },
  {
    title: 'a daemon set that surges and misses',
    at: daemonSets,
    body: daemonSet({ updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } } }),
  },
  {
    title: 'a daemon set with another selector',
    at: daemonSets,
    first: [{ at: daemonSets, body: daemonSet() }],
    patch: { spec: { selector: { matchLabels: { tier: 'y' } }, template: { metadata: { labels: { tier: 'y' } } } } },
    name: 'x',
  },
  { title: 'a job that always restarts', at: jobs, body: job({}, { restartPolicy: 'Always' }) },
  { title: 'a job that does not say whether it restarts', at: jobs, body: job({}, { restartPolicy: undefined }) },
  {
    title: 'a job with negative numbers',
    at: jobs,
    body: job({
      parallelism: -1,
      completions: -1,
      backoffLimit: -1,
      activeDeadlineSeconds: -1,
      ttlSecondsAfterFinished: -1,
    }),
  },
  { title: 'an indexed job without a number', at: jobs, body: job({ completionMode: 'Indexed', parallelism: 1 }) },
  { title: 'a job of an unknown mode', at: jobs, body: job({ completionMode: 'Random' }) },
  { title: 'a job with a selector of its own', at: jobs, body: job({ selector: { matchLabels: { a: 'b' } } }) },
  {
    title: 'a job that selects by hand and has no selector',
    at: jobs,
    body: job({ manualSelector: true }),
  },
  { title: 'a job with a limit per index and no index', at: jobs, body: job({ backoffLimitPerIndex: 1 }) },
  {
    title: 'a failure policy without rules that could be',
    at: jobs,
    body: job({ podFailurePolicy: { rules: [{ action: 'Cry' }] } }),
  },
  {
    title: 'a failure policy on exit codes of success',
    at: jobs,
    body: job({
      podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [0] } }] },
    }),
  },
  { title: 'a job that replaces pods in an unknown way', at: jobs, body: job({ podReplacementPolicy: 'Maybe' }) },
  {
    title: 'a job with other completions',
    at: jobs,
    first: [{ at: jobs, body: job({ suspend: true }) }],
    patch: { spec: { completions: 5 } },
    name: 'x',
  },
  {
    title: 'a job with another image',
    at: jobs,
    first: [{ at: jobs, body: job({}) }],
    patch: { spec: { template: { spec: { restartPolicy: 'OnFailure' } } } },
    name: 'x',
  },
  { title: 'a cron job without a schedule', at: cronJobs, body: cronJob({ schedule: '' }) },
  { title: 'a cron job with four fields', at: cronJobs, body: cronJob({ schedule: '* * * *' }) },
  { title: 'a cron job at minute 99', at: cronJobs, body: cronJob({ schedule: '99 * * * *' }) },
  { title: 'a cron job at nonsense', at: cronJobs, body: cronJob({ schedule: 'a * * * *' }) },
  { title: 'a cron job with an unknown descriptor', at: cronJobs, body: cronJob({ schedule: '@sometimes' }) },
  { title: 'a cron job with a zone in its schedule', at: cronJobs, body: cronJob({ schedule: 'TZ=UTC * * * * *' }) },
  { title: 'a cron job in an unknown zone', at: cronJobs, body: cronJob({ timeZone: 'Atlantis/Capital' }) },
  { title: 'a cron job in an empty zone', at: cronJobs, body: cronJob({ timeZone: '' }) },
  { title: 'a cron job in the local zone', at: cronJobs, body: cronJob({ timeZone: 'Local' }) },
  { title: 'a cron job of an unknown policy', at: cronJobs, body: cronJob({ concurrencyPolicy: 'Queue' }) },
  {
    title: 'a cron job with negative numbers',
    at: cronJobs,
    body: cronJob({ startingDeadlineSeconds: -1, successfulJobsHistoryLimit: -1, failedJobsHistoryLimit: -1 }),
  },
  { title: 'a cron job with a long name', at: cronJobs, body: cronJob({}, 'a'.repeat(53)) },
  {
    title: 'a cron job whose jobs always restart',
    at: cronJobs,
    body: cronJob({ jobTemplate: { spec: { template: { spec: { containers: [container()] } } } } }),
  },
  { title: 'an autoscaler without a maximum', at: autoscalers, body: autoscaler({ maxReplicas: undefined }) },
  { title: 'an autoscaler that may not grow', at: autoscalers, body: autoscaler({ minReplicas: 5 }) },
  { title: 'an autoscaler down to nothing', at: autoscalers, body: autoscaler({ minReplicas: 0 }) },
  { title: 'an autoscaler of nothing', at: autoscalers, body: autoscaler({ scaleTargetRef: { kind: '', name: '' } }) },
  {
    title: 'an autoscaler of a bad name',
    at: autoscalers,
    body: autoscaler({ scaleTargetRef: { kind: 'a/b', name: 'c/d' } }),
  },
  { title: 'a metric of no type', at: autoscalers, body: autoscaler({ metrics: [{ type: '' }] }) },
  { title: 'a metric of an unknown type', at: autoscalers, body: autoscaler({ metrics: [{ type: 'Mood' }] }) },
  { title: 'a metric without its source', at: autoscalers, body: autoscaler({ metrics: [{ type: 'Resource' }] }) },
  { title: 'a metric without a target', at: autoscalers, body: autoscaler(cpu({ type: 'Utilization' })) },
  {
    title: 'a metric of an unknown target',
    at: autoscalers,
    body: autoscaler(cpu({ type: 'Mood', averageUtilization: 5 })),
  },
  {
    title: 'a metric of negative use',
    at: autoscalers,
    body: autoscaler(cpu({ type: 'Utilization', averageUtilization: -1 })),
  },
  {
    title: 'a metric with two targets',
    at: autoscalers,
    body: autoscaler(cpu({ type: 'Utilization', averageUtilization: 5, averageValue: '1' })),
  },
  {
    title: 'a metric of pods without a name',
    at: autoscalers,
    body: autoscaler({
      metrics: [{ type: 'Pods', pods: { metric: { name: '' }, target: { type: 'AverageValue', averageValue: '1' } } }],
    }),
  },
  {
    title: 'a scaling behaviour without bounds',
    at: autoscalers,
    body: autoscaler({
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 4000, policies: [{ type: 'Percent', value: 0, periodSeconds: 9999 }] },
        scaleDown: { selectPolicy: 'Mean', policies: [] },
      },
    }),
  },
  { title: 'a budget of both ways', at: budgets, body: budget({ minAvailable: 1, maxUnavailable: 1, selector: {} }) },
  { title: 'a negative budget', at: budgets, body: budget({ minAvailable: -1, selector: {} }) },
  { title: 'a budget above all', at: budgets, body: budget({ maxUnavailable: '150%', selector: {} }) },
  { title: 'a budget in words', at: budgets, body: budget({ minAvailable: 'some', selector: {} }) },
  {
    title: 'a budget with a bad selector',
    at: budgets,
    body: budget({ minAvailable: 1, selector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }),
  },
  {
    title: 'a budget with an unknown eviction policy',
    at: budgets,
    body: budget({ minAvailable: 1, selector: {}, unhealthyPodEvictionPolicy: 'Maybe' }),
  },
  {
    title: 'a replication controller without a template',
    at: controllers,
    body: object('v1', 'ReplicationController', { spec: { selector: { app: 'x' } } }),
  },
  {
    title: 'a replication controller whose selector misses its template',
    at: controllers,
    body: object('v1', 'ReplicationController', { spec: workload({ selector: { app: 'y' } }) }),
  },
];
