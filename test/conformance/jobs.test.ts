import { expect } from 'vitest';
import type { CaseContext } from './support/case-context.ts';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { type DrivenPods, drivenPods, drivenTemplate, saidBy, saidOf } from './support/driven-pods.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';

// Time is the real one: what a case reports of its pods carries real times.
const { conformanceCase } = conformanceArea('jobs', { embedded: { speed: 1 } });

const page = 'concepts/workloads/controllers/job';

interface Started {
  readonly namespace: string;
  readonly path: string;
  readonly pods: DrivenPods;
  job(): Promise<Json>;
}

/** A Job named `work` whose pods wait for the case. */
async function start(t: CaseContext, spec: Json = {}): Promise<Started> {
  const namespace = await t.namespace();
  const path = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const template = drivenTemplate('work', { restartPolicy: 'Never' });
  await t.create(path, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'work' },
    spec: { template, ...spec },
  });
  return {
    namespace,
    path: `${path}/work`,
    pods: drivenPods(t, namespace),
    job: async () => succeeded(await t.api.get(`${path}/work`)).body,
  };
}

const condition = (type: string, reason: string, message: string): Json => ({ type, status: 'True', reason, message });
const ended = (type: 'Complete' | 'Failed', reason: string, message: string): Json[] => [
  condition(type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget', reason, message),
  condition(type, reason, message),
];
const completed = ended('Complete', 'CompletionsReached', 'Reached expected number of succeeded pods');
const tracking = 'batch.kubernetes.io/job-tracking';

conformanceCase(
  {
    title: 'runs as many pods of a Job at once as it may until enough have succeeded',
    source: `${page}: parallel execution for Jobs; KEP-3998 for the order of conditions`,
  },
  async (t) => {
    const { namespace, pods, job } = await start(t, { completions: 3, parallelism: 2 });
    const [first, second] = await pods.living(2);
    expect(first.metadata).toMatchObject({
      generateName: 'work-',
      finalizers: [tracking],
      labels: { 'batch.kubernetes.io/job-name': 'work', 'job-name': 'work', app: 'work' },
      ownerReferences: [{ kind: 'Job', name: 'work', controller: true, blockOwnerDeletion: true }],
    });
    await pods.run(first);
    await eventually(async () => expect((await job()).status).toMatchObject({ active: 2, ready: 1 }));
    await pods.end(first, 'Succeeded');
    await eventually(async () => expect((await job()).status).toMatchObject({ active: 2, succeeded: 1 }));
    for (const pod of await pods.living(2)) await pods.end(pod, 'Succeeded');
    await eventually(async () => {
      const { status } = await job();
      expect(saidBy(status.conditions)).toEqual(completed);
      expect(status).toMatchObject({ succeeded: 3, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
      expect(status.completionTime).toBe(status.conditions[1].lastTransitionTime);
      expect(status).not.toHaveProperty('active');
    });
    for (const { metadata } of await pods.all()) expect(metadata.finalizers).toBeUndefined();
    await eventually(async () => {
      const said = await saidOf(t, namespace, 'work');
      expect(said).toContain('Normal Completed: Job completed');
      expect(said).toContain(`Normal SuccessfulCreate: Created pod: ${second.metadata.name}`);
    });
  },
);

conformanceCase(
  {
    title: 'fails a Job whose pods fail too often, and ends the others',
    source: `${page}: pod backoff failure policy`,
  },
  async (t) => {
    const { namespace, pods, job } = await start(t, { backoffLimit: 0, completions: 3, parallelism: 3 });
    const [first, second] = await pods.living(3);
    await pods.end(first, 'Failed');
    const why = 'Job has reached the specified backoff limit';
    await eventually(async () => {
      const { status } = await job();
      expect(saidBy(status.conditions)).toEqual(ended('Failed', 'BackoffLimitExceeded', why));
      expect(status).not.toHaveProperty('completionTime');
      expect(status.failed).toBe(3);
    });
    await pods.living(0);
    await eventually(async () => {
      const said = await saidOf(t, namespace, 'work');
      expect(said).toContain(`Warning BackoffLimitExceeded: ${why}`);
      expect(said).toContain(`Normal SuccessfulDelete: Deleted pod: ${second.metadata.name}`);
    });
  },
);

conformanceCase(
  { title: 'gives the pods of an indexed Job their index', source: `${page}: completion mode; KEP-2214` },
  async (t) => {
    const { pods, path, job } = await start(t, { completions: 5, parallelism: 3, completionMode: 'Indexed' });
    const [zero, , two] = await pods.living(3);
    expect(two.metadata).toMatchObject({
      generateName: 'work-2-',
      annotations: { 'batch.kubernetes.io/job-completion-index': '2' },
      labels: { 'batch.kubernetes.io/job-completion-index': '2' },
    });
    expect(two.spec.hostname).toBe('work-2');
    expect(two.spec.containers[0].env).toEqual([
      {
        name: 'JOB_COMPLETION_INDEX',
        valueFrom: {
          fieldRef: {
            apiVersion: 'v1',
            fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']",
          },
        },
      },
    ]);
    await pods.end(zero, 'Succeeded');
    await pods.end(two, 'Succeeded');
    await eventually(async () => expect((await job()).status).toMatchObject({ completedIndexes: '0,2', succeeded: 2 }));
    // Elastic: fewer indexes are enough from now on (KEP-3715).
    succeeded(await t.api.patch('merge', path, { spec: { completions: 3, parallelism: 3 } }));
    for (const pod of await pods.living(1)) await pods.end(pod, 'Succeeded');
    await eventually(async () => {
      const { status } = await job();
      expect(saidBy(status.conditions)).toEqual(completed);
      expect(status.completedIndexes).toBe('0-2');
    });
  },
);

conformanceCase(
  {
    title: 'writes two completed indexes side by side as two and not as a range',
    source: 'batch/v1 JobStatus.completedIndexes',
  },
  async (t) => {
    const { pods, job } = await start(t, { completions: 2, parallelism: 2, completionMode: 'Indexed' });
    for (const pod of await pods.living(2)) await pods.end(pod, 'Succeeded');
    await eventually(async () => expect((await job()).status.completedIndexes).toBe('0,1'));
  },
);

conformanceCase(
  {
    title: 'fails indexes one by one, and the Job when too many have failed',
    source: `${page}: backoff limit per index; KEP-3850`,
  },
  async (t) => {
    const { pods, job } = await start(t, {
      completions: 4,
      parallelism: 4,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 0,
      maxFailedIndexes: 1,
    });
    const [zero, one, , three] = await pods.living(4);
    expect(one.metadata.annotations['batch.kubernetes.io/job-index-failure-count']).toBe('0');
    await pods.end(one, 'Failed');
    await eventually(async () => expect((await job()).status).toMatchObject({ failedIndexes: '1', active: 3 }));
    await pods.end(zero, 'Succeeded');
    await eventually(async () => expect((await job()).status).toMatchObject({ completedIndexes: '0', active: 2 }));
    await pods.end(three, 'Failed');
    const why = 'Job has exceeded the specified maximal number of failed indexes';
    await eventually(async () => {
      const { status } = await job();
      expect(saidBy(status.conditions)).toEqual(ended('Failed', 'MaxFailedIndexesExceeded', why));
      expect(status).toMatchObject({ failedIndexes: '1,3', completedIndexes: '0', succeeded: 1 });
    });
  },
);

conformanceCase(
  {
    title: 'gives an index up at once where the failure policy says so',
    source: `${page}: pod failure policy, FailIndex; KEP-3850`,
  },
  async (t) => {
    const { pods, job } = await start(t, {
      completions: 2,
      parallelism: 2,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 5,
      podFailurePolicy: { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [7] } }] },
    });
    const [zero, one] = await pods.living(2);
    await pods.end(zero, 'Failed', 7);
    await eventually(async () => expect((await job()).status).toMatchObject({ failedIndexes: '0' }));
    await pods.end(one, 'Succeeded');
    await eventually(async () =>
      expect(saidBy((await job()).status.conditions)).toEqual(
        ended('Failed', 'FailedIndexes', 'Job has failed indexes'),
      ),
    );
  },
);

