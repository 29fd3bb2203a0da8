import { describe, expect, it } from 'vitest';
import { makePod } from '../testing/make-objects.ts';
import { summarizePod } from './pod-summary.ts';

const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const waiting = (reason?: string) => ({ waiting: reason === undefined ? {} : { reason } });
const ended = (exitCode: number, reason?: string, signal?: number) => ({ terminated: { exitCode, reason, signal } });
const status = (name: string, state: object, more: object = {}) => ({
  name,
  state,
  ready: false,
  restartCount: 0,
  image: '',
  imageID: '',
  ...more,
});
const isTrue = (type: string) => ({ type, status: 'True' });
const oneContainer = { containers: [{ name: 'a' }] };
const twoContainers = { containers: [{ name: 'a' }, { name: 'b' }] };
const withInit = { containers: [{ name: 'a' }], initContainers: [{ name: 'i' }, { name: 'j' }] };
const withSidecar = { containers: [{ name: 'a' }], initContainers: [{ name: 's', restartPolicy: 'Always' }] };
const deleted = { deletionTimestamp: '2026-01-01T00:00:00Z' };

describe('summarizePod', () => {
  it.each([
    ['the phase while nothing else is known', { spec: oneContainer, status: { phase: 'Pending' } }, 'Pending', '0/1'],
    [
      'Running with a ready container',
      { spec: oneContainer, status: { phase: 'Running', containerStatuses: [status('a', running, { ready: true })] } },
      'Running',
      '1/1',
    ],
    [
      "the pod's own reason before its phase",
      { spec: oneContainer, status: { phase: 'Failed', reason: 'Evicted' } },
      'Evicted',
      '0/1',
    ],
    [
      'SchedulingGated while a gate is closed',
      {
        spec: oneContainer,
        status: {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
        },
      },
      'SchedulingGated',
      '0/1',
    ],
    [
      "a waiting container's reason",
      {
        spec: oneContainer,
        status: { phase: 'Running', containerStatuses: [status('a', waiting('CrashLoopBackOff'))] },
      },
      'CrashLoopBackOff',
      '0/1',
    ],
    [
      "the first container's reason before the second's",
      {
        spec: twoContainers,
        status: {
          phase: 'Pending',
          containerStatuses: [status('a', waiting('ErrImagePull')), status('b', waiting('ContainerCreating'))],
        },
      },
      'ErrImagePull',
      '0/2',
    ],
    [
      'Completed for a pod that has ended',
      { spec: oneContainer, status: { phase: 'Succeeded', containerStatuses: [status('a', ended(0, 'Completed'))] } },
      'Completed',
      '0/1',
    ],
    [
      'Running where one container has completed and the pod is ready',
      {
        spec: twoContainers,
        status: {
          phase: 'Running',
          conditions: [isTrue('Ready')],
          containerStatuses: [status('a', ended(0, 'Completed')), status('b', running, { ready: true })],
        },
      },
      'Running',
      '1/2',
    ],
    [
      'NotReady where one container has completed and the pod is not ready',
      {
        spec: twoContainers,
        status: {
          phase: 'Running',
          containerStatuses: [status('a', ended(0, 'Completed')), status('b', running, { ready: true })],
        },
      },
      'NotReady',
      '1/2',
    ],
    [
      'the exit code of an end without reason',
      { spec: oneContainer, status: { phase: 'Failed', containerStatuses: [status('a', ended(3))] } },
      'ExitCode:3',
      '0/1',
    ],
    [
      'the signal of an end without reason',
      { spec: oneContainer, status: { phase: 'Failed', containerStatuses: [status('a', ended(137, '', 9))] } },
      'Signal:9',
      '0/1',
    ],
    [
      'how many init containers are done',
      {
        spec: withInit,
        status: {
          phase: 'Pending',
          initContainerStatuses: [status('i', ended(0, 'Completed')), status('j', waiting('PodInitializing'))],
          containerStatuses: [status('a', waiting('PodInitializing'))],
        },
      },
      'Init:1/2',
      '0/1',
    ],
    [
      "a waiting init container's reason",
      {
        spec: withInit,
        status: { phase: 'Pending', initContainerStatuses: [status('i', waiting('ImagePullBackOff'))] },
      },
      'Init:ImagePullBackOff',
      '0/1',
    ],
    [
      "a failed init container's reason",
      { spec: withInit, status: { phase: 'Pending', initContainerStatuses: [status('i', ended(1, 'Error'))] } },
      'Init:Error',
      '0/1',
    ],
    [
      'the exit code of an init container without reason',
      { spec: withInit, status: { phase: 'Pending', initContainerStatuses: [status('i', ended(2))] } },
      'Init:ExitCode:2',
      '0/1',
    ],
    [
      'the signal of an init container without reason',
      { spec: withInit, status: { phase: 'Pending', initContainerStatuses: [status('i', ended(137, '', 9))] } },
      'Init:Signal:9',
      '0/1',
    ],
    [
      'a running sidecar among the ready ones',
      {
        spec: withSidecar,
        status: {
          phase: 'Running',
          initContainerStatuses: [status('s', running, { ready: true, started: true })],
          containerStatuses: [status('a', running, { ready: true })],
        },
      },
      'Running',
      '2/2',
    ],
    [
      'a sidecar that has not started as init container',
      {
        spec: withSidecar,
        status: { phase: 'Pending', initContainerStatuses: [status('s', running, { started: false })] },
      },
      'Init:0/1',
      '0/2',
    ],
    [
      'what the containers do while a restarted init container runs again',
      {
        spec: withInit,
        status: {
          phase: 'Running',
          conditions: [isTrue('Initialized')],
          initContainerStatuses: [status('i', running)],
          containerStatuses: [status('a', waiting('CrashLoopBackOff'))],
        },
      },
      'CrashLoopBackOff',
      '0/1',
    ],
    [
      'Terminating for a pod that is being deleted',
      { metadata: deleted, spec: oneContainer, status: { phase: 'Running' } },
      'Terminating',
      '0/1',
    ],
    [
      'not Terminating for a deleted pod that has ended (refused)',
      {
        metadata: deleted,
        spec: oneContainer,
        status: { phase: 'Succeeded', containerStatuses: [status('a', ended(0, 'Completed'))] },
      },
      'Completed',
      '0/1',
    ],
    [
      'Unknown for a deleted pod on a lost node',
      { metadata: deleted, spec: oneContainer, status: { phase: 'Running', reason: 'NodeLost' } },
      'Unknown',
      '0/1',
    ],
    ['Unknown for a pod without status', { spec: oneContainer }, 'Unknown', '0/1'],
  ])('says %s', (_name, pod, reason, readiness) => {
    const summary = summarizePod(makePod(pod));
    expect({ reason: summary.reason, readiness: `${summary.readyContainers}/${summary.totalContainers}` }).toEqual({
      reason,
      readiness,
    });
  });

  it('counts restarts of containers and sidecars once the pod is initialized, and tells the last', () => {
    const crashed = (finishedAt: string) => ({ lastState: { terminated: { exitCode: 1, finishedAt } } });
    const pod = makePod({
      spec: { ...twoContainers, initContainers: [{ name: 'i' }, { name: 's', restartPolicy: 'Always' }] },
      status: {
        phase: 'Running',
        initContainerStatuses: [
          status('i', ended(0), { restartCount: 7, ...crashed('2026-01-09T00:00:00Z') }),
          status('s', running, { started: true, ready: true, restartCount: 1, ...crashed('2026-01-02T00:00:00Z') }),
        ],
        containerStatuses: [
          status('a', running, { restartCount: 2, ...crashed('2026-01-03T00:00:00Z') }),
          status('b', running, { restartCount: 3, ...crashed('2026-01-01T00:00:00Z') }),
        ],
      },
    });
    expect(summarizePod(pod)).toMatchObject({ restartCount: 6, lastRestartedAt: '2026-01-03T00:00:00Z' });
  });

  it('counts restarts of init containers while they run', () => {
    const pod = makePod({
      spec: withInit,
      status: {
        phase: 'Pending',
        initContainerStatuses: [status('i', waiting('CrashLoopBackOff'), { restartCount: 4 })],
      },
    });
    expect(summarizePod(pod)).toMatchObject({ restartCount: 4, lastRestartedAt: undefined });
  });
});
