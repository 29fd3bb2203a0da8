import { expect } from 'vitest';
import { conformanceArea } from './support/conformance-area.ts';
import { saidOf } from './support/driven-pods.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { podTemplate } from './support/objects.ts';

const { conformanceCase } = conformanceArea('cron jobs');

function cronJob(name: string, spec: Json = {}): Json {
  const template = podTemplate(name);
  template.spec.restartPolicy = 'Never';
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: { schedule: '@every 1s', jobTemplate: { spec: { template, suspend: true } }, ...spec },
  };
}

conformanceCase(
  {
    title: 'makes a Job at the time of a CronJob and lists it as active',
    source: 'concepts/workloads/controllers/cron-jobs; batch/v1 CronJobStatus',
  },
  async (t) => {
    const namespace = await t.namespace();
    const cronJobs = `/apis/batch/v1/namespaces/${namespace}/cronjobs`;
    await t.create(cronJobs, cronJob('tick', { timeZone: 'Asia/Tokyo', concurrencyPolicy: 'Forbid' }));
    await eventually(async () => {
      const { status } = (await t.api.get(`${cronJobs}/tick`)).body;
      expect(status.active).toHaveLength(1);
      const [{ name, uid }] = status.active;
      const job = (await t.api.get(`/apis/batch/v1/namespaces/${namespace}/jobs/${name}`)).body;
      expect(name).toBe(`tick-${Math.floor(Date.parse(status.lastScheduleTime) / 60_000)}`);
      expect(status.active).toEqual([
        { apiVersion: 'batch/v1', kind: 'Job', namespace, name, uid, resourceVersion: expect.any(String) },
      ]);
      expect(job.metadata.uid).toBe(uid);
      expect(job.metadata.annotations['batch.kubernetes.io/cronjob-scheduled-timestamp']).toMatch(/\+09:00$/);
      expect(await saidOf(t, namespace, 'tick')).toContain(`Normal SuccessfulCreate: Created job ${name}`);
    });
  },
);

conformanceCase(
  {
    title: 'tells of a Job that somebody else made in the name of a CronJob',
    source: 'kubectl create job --from; CronJob controller: reconciles the Jobs it controls',
  },
  async (t) => {
    const namespace = await t.namespace();
    const owner = await t.create(
      `/apis/batch/v1/namespaces/${namespace}/cronjobs`,
      cronJob('idle', { schedule: '0 0 1 1 *', suspend: true }),
    );
    const { name, uid } = owner.metadata;
    await t.create(`/apis/batch/v1/namespaces/${namespace}/jobs`, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: 'by-hand',
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }],
      },
      spec: owner.spec.jobTemplate.spec,
    });
    await eventually(async () =>
      expect(await saidOf(t, namespace, 'idle')).toContain(
        'Warning UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand',
      ),
    );
  },
);

conformanceCase(
  {
    title: 'says so when the schedule of a CronJob never comes',
    source: 'concepts/workloads/controllers/cron-jobs: schedule syntax',
  },
  async (t) => {
    const namespace = await t.namespace();
    await t.create(`/apis/batch/v1/namespaces/${namespace}/cronjobs`, cronJob('never', { schedule: '0 0 31 2 *' }));
    await eventually(async () =>
      expect(await saidOf(t, namespace, 'never')).toContain(
        'Warning InvalidSchedule: invalid schedule: 0 0 31 2 * : time difference between two schedules is less than 1 second',
      ),
    );
  },
);