conformanceCase(
  {
    title: 'does not count failures that the policy ignores, and fails the Job where it says so',
    source: `${page}: pod failure policy; KEP-3329`,
  },
  async (t) => {
    const { namespace, pods, job } = await start(t, {
      completions: 2,
      parallelism: 2,
      backoffLimit: 6,
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
          { action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [42] } },
        ],
      },
    });
    const [first, second] = await pods.living(2);
    await pods.end(first, 'Failed', 1, [{ type: 'DisruptionTarget', status: 'True' }]);
    await eventually(async () => {
      const { metadata } = succeeded(
        await t.api.get(`/api/v1/namespaces/${namespace}/pods/${first.metadata.name}`),
      ).body;
      expect(metadata.finalizers).toBeUndefined();
    });
    expect((await job()).status).not.toHaveProperty('failed');
    await pods.end(second, 'Failed', 42);
    const why = `Container main for pod ${namespace}/${second.metadata.name} failed with exit code 42 matching FailJob rule at index 1`;
    await eventually(async () =>
      expect(saidBy((await job()).status.conditions)).toEqual(ended('Failed', 'PodFailurePolicy', why)),
    );
  },
);

conformanceCase(
  {
    title: 'takes an indexed Job for done when its success policy is met',
    source: `${page}: success policy; KEP-3998`,
  },
  async (t) => {
    const { pods, job } = await start(t, {
      completions: 4,
      parallelism: 4,
      completionMode: 'Indexed',
      successPolicy: { rules: [{ succeededIndexes: '1-3', succeededCount: 2 }] },
    });
    const [zero, one, two] = await pods.living(4);
    await pods.end(zero, 'Succeeded');
    await pods.end(one, 'Succeeded');
    await eventually(async () => expect((await job()).status).toMatchObject({ completedIndexes: '0,1', active: 2 }));
    expect((await job()).status).not.toHaveProperty('conditions');
    await pods.end(two, 'Succeeded');
    await eventually(async () => {
      const { status } = await job();
      expect(saidBy(status.conditions)).toEqual(ended('Complete', 'SuccessPolicy', 'Matched rules at index 0'));
      expect(status).toMatchObject({ succeeded: 3, completedIndexes: '0-2' });
      expect(status).not.toHaveProperty('failed');
    });
    await pods.living(0);
  },
);

