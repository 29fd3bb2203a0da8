import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CronJob, Job } from './kubernetes-shapes.ts';
import { startTestCluster, type TestCluster, testTemplate } from './testing/start-test-cluster.ts';
import { timestamp } from './timestamp.ts';

const minute = 60_000;
let cluster: TestCluster;

beforeEach(() => {
  // Midnight of 1 January 2026.
  cluster = startTestCluster({ nodes: 0 });
});

afterEach(async () => {
  expect(cluster.complaints).toEqual([]);
  await cluster.stop();
});

function createCronJob(spec: object = {}): CronJob {
  const template = testTemplate('tick', { podSpec: { restartPolicy: 'Never' } });
  return cluster.create('batch', 'cronjobs', {
    metadata: { name: 'tick' },
    spec: { schedule: '*/10 * * * *', jobTemplate: { spec: { template } }, ...spec },
  }) as CronJob;
}

const cronJob = (): CronJob => cluster.get<CronJob>('batch', 'cronjobs', 'tick');
const jobs = (): string[] => cluster.list<Job>('batch', 'jobs').map(({ metadata }) => metadata.name);
const said = (): string[] =>
  cluster
    .events()
    .filter(({ involvedObject }) => involvedObject.kind === 'CronJob')
    .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);

/** Jobs end by what is written into their status: there are no nodes here. */
function finish(name: string, type: 'Complete' | 'Failed' = 'Complete'): void {
  const job = cluster.get<Job>('batch', 'jobs', name);
  const now = timestamp(cluster.clock.now());
  const conditions = [
    { type: type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget', status: 'True', lastTransitionTime: now },
    { type, status: 'True', lastTransitionTime: now },
  ];
  const status = {
    ...job.status,
    active: 0,
    ready: 0,
    conditions,
    ...(type === 'Complete' ? { completionTime: now } : {}),
  };
  cluster.store.updateStatus(cluster.store.resource('batch', 'jobs'), { ...job, status });
  cluster.clock.advance(0);
}

/** Minutes since the epoch, by which Jobs are named. */
const named = (time: string): string => `tick-${Date.parse(time) / minute}`;

describe('a CronJob', () => {
  it('makes a Job at its time, in its zone, and lists it as active until it has ended', () => {
    createCronJob({ schedule: '0 9 * * *', timeZone: 'Asia/Tokyo' });
    cluster.clock.advance(1);
    expect(jobs()).toEqual([]);
    cluster.clock.advance(24 * 60 * minute);
    const job = cluster.get<Job>('batch', 'jobs', named('2026-01-02T00:00:00Z'));
    expect(jobs()).toEqual([job.metadata.name]);
    expect(job.metadata.annotations).toEqual({
      'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-02T09:00:00+09:00',
    });
    expect(cronJob().status).toMatchObject({
      lastScheduleTime: '2026-01-02T00:00:00Z',
      active: [{ apiVersion: 'batch/v1', kind: 'Job', name: job.metadata.name, uid: job.metadata.uid }],
    });
    cluster.clock.advance(minute);
    finish(job.metadata.name);
    expect(cronJob().status).toEqual({
      lastScheduleTime: '2026-01-02T00:00:00Z',
      lastSuccessfulTime: '2026-01-02T00:01:00Z',
    });
    expect(said()).toEqual([
      `Normal SuccessfulCreate: Created job ${job.metadata.name}`,
      `Normal SawCompletedJob: Saw completed job: ${job.metadata.name}, condition: Complete`,
    ]);
  });

  it('keeps as many ended Jobs as its limits say, the newest', () => {
    createCronJob({ successfulJobsHistoryLimit: 2, failedJobsHistoryLimit: 0 });
    for (const type of ['Complete', 'Failed', 'Complete', 'Complete'] as const) {
      cluster.clock.advance(10 * minute);
      const [newest = ''] = jobs().sort().slice(-1);
      finish(newest, type);
    }
    expect(jobs()).toEqual([named('2026-01-01T00:30:00Z'), named('2026-01-01T00:40:00Z')]);
    expect(said()).toContain(`Normal SuccessfulDelete: Deleted job ${named('2026-01-01T00:10:00Z')}`);
    // What is cleared away at once is not seen to have completed.
    expect(said().filter((line) => line.includes(named('2026-01-01T00:20:00Z')))).toEqual([
      `Normal SuccessfulCreate: Created job ${named('2026-01-01T00:20:00Z')}`,
      `Normal SuccessfulDelete: Deleted job ${named('2026-01-01T00:20:00Z')}`,
    ]);
  });

  it('starts no Job beside one that runs where that is forbidden (refused)', () => {
    createCronJob({ concurrencyPolicy: 'Forbid' });
    cluster.clock.advance(20 * minute);
    expect(jobs()).toEqual([named('2026-01-01T00:10:00Z')]);
    const why = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    expect(said()).toContain(`Normal JobAlreadyActive: ${why}`);
    finish(named('2026-01-01T00:10:00Z'));
    expect(jobs()).toContain(named('2026-01-01T00:20:00Z'));
  });

  it('replaces the Job that runs where told to', () => {
    createCronJob({ concurrencyPolicy: 'Replace' });
    cluster.clock.advance(20 * minute);
    expect(jobs()).toEqual([named('2026-01-01T00:20:00Z')]);
    expect(cronJob().status?.active).toHaveLength(1);
    expect(said()).toContain(`Normal SuccessfulDelete: Deleted job ${named('2026-01-01T00:10:00Z')}`);
  });

  it('does nothing while suspended, then makes up for the newest time it missed', () => {
    createCronJob({ suspend: true });
    cluster.clock.advance(25 * minute);
    expect(jobs()).toEqual([]);
    cluster.change('batch', 'cronjobs', 'tick', (draft) => {
      draft.spec.suspend = false;
    });
    cluster.clock.advance(0);
    expect(jobs()).toEqual([named('2026-01-01T00:20:00Z')]);
    expect(cronJob().status?.lastScheduleTime).toBe('2026-01-01T00:20:00Z');
  });

  it('makes up for nothing that is older than its deadline (refused)', () => {
    createCronJob({ suspend: true, startingDeadlineSeconds: 60 });
    cluster.clock.advance(25 * minute);
    cluster.change('batch', 'cronjobs', 'tick', (draft) => {
      draft.spec.suspend = false;
    });
    cluster.clock.advance(0);
    expect(jobs()).toEqual([]);
    cluster.clock.advance(5 * minute);
    expect(jobs()).toEqual([named('2026-01-01T00:30:00Z')]);
  });

  it('warns of more than a hundred missed times, and starts all the same', () => {
    createCronJob({ suspend: true, schedule: '* * * * *' });
    cluster.clock.advance(200 * minute);
    cluster.change('batch', 'cronjobs', 'tick', (draft) => {
      draft.spec.suspend = false;
    });
    cluster.clock.advance(0);
    expect(jobs()).toEqual([named('2026-01-01T03:20:00Z')]);
    expect(said()).toContain(
      'Warning TooManyMissedTimes: too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
    );
  });

  it('reckons with a new schedule from the change on', () => {
    createCronJob({ schedule: '0 12 * * *' });
    cluster.clock.advance(25 * minute);
    cluster.change('batch', 'cronjobs', 'tick', (draft) => {
      draft.spec.schedule = '*/10 * * * *';
    });
    cluster.clock.advance(minute);
    expect(jobs()).toEqual([]);
    cluster.clock.advance(4 * minute);
    expect(jobs()).toEqual([named('2026-01-01T00:30:00Z')]);
  });

  it('tells of Jobs that others made in its name, and of active ones that went missing', () => {
    const { metadata, spec } = createCronJob();
    cluster.clock.advance(10 * minute);
    cluster.create('batch', 'jobs', {
      metadata: {
        name: 'by-hand',
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'CronJob', name: 'tick', uid: metadata.uid, controller: true },
        ],
      },
      spec: spec.jobTemplate.spec,
    });
    cluster.clock.advance(0);
    const name = named('2026-01-01T00:10:00Z');
    cluster.remove('batch', 'jobs', name, { propagationPolicy: 'Background' });
    cluster.clock.advance(0);
    expect(said()).toContain('Warning UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand');
    expect(said()).toContain(`Normal MissingJob: Active job went missing: ${name}`);
    expect(cronJob().status).not.toHaveProperty('active');
  });

  it('lists one Job once, however often its minute comes by', () => {
    createCronJob({ schedule: '@every 10s', concurrencyPolicy: 'Forbid' });
    cluster.clock.advance(55_000);
    expect(jobs()).toEqual([named('2026-01-01T00:00:00Z')]);
    expect(cronJob().status?.active).toHaveLength(1);
    expect(said()).toEqual([`Normal SuccessfulCreate: Created job ${named('2026-01-01T00:00:00Z')}`]);
  });

  it('says so when its schedule never comes (refused)', () => {
    createCronJob({ schedule: '0 0 31 2 *' });
    cluster.clock.advance(0);
    const why = 'time difference between two schedules is less than 1 second';
    expect(said()).toEqual([`Warning InvalidSchedule: invalid schedule: 0 0 31 2 * : ${why}`]);
  });
});
