import fc from 'fast-check';
import { origin } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import type { ApplicationState, WorkloadObject } from '../../api.ts';
import { applicationState, observeWorkloads, standingOf, type WorkloadStanding } from './application-state.ts';

const kinds = {
  Deployment: ['apps', 'v1'],
  StatefulSet: ['apps', 'v1'],
  DaemonSet: ['apps', 'v1'],
  Job: ['batch', 'v1'],
  CronJob: ['batch', 'v1'],
} as const;

function workload(kind: keyof typeof kinds, spec: object, status: object = {}): WorkloadObject {
  const [group, version] = kinds[kind];
  const metadata = { name: 'one', namespace: 'shop', uid: 'u1', resourceVersion: '1' };
  const object = { apiVersion: `${group}/${version}`, kind, metadata, spec, status };
  return { ...object, [origin]: { cluster: 'c1', group, version, kind } } as unknown as WorkloadObject;
}

const replicas = (wanted: number, ready: number, more: object = {}) =>
  workload(
    'Deployment',
    { replicas: wanted, ...more },
    { replicas: wanted, updatedReplicas: wanted, availableReplicas: ready, readyReplicas: ready },
  );
const rolledOut = { conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }] };
const broken = workload(
  'Deployment',
  { replicas: 2 },
  { replicas: 2, updatedReplicas: 2, availableReplicas: 0, ...rolledOut },
);

describe('standingOf', () => {
  it.each<{ name: string; object: WorkloadObject; standing: WorkloadStanding }>([
    { name: 'a Deployment with all its pods runs', object: replicas(2, 2), standing: 'RUNNING' },
    { name: 'one on its way is processing', object: replicas(2, 1), standing: 'PROCESSING' },
    { name: 'one without ready pods is not ready', object: broken, standing: 'NOT_READY' },
    { name: 'one scaled to nothing is stopped', object: replicas(0, 0), standing: 'STOPPED' },
    { name: 'a paused one whose pods are ready runs', object: replicas(2, 2, { paused: true }), standing: 'RUNNING' },
    { name: 'a paused one without pods is stopped', object: replicas(0, 0, { paused: true }), standing: 'STOPPED' },
    {
      name: 'a paused one that lacks pods is not ready',
      object: replicas(2, 1, { paused: true }),
      standing: 'NOT_READY',
    },
    { name: 'a suspended CronJob is stopped', object: workload('CronJob', { suspend: true }), standing: 'STOPPED' },
    { name: 'a CronJob runs', object: workload('CronJob', {}), standing: 'RUNNING' },
    {
      name: 'a Job that has succeeded is finished',
      object: workload('Job', {}, { conditions: [{ type: 'Complete', status: 'True' }] }),
      standing: 'FINISHED',
    },
    {
      name: 'a Job that has failed is not ready',
      object: workload('Job', {}, { conditions: [{ type: 'Failed', status: 'True' }] }),
      standing: 'NOT_READY',
    },
  ])('$name (CMP-39)', ({ object, standing }) => {
    expect(standingOf(object)).toBe(standing);
  });
});

const nothing = { running: 0, stopped: 0, notReady: 0, processing: 0 };

describe('applicationState', () => {
  it.each<{ counts: Partial<typeof nothing>; finished?: number; state: ApplicationState }>([
    { counts: {}, state: 'NO_WORKLOAD' },
    { counts: { running: 2 }, state: 'RUNNING' },
    { counts: { stopped: 2 }, state: 'STOPPED' },
    { counts: { notReady: 2 }, state: 'NOT_READY' },
    { counts: { processing: 1 }, state: 'PROCESSING' },
    { counts: { running: 1, stopped: 1 }, state: 'PROCESSING' },
    { counts: { running: 1, notReady: 1 }, state: 'PROCESSING' },
    { counts: { stopped: 1, notReady: 1 }, state: 'PROCESSING' },
    { counts: { running: 1 }, finished: 1, state: 'RUNNING' },
    { counts: {}, finished: 1, state: 'STOPPED' },
  ])('is $state of $counts and $finished finished Jobs (CMP-39)', ({ counts, finished = 0, state }) => {
    const all = { ...nothing, ...counts };
    const total = all.running + all.stopped + all.notReady + all.processing + finished;
    expect(applicationState({ total, ...all })).toBe(state);
  });

  it('is the one state that all workloads share, else PROCESSING, in whatever order they come (CMP-39)', () => {
    const samples = fc.constantFrom(replicas(2, 2), replicas(0, 0), replicas(2, 1), broken);
    const states: Readonly<Partial<Record<WorkloadStanding, ApplicationState>>> = {
      RUNNING: 'RUNNING',
      STOPPED: 'STOPPED',
      NOT_READY: 'NOT_READY',
      PROCESSING: 'PROCESSING',
    };
    fc.assert(
      fc.property(fc.array(samples, { minLength: 1, maxLength: 8 }), (workloads) => {
        const standings = new Set(workloads.map(standingOf));
        const [only] = standings;
        const expected = standings.size === 1 && only ? states[only] : 'PROCESSING';
        expect(observeWorkloads(workloads).state).toBe(expected);
        expect(observeWorkloads([...workloads].reverse())).toEqual(observeWorkloads(workloads));
      }),
    );
  });
});