conformanceCase(
  {
    title: 'takes the pods of a suspended Job back and starts its time anew',
    source: `${page}: suspending a Job; KEP-2232`,
  },
  async (t) => {
    const { namespace, path, pods, job } = await start(t, { suspend: true, completions: 2, parallelism: 2 });
    const suspended = condition('Suspended', 'JobSuspended', 'Job suspended');
    const resumed = { ...condition('Suspended', 'JobResumed', 'Job resumed'), status: 'False' };
    await eventually(async () => expect(saidBy((await job()).status.conditions)).toEqual([suspended]));
    expect((await job()).status).not.toHaveProperty('startTime');
    expect(await pods.all()).toEqual([]);
    succeeded(await t.api.patch('merge', path, { spec: { suspend: false } }));
    await pods.living(2);
    await eventually(async () => {
      const { status } = await job();
      expect(saidBy(status.conditions)).toEqual([resumed]);
      expect(status.startTime).toBeDefined();
    });
    succeeded(await t.api.patch('merge', path, { spec: { suspend: true } }));
    await eventually(async () => {
      expect(await pods.all()).toEqual([]);
      const { status } = await job();
      expect(saidBy(status.conditions)).toEqual([suspended]);
      expect(status).not.toHaveProperty('failed');
      expect(status).not.toHaveProperty('startTime');
    });
    await eventually(async () =>
      expect(await saidOf(t, namespace, 'work')).toEqual(
        expect.arrayContaining(['Normal Suspended: Job suspended', 'Normal Resumed: Job resumed']),
      ),
    );
  },
);

conformanceCase(
  {
    title: 'ends a Job that takes longer than it may',
    source: `${page}: job termination and cleanup, activeDeadlineSeconds`,
  },
  async (t) => {
    const { pods, job } = await start(t, { activeDeadlineSeconds: 1 });
    const why = 'Job was active longer than specified deadline';
    await eventually(async () =>
      expect(saidBy((await job()).status.conditions)).toEqual(ended('Failed', 'DeadlineExceeded', why)),
    );
    await pods.living(0);
  },
);

conformanceCase(
  {
    title: 'deletes a finished Job and its pods when their time is over',
    source: 'concepts/workloads/controllers/ttlafterfinished',
  },
  async (t) => {
    const { path, pods } = await start(t, { ttlSecondsAfterFinished: 1 });
    for (const pod of await pods.living(1)) await pods.end(pod, 'Succeeded');
    await eventually(async () => expect((await t.api.get(path)).status).toBe(404));
    await eventually(async () => expect(await pods.all()).toEqual([]));
  },
);

conformanceCase(
  {
    title: 'leaves a Job alone that another controller manages',
    source: `${page}: delegation of managing a Job; KEP-4368`,
  },
  async (t) => {
    const { namespace, pods, job } = await start(t, { managedBy: 'example.com/other' });
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs`;
    // The controller has come by when a Job of its own has a pod.
    const { spec } = await job();
    const template = drivenTemplate('own', { restartPolicy: spec.template.spec.restartPolicy });
    await t.create(path, { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'own' }, spec: { template } });
    const [own] = await pods.living(1);
    expect(own.metadata.labels['job-name']).toBe('own');
    expect((await job()).status).toEqual({});
  },
);

conformanceCase(
  {
    title: 'ends a work queue when one pod has succeeded and none is left',
    source: `${page}: parallel Jobs with a work queue`,
  },
  async (t) => {
    const { pods, job } = await start(t, { parallelism: 3 });
    const [first, second, third] = await pods.living(3);
    await pods.end(first, 'Succeeded');
    await eventually(async () => expect((await job()).status).toMatchObject({ active: 2, succeeded: 1 }));
    await pods.end(second, 'Failed');
    await eventually(async () => expect((await job()).status).toMatchObject({ active: 1, failed: 1 }));
    await pods.end(third, 'Succeeded');
    await eventually(async () => expect(saidBy((await job()).status.conditions)).toEqual(completed));
    expect(await pods.all()).toHaveLength(3);
  },
);

conformanceCase(
  { title: 'follows the parallelism of a Job while it runs', source: `${page}: controlling parallelism` },
  async (t) => {
    const { path, pods, job } = await start(t, { parallelism: 3, completions: 10 });
    await pods.living(3);
    for (const parallelism of [1, 0, 2]) {
      succeeded(await t.api.patch('merge', path, { spec: { parallelism } }));
      await pods.living(parallelism);
      await eventually(async () => expect((await job()).status.active ?? 0).toBe(parallelism));
    }
    expect((await job()).status).not.toHaveProperty('failed');
  },
);

conformanceCase(
  {
    title: 'lets the pods of a deleted Job go, their finalizers too',
    source: `${page}: job tracking with finalizers; KEP-2307`,
  },
  async (t) => {
    const { path, pods } = await start(t, { parallelism: 2 });
    await pods.living(2);
    const { headers } = succeeded(await t.api.delete(path));
    expect(String(headers.warning)).toContain('child pods are preserved by default when jobs are deleted');
    await eventually(async () => {
      expect((await t.api.get(path)).status).toBe(404);
      for (const { metadata } of await pods.living(2)) {
        expect(metadata.finalizers).toBeUndefined();
        expect(metadata.ownerReferences).toBeUndefined();
      }
    });
  },
);
